import { useId, useRef } from "preact/hooks";
import { checkPrompt } from "../../domain/dialogue";
import { toast } from "../components/Toast";
import { problem } from "../fields";
import { EXAMPLES, exampleOf, exampleTitled } from "./examples";
import { replaceTurns } from "./replaceTurns";
import { addTurns, dialogue, removeTurn, setTurn, setTurns, turns } from "./turns";

/** The prompt: one question, or a conversation that ends with one. */
export function DialogueEditor() {
  const id = useId();
  const list = useRef<HTMLOListElement>(null);
  const texts = turns.value;
  const error = problem(() => checkPrompt(dialogue.value));
  const last = texts.length - 1;
  const focusTurn = (index: number): void => {
    requestAnimationFrame(() => list.current?.querySelectorAll("textarea")[index]?.focus());
  };
  return (
    <section class="card" aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`}>Dialogue</h2>
        <ExamplePicker />
      </header>
      <ol class="turns" ref={list}>
        {texts.map((text, index) => {
          const human = index % 2 === 0;
          const turn = `${id}-${index}`;
          const invalid = index === last && error !== null;
          return (
            <li key={turn} class={human ? "turn" : "turn turn-assistant"}>
              <div class="line">
                <label class="label grow" for={turn}>
                  {human ? "Human" : "Assistant"}
                </label>
                {human && last > 0 && (
                  <button
                    type="button"
                    class="quiet"
                    onClick={() => {
                      removeTurn(index);
                      focusTurn(Math.min(index, last - 2));
                      toast("Removed a turn and a reply.", () => setTurns(texts));
                    }}
                  >
                    Remove
                    <span class="visually-hidden">
                      {" "}
                      turn {index + 1} and {index === last ? "the reply before it" : "its reply"}
                    </span>
                  </button>
                )}
              </div>
              <textarea
                id={turn}
                rows={2}
                value={text}
                placeholder={human ? "Ask something" : "What the assistant said"}
                onInput={(event) => setTurn(index, event.currentTarget.value)}
                aria-invalid={invalid}
                aria-describedby={invalid ? `${id}-error` : undefined}
              />
            </li>
          );
        })}
      </ol>
      {error && (
        <p class="field-error" id={`${id}-error`}>
          {error}
        </p>
      )}
      <button
        type="button"
        class="quiet add-turn"
        onClick={() => {
          addTurns();
          focusTurn(last + 1);
        }}
      >
        + Reply and next question
      </button>
    </section>
  );
}

/** Shows the example that the turns are, so that the arrow keys walk on from it. */
function ExamplePicker() {
  return (
    <select
      class="example-picker"
      aria-label="Start from an example"
      value={exampleOf(turns.value)?.title ?? ""}
      onChange={(event) => {
        const chosen = exampleTitled(event.currentTarget.value);
        if (chosen) replaceTurns(chosen.turns, "An example took the place of what was there.");
      }}
    >
      <option value="" disabled hidden>
        Examples
      </option>
      {EXAMPLES.map(({ group, prompts }) => (
        <optgroup key={group} label={group}>
          {prompts.map(({ title }) => (
            <option key={title} value={title}>
              {title}
            </option>
          ))}
        </optgroup>
      ))}
    </select>
  );
}
