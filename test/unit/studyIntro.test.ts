import { expect, test } from "vitest";
import { PublishedTable } from "../../src/app/studies/PublishedTable";
import { StudyIntroCard } from "../../src/app/studies/StudyIntroCard";
import { STUDIES } from "../../src/experiments/studies/definitions";
import { NORMALISERS_STUDY, REWARD_MODEL } from "../../src/experiments/studies/judgeStudies";
import { PUBLISHED_JUDGE } from "../../src/experiments/studies/publishedJudge";
import { summariseStudy } from "../../src/experiments/studies/summariseStudy";
import { saidBy } from "../support/saidBy";

const NONE = "We know of no published figure for this study.";
const MAIN = { adapters: [], main: "main", base: "base" };

test("a study has a table of the original's figures, or says that none is known", () => {
  for (const study of STUDIES) {
    const summary = summariseStudy(study, MAIN, [], 0);
    const table = PublishedTable({ study, summary, hasRun: false, other: null });
    expect(saidBy(StudyIntroCard({ study })).includes(NONE), study.name).toBe(table === null);
  }
  expect(saidBy(StudyIntroCard({ study: NORMALISERS_STUDY }))).toContain(NONE);
  expect(PUBLISHED_JUDGE.length).toBeGreaterThan(0);
  expect(saidBy(StudyIntroCard({ study: REWARD_MODEL }))).not.toContain(NONE);
});
