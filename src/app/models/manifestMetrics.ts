/** The figures that the manifest gives for its parts, as tables. */

export interface MetricTable {
  /** The part that was measured, by its keys: ["judges", "minilm"]. */
  readonly part: readonly string[];
  /** Names of the figures, in the order of the manifest. */
  readonly figures: readonly string[];
  readonly rows: readonly MetricRow[];
}

export interface MetricRow {
  /** What was measured, from the outside in: ["uniform", "helpful"]. */
  readonly keys: readonly string[];
  /** By name of the figure: a number, or numbers such as the ends of an interval. */
  readonly values: Readonly<Record<string, Figure>>;
}

export type Figure = number | readonly number[];

type Part = Readonly<Record<string, unknown>>;

const isPart = (value: unknown): value is Part =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const isFigure = (value: unknown): value is Figure =>
  typeof value === "number" ||
  (Array.isArray(value) && value.every((item: unknown) => typeof item === "number"));

/** A table for every key "metrics", wherever it stands; its keys may nest to any depth. */
export function manifestMetrics(manifest: unknown, keys: readonly string[] = []): MetricTable[] {
  if (Array.isArray(manifest)) return manifest.flatMap((part) => manifestMetrics(part, keys));
  if (!isPart(manifest)) return [];
  return Object.entries(manifest).flatMap(([key, value]) =>
    key === "metrics" ? table(value, keys) : manifestMetrics(value, [...keys, key]),
  );
}

function table(metrics: unknown, part: readonly string[]): MetricTable[] {
  const rows = rowsOf(metrics, []);
  const figures = [...new Set(rows.flatMap(({ values }) => Object.keys(values)))];
  return rows.length > 0 ? [{ part, figures, rows }] : [];
}

/** One row for every object that has figures. */
function rowsOf(value: unknown, keys: readonly string[]): MetricRow[] {
  if (!isPart(value)) return [];
  const entries = Object.entries(value);
  const values = Object.fromEntries(entries.filter((entry): entry is [string, Figure] => isFigure(entry[1])));
  return [
    ...(Object.keys(values).length > 0 ? [{ keys, values }] : []),
    ...entries.flatMap(([key, inner]) => rowsOf(inner, [...keys, key])),
  ];
}
