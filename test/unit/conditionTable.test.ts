import { afterEach, expect, test } from "vitest";
import { studies as settings } from "../../src/app/settings";
import { ConditionTable } from "../../src/app/studies/ConditionTable";
import { STUDIES } from "../../src/experiments/studies/definitions";
import type { Study } from "../../src/experiments/studies/study";
import { summariseStudy } from "../../src/experiments/studies/summariseStudy";
import { saidBy } from "../support/saidBy";
import { someRow } from "./fakes/row";

const MAIN = { adapters: [], main: "main", base: "base" };
const rows = ["vanilla", "uniform"].flatMap((condition) =>
  [0.1, 0.4, 0.6, 0.7, 0.9].map((harmless, row) => ({
    ...someRow(row),
    condition,
    target: { helpful: harmless ** 2, harmless },
    actual: { helpful: harmless, harmless: 1 - harmless ** 3 },
  })),
);

afterEach(() => {
  settings.axis.value = "";
});

test.each(["match", "both-max"])("the conditions of %s show the axis that is picked alone", (name) => {
  const study = STUDIES.find((one) => one.name === name) as Study;
  const summary = summariseStudy(study, MAIN, rows, 0);
  const said = () => saidBy(ConditionTable({ study, summary }));
  expect(said()).toMatch(/helpful (r|mean)/);
  settings.axis.value = "harmless";
  expect(said()).toMatch(/harmless (r|mean)/);
  expect(said()).not.toMatch(/helpful (r|slope|mean)/);
  expect(said()).toMatch(/joint (r|mean)/);
});
