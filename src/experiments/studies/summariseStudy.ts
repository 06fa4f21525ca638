/** What a study found, from its rows alone. */

import { mean } from "simple-statistics";
import { AXES, type Axis, type RewardVector, type Target } from "../../domain/reward";
import type { Row } from "../../domain/row";
import { bounds } from "../../domain/statistics/interval";
import { meanDifference } from "../../domain/statistics/meanDifference";
import { meanInterval } from "../../domain/statistics/meanInterval";
import { type MatchResult, summariseMatch } from "../summariseMatch";
import { conditionsOf } from "./conditions";
import type { Condition, ShippedPolicies, Study } from "./study";

/** A figure and its 95 % interval; the interval is null where there are too few rows for one. */
export interface Estimate {
  readonly value: number;
  readonly ci: readonly [number, number] | null;
}

/** The two axes, and the mean of both. */
export const OUTCOMES = [...AXES, "joint"] as const;
export type Outcome = (typeof OUTCOMES)[number];

export type Estimates = Readonly<Record<Outcome, Estimate | null>>;

export interface ConditionSummary {
  readonly name: string;
  /** Its place on the study's axis, where it has one. */
  readonly at: number | null;
  /** Which curve over that axis it is of, where there are more than one. */
  readonly series: string | null;
  /** What is missing for it to run; null where it can. */
  readonly needs: string | null;
  readonly n: number;
  readonly match: MatchResult;
  /** Pearson r of the mean target and the mean actual, and the slope. */
  readonly joint: { readonly r: Estimate | null; readonly slope: Estimate | null };
  /** Mean actual at targets of 0.8 and more, less that at targets from 0.6 to there: below 0, the dial turns back. */
  readonly top: Readonly<Record<Axis, Estimate | null>>;
  /** Mean actual rewards, by Student's t. */
  readonly means: Estimates;
  /** Mean distance of actual and target, over the axes asked for. */
  readonly error: Estimate | null;
  /**
   * Mean over the rows that both have of this condition's figure less that of the condition `from`, by Student's t for
   * pairs. null where there is nothing to compare with.
   */
  readonly difference: (Estimates & { readonly from: string; readonly error: Estimate | null }) | null;
}

export interface StudySummary {
  readonly study: string;
  readonly conditions: readonly ConditionSummary[];
}

type Summarise = (
  study: Study,
  policies: ShippedPolicies,
  rows: readonly Row[],
  seed: number,
  ownTargets?: readonly Target[],
) => StudySummary;

/** @param seed of the run; the shuffled control depends on it. */
export const summariseStudy: Summarise = (...run) => studySummariser()(...run);

/**
 * Summarises a run that grows: as `summariseStudy`, but a condition whose rows are those of the last call keeps its
 * figures, and its differences where those of the one that it is compared with are, too.
 */
export function studySummariser(): Summarise {
  let last: ReadonlyMap<string, Summarised> = new Map();
  return (study, policies, rows, seed, ownTargets) => {
    const conditions = conditionsOf(study, policies, ownTargets);
    const grouped = new Map(conditions.map(({ name }): [string | undefined, Row[]] => [name, []]));
    for (const row of rows) grouped.get(row.condition)?.push(row);
    const rowsOf = ({ name }: Condition): readonly Row[] => grouped.get(name) as Row[];
    const now = new Map<string, Summarised>();
    const summaries = conditions.map((condition, index): ConditionSummary => {
      const before = conditions.slice(0, index).filter((other) => rowsOf(other).length > 0);
      const base = baseOf(study, condition, before);
      const found = summarise(rowsOf(condition), base ? rowsOf(base) : null, seed, last.get(condition.name));
      now.set(condition.name, found);
      const { name, at, series, policy, needs } = condition;
      return {
        name,
        at,
        series,
        needs: policy === null ? needs : null,
        n: found.rows.length,
        ...found.figures,
        difference: base && found.differences ? { from: base.name, ...found.differences } : null,
      };
    });
    last = now;
    return { study: study.name, conditions: summaries };
  };
}

/** What a condition's rows say, and all that it depends on. */
interface Summarised {
  readonly rows: readonly Row[];
  readonly base: readonly Row[] | null;
  readonly seed: number;
  readonly figures: Figures;
  readonly differences: Differences | null;
}

