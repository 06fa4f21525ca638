import { useId } from "preact/hooks";
import { ErrorNote } from "../components/ErrorNote";
import { FileDrop } from "../components/FileDrop";
import { plural } from "../format";
import { OWN, reading, readSource, source, sourceError } from "./promptSource";

/** Which prompts the match uses, and the way to load others. */
export function PromptSourceField() {
  const id = useId();
  const { name, prompts } = source.value;
  return (
    <div class="field">
      <span class="label" id={`${id}-label`}>
        Prompts
      </span>
      <FileDrop
        label="Prompts in JSON Lines"
        action="Load a file"
        accept=".jsonl,.ndjson,.json,.gz"
        labelledBy={`${id}-label`}
        onFiles={([file]) => void readSource(file as File)}
        buttons={
          source.value !== OWN && (
            <button
              type="button"
              onClick={() => {
                source.value = OWN;
                sourceError.value = null;
              }}
            >
              Use our own set
            </button>
          )
        }
      >
        <p>
          {reading.value !== null ? (
            `Reading ${reading.value}…`
          ) : (
            <>
              {plural(prompts.length, "prompt")} <span class="soft">from {name}</span>
            </>
          )}
        </p>
      </FileDrop>
      {sourceError.value !== null && <ErrorNote error={sourceError.value} />}
      <span class="small soft">
        JSON Lines, gzipped or not: <code>{'{"prompt": "…"}'}</code> or{" "}
        <code>{'{"prompt_dialogue": "…"}'}</code>.
      </span>
    </div>
  );
}
