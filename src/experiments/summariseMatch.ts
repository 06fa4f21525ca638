/** What a match found, from its rows alone. */

import { permutation, randomSource, STREAM } from "../domain/random";
import { AXES, type Axis } from "../domain/reward";
import type { Row } from "../domain/row";
import { binnedSpearman } from "../domain/statistics/binnedSpearman";
import { fisherInterval, partialCorrelation, pearson, spearman } from "../domain/statistics/correlation";
import { bounds } from "../domain/statistics/interval";
import { leastSquares } from "../domain/statistics/regression";

/** Target against actual on one axis. A figure is null where the rows do not determine it. */
export interface AxisMatch {
  /** Rows that asked for this axis. */
  readonly n: number;
  /** Pearson correlation of target and actual, and its 95 % Fisher interval. */
  readonly r: number | null;
  readonly ci: readonly [number, number] | null;
  /** Least-squares slope of actual on target, and its 95 % interval. */
  readonly slope: number | null;
  readonly slope_ci: readonly [number, number] | null;
  readonly spearman: number | null;
  /** Spearman of the mean actual of each tenth of the targets with the tenth: below 1, the means turn back somewhere. */
  readonly bins_spearman: number | null;
  /** Partial correlation of target and actual given the completion's number of tokens. */
  readonly r_given_length: number | null;
  /** Pearson correlation of target and the held-out judge's reward. */
  readonly heldout_r: number | null;
}

export interface MatchResult extends Readonly<Record<Axis, AxisMatch>> {
  /** The control: the same actuals against a seeded permutation of the targets. */
  readonly shuffled: Readonly<Record<Axis, Pick<AxisMatch, "r" | "ci">>>;
  /** Pearson correlation of the two actual rewards. */
  readonly actual_correlation: number | null;
  /** The mean of both rewards, where both were asked for: all that a policy with one dial for both can follow. */
  readonly joint: Pick<AxisMatch, "n" | "r" | "ci" | "slope" | "slope_ci">;
}

/** @param seed of the permutation that the shuffled control uses. */
export function summariseMatch(rows: readonly Row[], seed: number): MatchResult {
  const ordered = [...rows].sort((a, b) => a.row - b.row);
  return {
    helpful: axisMatch(ordered, "helpful"),
    harmless: axisMatch(ordered, "harmless"),
    shuffled: {
      helpful: shuffledMatch(ordered, "helpful", seed),
      harmless: shuffledMatch(ordered, "harmless", seed),
    },
    actual_correlation: pearson(
      ordered.map(({ actual }) => actual.helpful),
      ordered.map(({ actual }) => actual.harmless),
    ),
    joint: jointMatch(ordered),
  };
}

function axisMatch(rows: readonly Row[], axis: Axis): AxisMatch {
  const { asked, targets, actuals } = pairs(rows, axis);
  const heldout = asked.flatMap(({ heldout }) => (heldout ? [heldout[axis]] : []));
  return {
    n: asked.length,
    ...fitted(targets, actuals),
    spearman: spearman(targets, actuals),
    bins_spearman: binnedSpearman(targets, actuals),
    r_given_length: partialCorrelation(
      targets,
      actuals,
      asked.map(({ tokens }) => tokens),
    ),
    heldout_r: heldout.length === asked.length ? pearson(targets, heldout) : null,
  };
}

function jointMatch(rows: readonly Row[]): MatchResult["joint"] {
  const asked = rows.flatMap(({ target: { helpful, harmless }, actual }) =>
    helpful === undefined || harmless === undefined
      ? []
      : [{ target: (helpful + harmless) / 2, actual: (actual.helpful + actual.harmless) / 2 }],
  );
  const targets = asked.map(({ target }) => target);
  const actuals = asked.map(({ actual }) => actual);
  return { n: asked.length, ...fitted(targets, actuals) };
}

function shuffledMatch(rows: readonly Row[], axis: Axis, seed: number): Pick<AxisMatch, "r" | "ci"> {
  const { targets, actuals } = pairs(rows, axis);
  const order = permutation(targets.length, randomSource(seed, STREAM.shuffle, AXES.indexOf(axis)));
  const r = pearson(
    order.map((place) => targets[place] as number),
    actuals,
  );
  return { r, ci: interval(r, targets.length) };
}

function fitted(targets: readonly number[], actuals: readonly number[]) {
  const r = pearson(targets, actuals);
  const line = leastSquares(targets, actuals);
  return {
    r,
    ci: interval(r, targets.length),
    slope: line?.slope ?? null,
    slope_ci: bounds(line?.slopeInterval),
  };
}

/** The rows that asked for an axis, with their targets and actuals on it. */
function pairs(rows: readonly Row[], axis: Axis) {
  const asked = rows.filter(({ target }) => target[axis] !== undefined);
  return {
    asked,
    targets: asked.map(({ target }) => target[axis] as number),
    actuals: asked.map(({ actual }) => actual[axis]),
  };
}

function interval(r: number | null, n: number): readonly [number, number] | null {
  return r === null ? null : bounds(fisherInterval(r, n));
}
