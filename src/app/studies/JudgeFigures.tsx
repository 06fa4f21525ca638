import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";
import { AXES } from "../../domain/reward";
import { PUBLISHED_SOURCE } from "../../experiments/studies/published";
import { PUBLISHED_JUDGE } from "../../experiments/studies/publishedJudge";
import { type AxisJudgement, type JudgeSummary, QUANTILES } from "../../experiments/studies/summariseJudge";
import type { Estimate } from "../../experiments/studies/summariseStudy";
import { AXIS_LABELS } from "../components/Dial";
import { Scrollable } from "../components/Scrollable";
import { RewardHistogram } from "../dataset/RewardHistogram";
import { decimal, withInterval } from "../format";
import { CalibrationPlot } from "../plots/CalibrationPlot";
import { PictureButtons } from "../plots/PictureButtons";

interface JudgeFiguresProps {
  readonly summary: JudgeSummary;
  readonly title: string;
  /** More export buttons. */
  readonly children?: ComponentChildren;
}

/** Everything that the pairs say of the judge. */
export function JudgeFigures({ summary, title, children }: JudgeFiguresProps) {
  const plots = useRef<HTMLDivElement>(null);
  const asked = AXES.filter((axis) => summary.pairs[axis].n > 0);
  const { replies } = summary;
  return (
    <>
      <section class="card stack" aria-label="Result">
        <header class="line">
          <p class="grow">
            <strong>{title}</strong> <span class="small soft">scored by the judge that ships</span>
          </p>
          <fieldset class="line exports">
            <legend class="visually-hidden">Export</legend>
            {children}
            <PictureButtons name="reward-model" plots={plots} disabled={false} />
          </fieldset>
        </header>
        <Table label="Accuracy" columns={ACCURACY.map(([name]) => name)}>
          {asked.map((axis) => (
            <tr key={axis}>
              <th scope="row">
                <span class={axis}>{axis}</span> pairs
              </th>
              {ACCURACY.map(([name, text]) => (
                <td key={name}>{text(summary.pairs[axis])}</td>
              ))}
            </tr>
          ))}
        </Table>
        <div class="scatters" ref={plots}>
          {asked.map((axis) => (
            <figure key={axis}>
              <figcaption>
                <strong class={axis}>{AXIS_LABELS[axis]}</strong>{" "}
                <span class="small soft">
                  calibration error{" "}
                  {summary.pairs[axis].ece === null ? "–" : decimal(summary.pairs[axis].ece, 3)}
                </span>
              </figcaption>
              <CalibrationPlot axis={axis} bins={summary.pairs[axis].calibration} />
            </figure>
          ))}
          {AXES.map((axis) => (
            <figure key={axis}>
              <figcaption>
                <strong class={axis}>{AXIS_LABELS[axis]}</strong>{" "}
                <span class="small soft">rewards of all {replies.n} replies</span>
              </figcaption>
              <RewardHistogram axis={axis} bins={replies.bins[axis]} />
            </figure>
          ))}
        </div>
      </section>
      <section class="card stack" aria-labelledby="replies-title">
        <h2 id="replies-title">Rewards of all replies</h2>
        <Table
          label="Rewards"
          columns={[...QUANTILES.map((share) => `${Math.round(share * 100)} %`), "sd", "r with length"]}
        >
          {AXES.map((axis) => (
            <tr key={axis}>
              <th scope="row" class={axis}>
                {AXIS_LABELS[axis]}
              </th>
              {replies.quantiles[axis].map((value, index) => (
                <td key={QUANTILES[index]}>{decimal(value)}</td>
              ))}
              <td>{withInterval(replies.deviation[axis], null)}</td>
              <td>{text(replies.length[axis])}</td>
            </tr>
          ))}
        </Table>
        <p class="small soft">r of the two heads over these replies: {text(replies.heads)}.</p>
      </section>
      <section class="card stack" aria-labelledby="judge-published-title">
        <h2 id="judge-published-title">Original against ours</h2>
        <Table label="Original against ours" columns={[PUBLISHED_SOURCE, "Ours, the run shown"]}>
          {PUBLISHED_JUDGE.map(({ label, value, ours }) => (
            <tr key={label}>
              <th scope="row">{label}</th>
              <td>{decimal(value, 3)}</td>
              <td>{text(ours(summary))}</td>
            </tr>
          ))}
        </Table>
        <p class="small soft">
          Their rewards are probabilities, ours are percentiles: accuracies compare, spreads do not.
        </p>
      </section>
    </>
  );
}

const text = (estimate: Estimate | null): string => withInterval(estimate?.value, estimate?.ci ?? null);

const ACCURACY: readonly (readonly [string, (found: AxisJudgement) => string])[] = [
  ["n", ({ n }) => String(n)],
  ["own head", ({ accuracy }) => text(accuracy)],
  ["other head", ({ cross }) => text(cross)],
  ["both heads", ({ joint }) => text(joint)],
  ["longer reply", ({ longer }) => text(longer)],
  ["second judge agrees", ({ agreement }) => (agreement ? text(agreement) : "not shipped")],
];

interface TableProps {
  readonly label: string;
  readonly columns: readonly string[];
  readonly children: ComponentChildren;
}

function Table({ label, columns, children }: TableProps) {
  return (
    <Scrollable label={label}>
      <table class="numbers">
        <thead>
          <tr>
            <td />
            {columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </Scrollable>
  );
}
