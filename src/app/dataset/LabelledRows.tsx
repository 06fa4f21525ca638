import { useId } from "preact/hooks";
import { AXES } from "../../domain/reward";
import { AXIS_LABELS } from "../components/Dial";
import { ErrorNote } from "../components/ErrorNote";
import { count } from "../format";
import { files, overview, style } from "./datasetFile";
import { labelledError, labelledRows } from "./labelledRows";
import { RewardHistogram } from "./RewardHistogram";

/** The rewards of what has been labelled, and the first rows as they will stand in the file. */
export function LabelledRows() {
  const id = useId();
  const found = labelledRows.value;
  if (labelledError.value !== null) return <ErrorNote error={labelledError.value} />;
  if (!found || found.files !== files.value || !overview.value?.labelled) {
    return (
      <p class="empty soft">
        Turn questions and answers into training data: the judge scores each answer, and its rewards are
        written into the prompt. A model that is fine-tuned on the rows can then be asked for rewards.
      </p>
    );
  }
  return (
    <section class="card stack" aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`}>Rewards of {count(overview.value.labelled)} completions</h2>
        <span class="small soft">{style.value?.normaliser}</span>
      </header>
      <div class="scatters">
        {AXES.map((axis) => (
          <figure key={axis}>
            <figcaption>
              <strong class={axis}>{AXIS_LABELS[axis]}</strong>
            </figcaption>
            <RewardHistogram axis={axis} bins={found.bins[axis]} />
          </figure>
        ))}
      </div>
      <details>
        <summary>
          The first rows, exactly as they are written{" "}
          <span class="soft">public preference data has offensive text in places</span>
        </summary>
        <ul class="stack">
          {found.first.map((row) => (
            <li key={row.text} class="stack row-written">
              <span class="small soft">
                From line {row.line}, to {row.split === "train" ? "train" : "validate"}, {row.tokens} tokens
              </span>
              <pre class="written">{row.text.trimEnd()}</pre>
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}
