/** The published study's figures of its reward models, to stand beside ours. */

import { type JudgeSummary, QUANTILES } from "./summariseJudge";
import type { Estimate } from "./summariseStudy";

export interface PublishedJudgeFigure {
  readonly label: string;
  readonly value: number;
  readonly ours: (summary: JudgeSummary) => Estimate | null;
}

const only = (value: number | null | undefined): Estimate | null =>
  value == null ? null : { value, ci: null };

export const PUBLISHED_JUDGE: readonly PublishedJudgeFigure[] = [
  { label: "helpful accuracy", value: 0.721, ours: ({ pairs }) => pairs.helpful.accuracy },
  { label: "harmless accuracy", value: 0.717, ours: ({ pairs }) => pairs.harmless.accuracy },
  { label: "joint reward, accuracy on all pairs", value: 0.68, ours: ({ joint }) => joint },
  { label: "helpful model on harmless pairs", value: 0.34, ours: ({ pairs }) => pairs.harmless.cross },
  {
    label: "helpful reward, 1st percentile",
    value: 0.3,
    ours: ({ replies }) => only(replies.quantiles.helpful[QUANTILES.indexOf(0.01)]),
  },
  {
    label: "helpful reward, 99th percentile",
    value: 0.76,
    ours: ({ replies }) => only(replies.quantiles.helpful[QUANTILES.indexOf(0.99)]),
  },
  {
    label: "helpful reward, standard deviation",
    value: 0.1,
    ours: ({ replies }) => only(replies.deviation.helpful),
  },
];
