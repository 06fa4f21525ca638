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
  const lines = trainingRows(rows, shape.value as FineTuningTarget);
  const [first] = lines;
  if (first === undefined) return null;
  return (
    <section class="card stack" aria-labelledby={id}>
      <h2 id={id}>What the next round would train on</h2>
      <p class="small">
        {plural(lines.length, "completion")} of {name}, each after the rewards that it got in place of those
        asked for
        {lines.length < rows.length && `; ${plural(rows.length - lines.length, "empty one")} left out`}.
      </p>
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
    </section>
  );
}
