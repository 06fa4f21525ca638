/** What is shown of the open match: the rows that the filters leave, their figures, and another run under them. */

import { computed } from "@preact/signals";
import type { Dialogue } from "../../domain/dialogue";
import type { Row } from "../../domain/row";
import { type MatchResult, summariseMatch } from "../../experiments/summariseMatch";
import { textFigures } from "../../experiments/textFigures";
import { matchRuns, type StoredRun } from "../../storage/runs";
import { type PlottedRow, plottedRows } from "../plots/plottedRow";
import { byJudge, hasSecond } from "../runs/byJudge";
import { comparedRun } from "../runs/comparedRun";
import { filtered, hasPromptSets } from "../runs/rowFilter";
import { matchShown as settings } from "../settings";
import { open, rows } from "./matchRun";
import { saved } from "./savedRuns";

interface SavedMatch {
  readonly run: StoredRun;
  readonly rows: readonly Row[];
}

const over = comparedRun<StoredRun, readonly Dialogue[], Row, SavedMatch>(
  matchRuns,
  saved,
  settings.over,
  ({ run, rows: found }) => ({ run, rows: found }),
);
export const followOver = over.follow;

/** The run to compare with; a run is not compared with itself. */
export const under = computed<SavedMatch | null>(() =>
  over.run.value?.run.id === open.value?.stored?.id ? null : over.run.value,
);

export const promptSets = computed(() => hasPromptSets(rows.value));

const shownOf = (all: readonly Row[]): readonly Row[] =>
  filtered(byJudge(all, settings.judge.value), settings, promptSets.value);

export const shownRows = computed(() => shownOf(rows.value));
const underRows = computed(() => shownOf(under.value?.rows ?? []));

export const plotted = computed(() => plottedRows(shownRows.value, underRows.value));

export const secondJudge = computed(() => hasSecond(rows.value));

/** null before the first row. */
export const result = computed(() => summaryOf(shownRows.value, open.value?.request.seed));
export const underResult = computed(() => summaryOf(underRows.value, under.value?.run.seed));

export const text = computed(() => textFigures(shownRows.value));

/** The row that is open, of either run, as it was made. */
export const openRow = computed<Pick<PlottedRow, "row" | "other"> | null>(() => {
  const found = plotted.value.find(({ id }) => id === settings.row.value);
  if (!found) return null;
  const from = found.other ? (under.value?.rows ?? []) : rows.value;
  const made = from.find(({ row }) => row === found.row.row);
  return made ? { row: made, other: found.other } : null;
});

function summaryOf(shown: readonly Row[], seed = 0): MatchResult | null {
  return shown.length === 0 ? null : summariseMatch(shown, seed);
}
