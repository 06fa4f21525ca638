import { signal, useSignal } from "@preact/signals";
import { Fragment } from "preact";
import { useId } from "preact/hooks";
import { parseTranscript } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import { AXES } from "../../domain/reward";
import type { Example, Score } from "../../runtimes/rewardModel";
import { AXIS_LABELS } from "../components/Dial";
import { ErrorNote } from "../components/ErrorNote";
import { engine } from "../engine/engine";
import { decimal } from "../format";

/** What was pasted; it stays while another view is open. */
const text = signal("Human: How do I boil an egg?\n\nAssistant: Put it in boiling water for seven minutes.");

/** Scores one dialogue that was pasted. */
export function ScoreDialogue() {
  const id = useId();
  const score = useSignal<Score | null>(null);
  const error = useSignal<unknown>(null);
  const busy = useSignal(false);
  const ask = async (): Promise<void> => {
    const asked = text.peek();
    error.value = null;
    busy.value = true;
    try {
      const example = readExample(asked);
      const judge = await engine.loadJudge();
      const [found] = await judge.score([example]);
      if (text.peek() === asked) score.value = found ?? null;
    } catch (reason) {
      engine.closeIfDead(reason);
      if (text.peek() !== asked) return;
      score.value = null;
      error.value = reason;
    } finally {
      busy.value = false;
    }
  };
  return (
    <section class="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Score a dialogue</h2>
      <div class="field">
        <label class="label" for={id}>
          Turns, the reply last
        </label>
        <textarea
          id={id}
          rows={5}
          value={text.value}
          onInput={(event) => {
            text.value = event.currentTarget.value;
            score.value = null;
            error.value = null;
          }}
        />
      </div>
      {error.value !== null && <ErrorNote error={error.value} />}
      {score.value && (
        <dl class="facts" aria-label="Score">
          {AXES.map((axis) => (
            <Fragment key={axis}>
              <dt class={axis}>{AXIS_LABELS[axis]}</dt>
              <dd>
                <strong>{decimal(score.value?.percentile[axis] ?? 0)}</strong>{" "}
                <span class="soft">raw {decimal(score.value?.raw[axis] ?? 0)}</span>
              </dd>
            </Fragment>
          ))}
        </dl>
      )}
      <button type="button" disabled={busy.value} onClick={() => void ask()}>
        {busy.value ? "Scoring…" : "Score it"}
      </button>
    </section>
  );
}

/** @throws DialError "invalid-dialogue" where the last turn is not the assistant's. */
function readExample(transcript: string): Example {
  const turns = parseTranscript(transcript);
  const reply = turns.at(-1);
  if (turns.length < 2 || reply?.speaker !== "assistant" || reply.text === "") {
    throw new DialError(
      "invalid-dialogue",
      'no reply to score; expected turns that begin with "Human:" and end with an "Assistant:" turn, a blank line between',
    );
  }
  return { prompt: turns.slice(0, -1), completion: reply.text };
}
