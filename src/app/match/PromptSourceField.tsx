import { useId, useState } from "preact/hooks";
import { ErrorNote } from "../components/ErrorNote";
import { FileDrop } from "../components/FileDrop";
import { PROMPT_FILES } from "../components/fileEndings";
import { SkipLines } from "../components/SkipLines";
import { plural } from "../format";
import { prompts as settings } from "../settings";
import { file, OWN, reading, readSource, skipMalformed, source, sourceError, takeOwn } from "./promptSource";

/** Which prompts a run uses, and the way to take others: a file, or typed here. */
export function PromptSourceField() {
  const id = useId();
  const [opened, setOpened] = useState(false);
  const { name, count } = source.value;
  const survey = file.value?.survey;
  const typed = settings.typed.value;
  return (
    <div class="field">
      <span class="label" id={`${id}-label`}>
        Prompts
      </span>
      <FileDrop
        label="Prompts, JSON Lines or text"
        action="Load a file"
        accept={PROMPT_FILES}
        labelledBy={`${id}-label`}
        onFiles={([chosen]) => void readSource(chosen as File)}
        buttons={
          source.value !== OWN && (
            <button type="button" onClick={takeOwn}>
              Use our own set
            </button>
          )
        }
      >
        <p role="status">
          {reading.value !== null ? (
            `Reading ${reading.value}…`
          ) : (
            <>
              {plural(count, "prompt")} <span class="soft">from {name}</span>
            </>
          )}
        </p>
      </FileDrop>
      {sourceError.value !== null && <ErrorNote error={sourceError.value} />}
      {survey && source.value.typed === undefined && (
        <SkipLines bad={survey.bad} first={survey.firstBad} skip={skipMalformed} />
      )}
      <details open={opened || typed !== ""} onToggle={(event) => setOpened(event.currentTarget.open)}>
        <summary>Type prompts</summary>
        <div class="field">
          <label class="label" for={id}>
            Prompts, one a line
          </label>
          <textarea
            id={id}
            rows={4}
            value={typed}
            onInput={(event) => {
              settings.typed.value = event.currentTarget.value;
            }}
          />
        </div>
      </details>
      <span class="small soft">
        A file, gzipped or not, has a question a line, JSON Lines as <code>{'{"prompt": "…"}'}</code> or{" "}
        <code>{'{"prompt_dialogue": "…"}'}</code>, or CSV with such a column.
      </span>
    </div>
  );
}
