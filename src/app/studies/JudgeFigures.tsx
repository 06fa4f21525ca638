import type { ComponentChildren } from "preact";
import { useMemo, useRef } from "preact/hooks";
import type { Axis } from "../../domain/reward";
import type { RunHeader } from "../../domain/run";
import { errorIfCalibrated } from "../../domain/statistics/calibration";
import type { JudgedPair } from "../../experiments/studies/judgePairs";
import type { JudgeRecording } from "../../experiments/studies/judgeRecording";
import { REWARD_MODEL } from "../../experiments/studies/judgeStudies";
import { PUBLISHED_SOURCE } from "../../experiments/studies/published";
import { PUBLISHED_JUDGE, type PublishedJudgeFigure } from "../../experiments/studies/publishedJudge";
import { type AxisJudgement, type JudgeSummary, QUANTILES } from "../../experiments/studies/summariseJudge";
import { CopyLink } from "../components/CopyLink";
import { AXIS_LABELS } from "../components/Dial";
import { FigureTable } from "../components/FigureTable";
import { RewardHistogram } from "../dataset/RewardHistogram";
import { decimal, estimateText, plural, withInterval } from "../format";
import { PictureButtons } from "../picture/PictureButtons";
import { CalibrationPlot } from "../plots/CalibrationPlot";
import { PairPlot } from "../plots/PairPlot";
import { AxisFilter, axesShown } from "../runs/AxisFilter";
import { aboutRun, comparedWith } from "../runs/aboutRun";
import { studies as settings } from "../settings";

interface JudgeFiguresProps {
  /** null before the first pair. */
  readonly summary: JudgeSummary | null;
  /** Those of the summary, where they are at hand. */
  readonly pairs: readonly JudgedPair[];
  /** The run compared with. */
  readonly other: JudgeRecording | null;
  /** Of the run, once it has one. */
  readonly header: RunHeader | undefined;
  /** What run it is. */
  readonly head: ComponentChildren;
  /** Export buttons of the rows. */
  readonly children: ComponentChildren;
}

/** Points drawn an axis: more hide each other. */
const DRAWN = 500;

/** Everything that the pairs say of the judge. */
export function JudgeFigures({ summary, pairs, other: under, header, head, children }: JudgeFiguresProps) {
  const plots = useRef<HTMLDivElement>(null);
  const other = under?.summary ?? null;
  const asked = axesShown(settings.axis).filter((axis) => (summary?.pairs[axis].n ?? 0) > 0);
  const counted = (found: JudgeSummary | null): string =>
    plural(
      asked.reduce((sum, axis) => sum + (found?.pairs[axis].n ?? 0), 0),
      "pair",
    );
  return (
    <>
      <section class="card stack" aria-label="Result">
        <header class="line match-head">
          {head}
          <fieldset class="line exports">
            <legend class="visually-hidden">Export</legend>
            {children}
            <PictureButtons
              name="reward-model"
              plots={plots}
              about={{
                title: `${REWARD_MODEL.title}: ${counted(summary)}`,
                notes: [
                  ...(header ? aboutRun(header) : []),
                  ...(under ? [comparedWith(`a run of ${counted(other)}`, under.header)] : []),
                ],
              }}
              disabled={summary === null}
            />
            <CopyLink shows="this study with these settings and filters" />
          </fieldset>
        </header>
        {summary && (
          <>
            <div class="fields filters">
              <AxisFilter setting={settings.axis} />
            </div>
            <FigureTable
              label="Accuracy"
              names="Pairs"
              lines={asked.flatMap((axis) => [
                { axis, found: summary.pairs[axis], run: "" },
                ...(other && other.pairs[axis].n > 0
                  ? [{ axis, found: other.pairs[axis], run: ", run compared with" }]
                  : []),
              ])}
              nameOf={({ axis, run }) => `${axis} pairs${run}`}
              classOf={({ axis }) => axis}
              columns={ACCURACY}
            />
            <div class="scatters" ref={plots}>
              {asked.map((axis) => (
                <figure key={axis}>
                  <figcaption>
                    <strong class={axis}>{AXIS_LABELS[axis]}</strong>{" "}
                    <span class="small soft">
                      calibration error {calibrationError(summary.pairs[axis])}
                      {other && "; dotted: the run compared with"}
                    </span>
                  </figcaption>
                  <CalibrationPlot
                    axis={axis}
                    bins={summary.pairs[axis].calibration}
                    other={other?.pairs[axis].calibration ?? []}
                  />
                </figure>
              ))}
              {asked.map((axis) => (
                <Pairs key={axis} axis={axis} pairs={pairs} />
              ))}
              {axesShown(settings.axis).map((axis) => (
                <figure key={axis}>
                  <figcaption>
                    <strong class={axis}>{AXIS_LABELS[axis]}</strong>{" "}
                    <span class="small soft">rewards of all {summary.replies.n} replies</span>
                  </figcaption>
                  <RewardHistogram axis={axis} bins={summary.replies.bins[axis]} />
                </figure>
              ))}
            </div>
          </>
        )}
      </section>
      {summary && <ReplyTables summary={summary} other={other} />}
    </>
  );
}

