/** What the pairs say of a reward model. */

import { standardDeviation } from "simple-statistics";
import { type RewardBins, rewardBins } from "../../domain/dataset/rewardBins";
import { quantile } from "../../domain/normaliser";
import { AXES, type Axis } from "../../domain/reward";
import {
  type CalibrationBin,
  calibrationBins,
  expectedCalibrationError,
} from "../../domain/statistics/calibration";
import { fisherInterval, pearson, spearman } from "../../domain/statistics/correlation";
import { bounds } from "../../domain/statistics/interval";
import { wilsonInterval } from "../../domain/statistics/wilson";
import { pairwiseOutcomes, win } from "../pairwise";
import type { JudgedPair, JudgedReply } from "./judgePairs";
import type { Estimate } from "./summariseStudy";

/** The pairs of one axis. An accuracy is the share of pairs whose chosen reply scores higher, with Wilson's interval. */
export interface AxisJudgement {
  readonly n: number;
  /** By this axis' own head, by the other one's, and by the mean percentile of both. */
  readonly accuracy: Estimate | null;
  readonly cross: Estimate | null;
  readonly joint: Estimate | null;
  /** The baseline that prefers the longer reply. */
  readonly longer: Estimate | null;
  /** Expected calibration error of the pairwise probability. */
  readonly ece: number | null;
  readonly calibration: readonly CalibrationBin[];
  /** The same share by a second judge's head; null where none scored all pairs. */
  readonly secondAccuracy: Estimate | null;
  /**
   * Share of pairs in which the second judge prefers the same reply, and Spearman's correlation of the two judges'
   * differences.
   */
  readonly agreement: Estimate | null;
  readonly agreementRank: number | null;
}

export interface JudgeSummary {
  readonly pairs: Readonly<Record<Axis, AxisJudgement>>;
  /** Over all pairs, by the mean percentile of both heads. */
  readonly joint: Estimate | null;
  /** Over all replies of all pairs. */
  readonly replies: {
    readonly n: number;
    /** Pearson r of the raw score and the number of characters. */
    readonly length: Readonly<Record<Axis, Estimate | null>>;
    /** Pearson r of both raw scores. */
    readonly heads: Estimate | null;
    /** Percentile rewards in bins, their quantiles at `QUANTILES`, and their standard deviation. */
    readonly bins: RewardBins;
    readonly quantiles: Readonly<Record<Axis, readonly number[]>>;
    readonly deviation: Readonly<Record<Axis, number | null>>;
  };
}

export const QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99];

export function summariseJudge(pairs: readonly JudgedPair[]): JudgeSummary {
  const replies = pairs.flatMap(({ chosen, rejected }) => [chosen, rejected]);
  const raws = (axis: Axis): number[] => replies.map(({ raw }) => raw[axis]);
  const lengths = replies.map(({ length }) => length);
  const sorted = (axis: Axis): number[] =>
    replies.map(({ percentile }) => percentile[axis]).sort((a, b) => a - b);
  return {
    joint: share(jointDifferences(pairs).map(win)),
    pairs: byAxis((axis) =>
      judgement(
        axis,
        pairs.filter((pair) => pair.axis === axis),
      ),
    ),
    replies: {
      n: replies.length,
      length: byAxis((axis) => correlation(raws(axis), lengths)),
      heads: correlation(raws("helpful"), raws("harmless")),
      bins: rewardBins(replies.map(({ percentile }) => percentile)),
      quantiles: byAxis((axis) => {
        const values = sorted(axis);
        return values.length === 0 ? [] : QUANTILES.map((share) => quantile(share, values));
      }),
      deviation: byAxis((axis) => (replies.length === 0 ? null : standardDeviation(sorted(axis)))),
    },
  };
}

function judgement(axis: Axis, pairs: readonly JudgedPair[]): AxisJudgement {
  const other = AXES.find((candidate) => candidate !== axis) as Axis;
  const differences = (score: (reply: JudgedReply) => number): number[] =>
    pairs.map(({ chosen, rejected }) => score(chosen) - score(rejected));
  const own = differences(({ raw }) => raw[axis]);
  const { probabilities, outcomes } = pairwiseOutcomes(own);
  const calibration = calibrationBins(probabilities, outcomes);
  const seconds = pairs.every(({ chosen }) => chosen.second)
    ? differences(({ second }) => second?.[axis] ?? 0)
    : [];
  return {
    n: pairs.length,
    accuracy: share(own.map(win)),
    cross: share(differences(({ raw }) => raw[other]).map(win)),
    joint: share(jointDifferences(pairs).map(win)),
    longer: share(differences(({ length }) => length).map(win)),
    ece: pairs.length === 0 ? null : expectedCalibrationError(calibration),
    calibration,
    secondAccuracy: share(seconds.map(win)),
    agreement: share(seconds.map((second, index) => (win(second) === win(own[index] as number) ? 1 : 0))),
    agreementRank: spearman(seconds.length > 0 ? own : [], seconds),
  };
}

function jointDifferences(pairs: readonly JudgedPair[]): number[] {
  const joint = ({ percentile }: JudgedReply): number => percentile.helpful + percentile.harmless;
  return pairs.map(({ chosen, rejected }) => joint(chosen) - joint(rejected));
}

function share(wins: readonly number[]): Estimate | null {
  const sum = wins.reduce((total, value) => total + value, 0);
  const interval = wilsonInterval(sum, wins.length);
  return interval && { value: sum / wins.length, ci: bounds(interval) };
}

function correlation(x: readonly number[], y: readonly number[]): Estimate | null {
  const r = pearson(x, y);
  const interval = r === null ? null : fisherInterval(r, x.length);
  return r === null ? null : { value: r, ci: bounds(interval) };
}

function byAxis<Value>(of: (axis: Axis) => Value): Readonly<Record<Axis, Value>> {
  return { helpful: of("helpful"), harmless: of("harmless") };
}