type Figures = Pick<ConditionSummary, "match" | "joint" | "top" | "means" | "error">;
type Differences = Omit<NonNullable<ConditionSummary["difference"]>, "from">;

/** @param base rows that these are compared with. @param last what was found the last time. */
function summarise(
  rows: readonly Row[],
  base: readonly Row[] | null,
  seed: number,
  last: Summarised | undefined,
): Summarised {
  const same = last !== undefined && sameRows(rows, last.rows);
  const figures = same && seed === last.seed ? last.figures : figuresOf(rows, seed);
  if (base === null) return { rows, base, seed, figures, differences: null };
  const sameBase = same && last.base !== null && sameRows(base, last.base);
  return { rows, base, seed, figures, differences: sameBase ? last.differences : differencesOf(rows, base) };
}

function sameRows(a: readonly Row[], b: readonly Row[]): boolean {
  return a.length === b.length && a.every((row, index) => row === b[index]);
}

/** The first condition before that compares; on a second curve, the one at the same place of another. */
function baseOf(study: Study, condition: Condition, before: readonly Condition[]): Condition | undefined {
  const others = before.filter((other) => comparable(study, condition, other));
  const { series, at } = condition;
  return others.find((other) => other.series !== series && other.at === at) ?? others[0];
}

/** Mean rewards compare over any targets; how well targets are met, over the same ones. */
function comparable(study: Study, condition: Condition, base: Condition): boolean {
  if (study.compares === "mean") return true;
  const asked = ({ targets, axes }: Condition): string => JSON.stringify([targets, axes]);
  return asked(condition) === asked(base);
}

function figuresOf(rows: readonly Row[], seed: number): Figures {
  const match = summariseMatch(rows, seed);
  return {
    match,
    joint: jointOf(match),
    top: { helpful: topOf(rows, "helpful"), harmless: topOf(rows, "harmless") },
    means: estimates((outcome) => rows.map(({ actual }) => rewardOf(actual, outcome))),
    error: estimate(rows.flatMap((row) => distance(row) ?? [])),
  };
}

/** The reward on an axis, or the mean of both. */
function rewardOf(reward: RewardVector, outcome: Outcome): number {
  return outcome === "joint" ? (reward.helpful + reward.harmless) / 2 : reward[outcome];
}

function topOf(rows: readonly Row[], axis: Axis): Estimate | null {
  const asked = (from: number, below: number): number[] =>
    rows.flatMap(({ target, actual }) => {
      const wanted = target[axis];
      return wanted !== undefined && wanted >= from && wanted < below ? [actual[axis]] : [];
    });
  const found = meanDifference(asked(0.8, Infinity), asked(0.6, 0.8));
  return found && { value: found.value, ci: bounds(found.interval) };
}

/** Mean absolute distance of target and actual over the axes asked for; null where none was. */
function distance({ target, actual }: Row): number | null {
  const gaps = AXES.flatMap((axis) =>
    target[axis] === undefined ? [] : [Math.abs(actual[axis] - target[axis])],
  );
  return gaps.length === 0 ? null : mean(gaps);
}

function jointOf({ joint: { r, ci, slope, slope_ci } }: MatchResult): ConditionSummary["joint"] {
  return {
    r: r === null ? null : { value: r, ci },
    slope: slope === null ? null : { value: slope, ci: slope_ci },
  };
}

function differencesOf(rows: readonly Row[], base: readonly Row[]): Differences {
  const byRow = new Map(base.map((row) => [row.row, row]));
  const pairs = rows.flatMap((row) => {
    const other = byRow.get(row.row);
    return other ? [{ row, other }] : [];
  });
  return {
    ...estimates((outcome) =>
      pairs.map(({ row, other }) => rewardOf(row.actual, outcome) - rewardOf(other.actual, outcome)),
    ),
    error: estimate(
      pairs.flatMap(({ row, other }) => {
        const [mine, theirs] = [distance(row), distance(other)];
        return mine === null || theirs === null ? [] : [mine - theirs];
      }),
    ),
  };
}

function estimates(values: (outcome: Outcome) => readonly number[]): Estimates {
  return {
    helpful: estimate(values("helpful")),
    harmless: estimate(values("harmless")),
    joint: estimate(values("joint")),
  };
}

function estimate(values: readonly number[]): Estimate | null {
  if (values.length === 0) return null;
  return { value: mean([...values]), ci: bounds(meanInterval(values)) };
}
