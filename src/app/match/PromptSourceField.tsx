import { useId, useRef } from "preact/hooks";
import { ErrorNote } from "../components/ErrorNote";
import { plural } from "../format";
import { OWN, reading, readSource, source, sourceError } from "./promptSource";

/** Which prompts the match uses, and the way to load others. */
export function PromptSourceField() {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const { name, prompts } = source.value;
  return (
    <div class="field">
      <span class="label" id={`${id}-label`}>
        Prompts
      </span>
      <fieldset
        class="source"
        aria-labelledby={`${id}-label`}
        onDragOver={(event) => event.preventDefault()}
        onDrop={(event) => {
          event.preventDefault();
          const file = event.dataTransfer?.files[0];
          if (file) void readSource(file);
        }}
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
        <div class="line">
          {source.value !== OWN && (
            <button
              type="button"
              onClick={() => {
                source.value = OWN;
                sourceError.value = null;
              }}
            >
              Use our own set
            </button>
          )}
          <button type="button" onClick={() => input.current?.click()}>
            Load a file
          </button>
          <input
            ref={input}
            type="file"
            class="visually-hidden"
            tabIndex={-1}
            accept=".jsonl,.ndjson,.json,.gz"
            aria-label="Prompts in JSON Lines"
            onChange={(event) => {
              const file = event.currentTarget.files?.[0];
              event.currentTarget.value = "";
              if (file) void readSource(file);
            }}
          />
        </div>
      </fieldset>
      {sourceError.value !== null && <ErrorNote error={sourceError.value} />}
      <span class="small soft">
        JSON Lines, gzipped or not: <code>{'{"prompt": "…"}'}</code> or{" "}
        <code>{'{"prompt_dialogue": "…"}'}</code>.
      </span>
    </div>
  );
}
