import { Scrollable } from "../components/Scrollable";
import { decimal } from "../format";
import type { Figure, MetricTable } from "./manifestMetrics";

/** What was measured on the shipped models, a table for each. */
export function Metrics({ tables }: { readonly tables: readonly MetricTable[] }) {
  if (tables.length === 0) return null;
  return (
    <section class="card stack" aria-labelledby="metrics-title">
      <h2 id="metrics-title">Measured</h2>
      {tables.map((table) => (
        <Table key={table.part.join(" ")} table={table} />
      ))}
    </section>
  );
}

function Table({ table: { part, figures, rows } }: { readonly table: MetricTable }) {
  const name = part.join(" ");
  return (
    <Scrollable label={`Measured on ${name}`}>
      <table class="numbers">
        <caption>{name}</caption>
        <thead>
          <tr>
            <th scope="col">Of</th>
            {figures.map((figure) => (
              <th key={figure} scope="col">
                {TITLES[figure] ?? figure.replaceAll("_", " ")}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map(({ keys, values }) => (
            <tr key={keys.join(" ")}>
              <th scope="row">{keys.join(", ")}</th>
              {figures.map((figure) => (
                <td key={figure}>{text(values[figure])}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  );
}

/** Names of figures that say too little by themselves. */
const TITLES: Readonly<Record<string, string>> = {
  ci: "95 % interval",
  slope_ci: "slope, 95 %",
  longer: "longer one chosen",
  ece: "calibration error",
};

function text(figure: Figure | undefined): string {
  if (figure === undefined) return "–";
  return typeof figure === "number" ? number(figure) : `[${figure.map(number).join(", ")}]`;
}

/** Counts as they are; the rest to three decimals, as the recipe rounds. */
const number = (value: number): string => (Number.isInteger(value) ? String(value) : decimal(value, 3));
