import type { Signal } from "@preact/signals";
import { parseTranscript } from "../../domain/dialogue";
import { AXES } from "../../domain/reward";
import type { Row } from "../../domain/row";
import { CloseButton } from "../components/CloseButton";
import { Meter } from "../components/Meter";
import { engine } from "../engine/engine";
import { decimal, plural } from "../format";
import { policyAxes } from "../models/manifest";
import { replaceTurns } from "../play/replaceTurns";
import { fitsEditor } from "../play/turns";
import { linkTo, play } from "../settings";

interface RowDetailProps {
  readonly row: Row;
  /** Of the run compared with. */
  readonly other: boolean;
  readonly active: Signal<string>;
}

/** One row of a run: its prompt, what was asked, what came. */
export function RowDetail({ row, other, active }: RowDetailProps) {
  const turns = parseTranscript(row.prompt);
  const fits = fitsEditor(turns);
  // A dial that Play's policy knows always asks for something.
  const dials = engine.remote.value === null ? policyAxes.value : AXES;
  const unasked = dials.filter((axis) => row.target[axis] === undefined);
  return (
    <section class="card stack opened" aria-label={`Row ${row.row}`}>
      <header class="line">
        <h2>Row {row.row}</h2>
        <span class="small soft grow-text">
          {other && "run compared with, "}
          {row.condition !== undefined && `${row.condition}, `}
          seed {row.seed}, {plural(row.tokens, "token")}
          {row.logprob !== null && `, log-probability ${decimal(row.logprob, 1)}`}
        </span>
        <button
          type="button"
          class="quiet"
          disabled={!fits || unasked.length > 0}
          onClick={() => {
            replaceTurns(
              turns.map(({ text }) => text),
              "The row's prompt took the place of what was there.",
            );
            for (const axis of AXES) {
              const asked = row.target[axis];
              if (asked !== undefined) play[axis].value = asked.toFixed(2);
            }
            location.hash = linkTo("play");
          }}
        >
          Open in Play
        </button>
        <CloseButton active={active} />
      </header>
      {!fits && (
        <p class="small soft">Play cannot open this prompt: human and assistant do not take turns in it.</p>
      )}
      {unasked.length > 0 && (
        <p class="small soft">
          Play cannot open this row: it asks for no {unasked.join(" and no ")} reward, and a dial always asks
          for one.
        </p>
      )}
      <div class="row-columns">
        <div class="stack">
          {turns.map(({ speaker, text }, index) => (
            <div key={index}>
              <h3 class="soft">{speaker === "human" ? "Human" : "Assistant"}</h3>
              <p class="said">{text}</p>
            </div>
          ))}
          <details>
            <summary>The exact prompt</summary>
            <p class="said small">{row.prompted}</p>
          </details>
        </div>
        <div class="stack">
          <div>
            <h3 class="soft">Completion</h3>
            <p class="said">{row.completion || <span class="soft">(an empty answer)</span>}</p>
          </div>
          {row.heldout && (
            <p class="small soft">
              By the second judge: helpful {decimal(row.heldout.helpful)}, harmless{" "}
              {decimal(row.heldout.harmless)}.
            </p>
          )}
          {AXES.map((axis) => (
            <Meter key={axis} axis={axis} target={row.target[axis]} actual={row.actual[axis]} />
          ))}
        </div>
      </div>
    </section>
  );
}
