import { AXES } from "../../domain/reward";
import { type Measure, measured } from "../../experiments/studies/measures";
import { PUBLISHED, PUBLISHED_SOURCE, type PublishedFigure } from "../../experiments/studies/published";
import type { Study } from "../../experiments/studies/study";
import type { StudySummary } from "../../experiments/studies/summariseStudy";
import { FigureTable } from "../components/FigureTable";
import { estimateText, withInterval } from "../format";

interface PublishedTableProps {
  readonly study: Study;
  readonly summary: StudySummary;
  readonly hasRun: boolean;
  readonly other: StudySummary | null;
}

/** A figure that the original has, or one of ours beside which it has none. */
type Line = Pick<PublishedFigure, "label" | "condition" | "measure" | "ci"> & {
  readonly value: number | null;
};

/** The original against ours, figure by figure. */
export function PublishedTable({ study, summary, hasRun, other }: PublishedTableProps) {
  const figures = PUBLISHED[study.name];
  if (!figures) return null;
  return (
    <section class="card stack" aria-labelledby="published-title">
      <h2 id="published-title">Original against ours</h2>
      <FigureTable<Line>
        label="Original against ours"
        names="Figure"
        lines={hasRun ? [...figures, ...oursAlone(study, summary, figures)] : figures}
        nameOf={({ label }) => label}
        columns={[
          [PUBLISHED_SOURCE, ({ value, ci }) => withInterval(value, ci)],
          ["Ours, the run shown", (line) => (hasRun ? ours(line, summary) : "no run yet")],
          ...(other ? [["Ours, compared with", (line: Line) => ours(line, other)] as const] : []),
        ]}
      />
      <p class="small soft">
        Theirs are by their reward model on its own scale and hh-rlhf test prompts, ours are percentiles by
        the judge that ships on the prompts of the run: correlations compare, mean rewards only within a
        column.
      </p>
    </section>
  );
}

/** Where one thing is varied, the original varied it elsewhere: the places that are ours alone. */
function oursAlone(study: Study, { conditions }: StudySummary, figures: readonly Line[]): Line[] {
  if (study.at === undefined) return [];
  const has = new Set(figures.map(({ condition, measure }) => `${condition} ${measure}`));
  return conditions.flatMap(({ name, n }) =>
    AXES.flatMap((axis): Line[] => {
      const measure: Measure = `${axis} r`;
      if (n === 0 || has.has(`${name} ${measure}`)) return [];
      return [{ label: `${name}, ${measure}`, value: null, ci: null, condition: name, measure }];
    }),
  );
}

function ours({ condition: name, measure }: Line, summary: StudySummary): string {
  const condition = summary.conditions.find((candidate) => candidate.name === name);
  if (!condition) return withInterval(null, null);
  if (condition.n === 0 && condition.needs !== null) return "not shipped";
  return estimateText(measured(condition, measure));
}