/** The error, and what it comes to by chance on as many pairs. */
function calibrationError({ ece, calibration }: AxisJudgement): string {
  if (ece === null) return "–";
  return `${decimal(ece, 3)} (${decimal(errorIfCalibrated(calibration), 3)} if calibrated)`;
}

function Pairs({ axis, pairs }: { readonly axis: Axis; readonly pairs: readonly JudgedPair[] }) {
  const drawn = useMemo(() => pairs.filter((pair) => pair.axis === axis).slice(0, DRAWN), [pairs, axis]);
  if (drawn.length === 0) return null;
  return (
    <figure>
      <figcaption>
        <strong class={axis}>{AXIS_LABELS[axis]}</strong>{" "}
        <span class="small soft">
          {drawn.length < DRAWN ? "" : `the first ${DRAWN} pairs; `}above the line the judge agrees with
          people
        </span>
      </figcaption>
      <PairPlot axis={axis} pairs={drawn} active={settings.row} />
    </figure>
  );
}

interface ReplyTablesProps {
  readonly summary: JudgeSummary;
  readonly other: JudgeSummary | null;
}

function ReplyTables({ summary, other }: ReplyTablesProps) {
  const { replies } = summary;
  return (
    <>
      <section class="card stack" aria-labelledby="replies-title">
        <h2 id="replies-title">Rewards of all replies</h2>
        <FigureTable
          label="Rewards"
          names="Percentiles"
          lines={axesShown(settings.axis)}
          nameOf={(axis) => AXIS_LABELS[axis]}
          classOf={(axis) => axis}
          columns={[
            ...QUANTILES.map((share, index): [string, (axis: Axis) => string] => [
              `${Math.round(share * 100)} %`,
              (axis) => withInterval(replies.quantiles[axis][index], null),
            ]),
            ["sd", (axis) => withInterval(replies.deviation[axis], null)],
            ["r with length", (axis) => estimateText(replies.length[axis])],
          ]}
        />
        <p class="small soft">r of the two heads over these replies: {estimateText(replies.heads)}.</p>
      </section>
      <section class="card stack" aria-labelledby="judge-published-title">
        <h2 id="judge-published-title">Original against ours</h2>
        <FigureTable
          label="Original against ours"
          names="Figure"
          lines={PUBLISHED_JUDGE}
          nameOf={({ label }) => label}
          columns={[
            [PUBLISHED_SOURCE, ({ value }) => decimal(value, 3)],
            ["Ours, the run shown", ({ ours }) => estimateText(ours(summary))],
            ...(other
              ? [
                  [
                    "Ours, compared with",
                    ({ ours }: PublishedJudgeFigure) => estimateText(ours(other)),
                  ] as const,
                ]
              : []),
          ]}
        />
        <p class="small soft">
          Their rewards are probabilities, ours are percentiles: accuracies compare, spreads do not.
        </p>
      </section>
    </>
  );
}

interface AccuracyLine {
  readonly found: AxisJudgement;
}

const ACCURACY: readonly (readonly [string, (line: AccuracyLine) => string])[] = [
  ["n", ({ found: { n } }) => String(n)],
  ["own head", ({ found: { accuracy } }) => estimateText(accuracy)],
  ["other head", ({ found: { cross } }) => estimateText(cross)],
  ["both heads", ({ found: { joint } }) => estimateText(joint)],
  ["longer reply", ({ found: { longer } }) => estimateText(longer)],
  [
    "second judge",
    ({ found: { secondAccuracy } }) => (secondAccuracy ? estimateText(secondAccuracy) : "not shipped"),
  ],
  ["the two judges agree", ({ found: { agreement } }) => estimateText(agreement)],
  ["rank correlation of the two", ({ found: { agreementRank } }) => withInterval(agreementRank, null)],
];
