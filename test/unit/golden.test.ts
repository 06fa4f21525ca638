import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { checkManifest } from "../../src/runtimes/local/manifest";
import { openJudge } from "../../src/runtimes/local/node";
import { createNodeSession } from "../../src/runtimes/local/nodeSession";
import { checkJudge, GoldenPolicy, type PolicyCase, type RewardCase } from "../support/golden";

const read = (path: string) => readFile(`models/${path}`);
const json = async (path: string) => JSON.parse(await readFile(path, "utf8"));
const policyCases: PolicyCase[] = (await json("test/golden/policy.json")).cases;
const rewardCases: RewardCase[] = (await json("test/golden/reward.json")).cases;

/** 4-bit weights de-quantised to float32 on both sides: only the order of summation differs. */
const LOGIT_TOLERANCE = 0.001;
const SCORE_TOLERANCE = 0.01;

describe("the shipped policy under Node", () => {
  let policy: GoldenPolicy<Float32Array>;
  let same = 0;

  beforeAll(async () => {
    const manifest = checkManifest(await json("models/manifest.json"));
    policy = await GoldenPolicy.load(manifest, "nbits", read, (files) => createNodeSession(files, 2));
  }, 60_000);
  afterAll(() => policy?.close());

  it.each(policyCases.map((golden, index) => [index, golden] as const))(
    "answers input %i as PyTorch does",
    async (_, golden) => {
      const [, tokens] = await policy.check(golden, LOGIT_TOLERANCE);
      same += tokens;
    },
    60_000,
  );

  it("chooses PyTorch's tokens, one near tie in a hundred left out", () => {
    expect(same).toBeGreaterThanOrEqual(0.99 * policyCases.length * 8);
  });
});

describe("the shipped judge under Node", () => {
  it("scores as PyTorch does", async () => {
    const judge = await openJudge({ threads: 2 });
    await checkJudge(judge, rewardCases, SCORE_TOLERANCE);
    await judge.close();
  }, 60_000);
});
