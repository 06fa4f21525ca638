import type { Signal } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import type { PairLine } from "../../domain/dataLines";
import { AXES } from "../../domain/reward";
import type { JudgedPair, JudgedReply } from "../../experiments/studies/judgePairs";
import { CloseButton } from "../components/CloseButton";
import { AXIS_LABELS } from "../components/Dial";
import { decimal } from "../format";
import { textOf } from "./judgeRun";

/** Time to pass over a point without opening its pair. */
const LINGER_MS = 150;

/** One pair: its prompt, both replies, and what the judges say of each. The text is read from the file. */
export function PairDetail({ pair, active }: { readonly pair: JudgedPair; readonly active: Signal<string> }) {
  const { axis, line } = pair;
  // null where it cannot be read, undefined before.
  const [text, setText] = useState<PairLine | null>();
  useEffect(() => {
    setText(undefined);
    let here = true;
    const timer = setTimeout(() => {
      textOf({ axis, line })
        .catch(() => null)
        .then((found) => here && setText(found));
    }, LINGER_MS);
    return () => {
      here = false;
      clearTimeout(timer);
    };
  }, [axis, line]);
  return (
    <section class="card stack opened" aria-label={`Pair at line ${line}`}>
      <header class="line">
        <h2>Line {line}</h2>
        <span class="small soft grow-text">people chose the more {axis} reply</span>
        <CloseButton active={active} />
      </header>
      {text === null && (
        <p class="small soft" role="status">
          The file could not be read, so only the rewards are shown.
        </p>
      )}
      <div class="row-columns">
        <div class="stack">
          {text?.prompt.map((turn, index) => (
            <div key={index}>
              <h3 class="soft">{turn.speaker === "human" ? "Human" : "Assistant"}</h3>
              <p class="said">{turn.text}</p>
            </div>
          ))}
        </div>
        <div class="stack">
          <Reply title="Chosen" reply={pair.chosen} text={text?.chosen} />
          <Reply title="Rejected" reply={pair.rejected} text={text?.rejected} />
        </div>
      </div>
    </section>
  );
}

interface ReplyProps {
  readonly title: string;
  readonly reply: JudgedReply;
  readonly text: string | undefined;
}

function Reply({ title, reply: { percentile, raw, second }, text }: ReplyProps) {
  return (
    <div class="stack">
      <h3 class="soft">{title}</h3>
      <p class="said">{text}</p>
      <p class="small">
        {AXES.map((axis) => (
          <span key={axis}>
            <span class={axis}>{AXIS_LABELS[axis]}</span> <strong>{decimal(percentile[axis])}</strong>{" "}
            <span class="soft">
              raw {decimal(raw[axis])}
              {second && `, second judge ${decimal(second[axis])}`}
            </span>
            <br />
          </span>
        ))}
      </p>
    </div>
  );
}
