import type { Signal } from "@preact/signals";
import { AXES } from "../../domain/reward";
import { copy } from "../clipboard";
import { Meter } from "../components/Meter";
import { toast } from "../components/Toast";
import { plural } from "../format";
import type { PlayRequest, Slot, SlotState } from "./slots";
import { addTurns, setTurns, turns } from "./turns";

interface CompletionCardProps {
  readonly slot: Slot;
  readonly request: PlayRequest;
  readonly running: boolean;
  /** Row that is stressed here and in the plane. */
  readonly active: Signal<number | null>;
}

export function CompletionCard({ slot, request, running, active }: CompletionCardProps) {
  const state = slot.state.value;
  const text = slot.text.value;
  const writing = running && (state.kind === "writing" || state.kind === "waiting");
  const stress = (row: number | null) => () => {
    active.value = row;
  };
  return (
    <li
      class={active.value === slot.index ? "card completion active" : "card completion"}
      onPointerEnter={stress(slot.index)}
      onPointerLeave={stress(null)}
      onFocusIn={stress(slot.index)}
      onFocusOut={stress(null)}
    >
      <header>
        <h3>
          <span class="visually-hidden">Completion </span>
          {slot.index + 1}
        </h3>
        <span class="small soft">{status(state, request, running)}</span>
      </header>
      <p class={writing ? "completion-text writing" : "completion-text"}>
        {text}
        {text === "" && state.kind === "done" && <span class="soft">(an empty answer)</span>}
      </p>
      {state.kind === "done" && (
        <footer class="stack">
          {AXES.map((axis) => (
            <Meter key={axis} axis={axis} target={request.target[axis]} actual={state.row.actual[axis]} />
          ))}
          <div class="line completion-actions">
            <button type="button" class="quiet" onClick={() => void copy(text)}>
              Copy<span class="visually-hidden"> completion {slot.index + 1}</span>
            </button>
            <button
              type="button"
              class="quiet"
              onClick={() => {
                const before = turns.peek();
                setTurns(request.dialogue.map((turn) => turn.text));
                addTurns(text);
                toast("Taken into the dialogue. Write the next question there.", () => setTurns(before));
              }}
            >
              Continue<span class="visually-hidden"> from completion {slot.index + 1}</span>
            </button>
          </div>
        </footer>
      )}
    </li>
  );
}

function status(state: SlotState, { bestOf, sampling }: PlayRequest, running: boolean): string {
  switch (state.kind) {
    case "waiting":
      return running ? "waiting" : "not written";
    case "writing":
      if (!running) return "not finished";
      return bestOf > 1 ? `${state.finished} of ${plural(bestOf, "candidate")}` : "writing";
    case "scoring":
      return running ? "scoring" : "not scored";
    case "done":
      return state.finish === "length"
        ? `cut at ${plural(sampling.maxTokens, "token")}`
        : plural(state.row.tokens, "token");
  }
}
