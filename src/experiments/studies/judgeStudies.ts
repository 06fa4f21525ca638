/** The studies that sample nothing: what each asks. */

import type { Study } from "./study";

export type StudyIntro = Pick<Study, "name" | "title" | "asked">;

export const REWARD_MODEL: StudyIntro = {
  name: "reward-model",
  title: "Reward model",
  asked:
    "How far can the judge be trusted? " +
    "It scores pairs of replies that people chose between, one for help and one for harm, with both of its heads. " +
    "Its accuracy stands beside the baseline that prefers the longer reply, with its calibration and what length does to its scores.",
};

export const NORMALISERS_STUDY: StudyIntro = {
  name: "normalisers",
  title: "Normalisers",
  asked:
    "What does a number in the prompt mean? " +
    "A raw score becomes a reward by one of four ways: as it is, between the lowest and the highest, in standard deviations, or as a percentile. " +
    "Each spreads the same reference answers differently and writes another prompt for the same answer.",
};
