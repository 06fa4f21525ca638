import { useSignal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { FineTuningTarget } from "../../domain/fineTuning";
import type { Row } from "../../domain/row";
import { trainingRows } from "../../experiments/studies/trainingRows";
import { SelectField } from "../components/SelectField";
import { SHAPES } from "../dataset/shapes";
import { download } from "../download";
import { plural } from "../format";

interface TrainingCardProps {
  /** The condition that they are of. */
  readonly name: string;
  readonly rows: readonly Row[];
}

/** What the next round would train on: what the policy wrote, after the rewards that it got. */
export function TrainingCard({ name, rows }: TrainingCardProps) {
  const id = useId();
  const shape = useSignal<string>("local" satisfies FineTuningTarget);
  const { lines, unusable } = trainingRows(rows, shape.value as FineTuningTarget);
  const [first] = lines;
  if (first === undefined && unusable === 0) return null;
  const empty = rows.length - lines.length - unusable;
  const leftOut = [
    ...(empty > 0 ? [plural(empty, "empty one")] : []),
    ...(unusable > 0 ? [`${plural(unusable, "one")} whose prompt reads like another dialogue`] : []),
  ];
  return (
    <section class="card stack" aria-labelledby={id}>
      <h2 id={id}>What the next round would train on</h2>
      <p class="small">
        {plural(lines.length, "completion")} of {name}, each after the rewards that it got in place of those
        asked for
        {leftOut.length > 0 && `; left out: ${leftOut.join(", ")}`}.
      </p>
      {first !== undefined && (
        <>
          <div class="fields fields-two">
            <SelectField label="Rows for" setting={shape} choices={SHAPES} />
          </div>
          <pre class="written">{JSON.stringify(JSON.parse(first), null, 2)}</pre>
          <div class="line">
            <button
              type="button"
              onClick={() => download(`training-${name}.jsonl`, "application/jsonl", lines.join(""))}
            >
              Save the rows
            </button>
          </div>
        </>
      )}
    </section>
  );
}
