import { measured } from "../../experiments/studies/measures";
import { PUBLISHED, PUBLISHED_SOURCE, type PublishedFigure } from "../../experiments/studies/published";
import type { Study } from "../../experiments/studies/study";
import type { StudySummary } from "../../experiments/studies/summariseStudy";
import { Scrollable } from "../components/Scrollable";
import { withInterval } from "../format";

interface PublishedTableProps {
  readonly study: Study;
  readonly summary: StudySummary;
  readonly hasRun: boolean;
  readonly other: StudySummary | null;
}

/** The original against ours, figure by figure. */
export function PublishedTable({ study, summary, hasRun, other }: PublishedTableProps) {
  const figures = PUBLISHED[study.name];
  if (!figures) return null;
  return (
    <section class="card stack" aria-labelledby="published-title">
      <h2 id="published-title">Original against ours</h2>
      <Scrollable label="Original against ours">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">Figure</th>
              <th scope="col">{PUBLISHED_SOURCE}</th>
              <th scope="col">Ours, the run shown</th>
              {other && <th scope="col">Ours, compared with</th>}
            </tr>
          </thead>
          <tbody>
            {figures.map((figure) => (
              <tr key={figure.label}>
                <th scope="row">{figure.label}</th>
                <td>{withInterval(figure.value, figure.ci)}</td>
                <td>{hasRun ? ours(figure, summary) : "no run yet"}</td>
                {other && <td>{ours(figure, other)}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
      <p class="small soft">
        Theirs are by their reward model on its own scale and hh-rlhf test prompts, ours are percentiles by
        the judge that ships on our own prompts: correlations compare, mean rewards only within a column.
      </p>
    </section>
  );
}

function ours(figure: PublishedFigure, summary: StudySummary): string {
  const condition = summary.conditions.find(({ name }) => name === figure.condition);
  if (!condition || condition.needs !== null) return "not shipped";
  const estimate = measured(condition, figure.measure);
  return withInterval(estimate?.value, estimate?.ci ?? null);
}
