import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { checkManifest, heldoutJudge } from "../../src/runtimes/local/manifest";
import { openJudge } from "../../src/runtimes/local/node";
import { createNodeSession } from "../../src/runtimes/local/nodeSession";
import type { GraphFiles } from "../../src/runtimes/local/session";
import type { RewardModel } from "../../src/runtimes/rewardModel";
import {
  type Answer,
  checkJudge,
  checkTogether,
  GoldenPolicy,
  HELDOUT_TOLERANCE,
  type PolicyCase,
  type RewardCase,
} from "../support/golden";

const read = (path: string) => readFile(`models/${path}`);
const json = async (path: string) => JSON.parse(await readFile(path, "utf8"));
const policyCases: PolicyCase[] = (await json("test/golden/policy.json")).cases;
const adapterCases: (PolicyCase & { adapter: string })[] = (await json("test/golden/adapters.json")).cases;
const rewardCases: RewardCase[] = (await json("test/golden/reward.json")).cases;
const heldoutCases: RewardCase[] = (await json("test/golden/heldout-reward.json")).cases;

describe("the shipped policy under Node", () => {
  let policy: GoldenPolicy<Float32Array>;
  const answers: Answer[] = [];

  beforeAll(async () => {
    const manifest = checkManifest(await json("models/manifest.json"));
    policy = await GoldenPolicy.load(manifest, "nbits", read, (files) =>
      createNodeSession(files, { threads: 2 }),
    );
  }, 60_000);
  afterAll(() => policy?.close());

  it.each(policyCases.map((golden, index) => [index, golden] as const))(
    "answers input %i as PyTorch does",
    async (_, golden) => {
      answers.push(await policy.check(golden));
    },
    60_000,
  );

  it("is near PyTorch over all inputs, in logits and in tokens", () => {
    checkTogether(answers, policyCases, "nbits");
  });
});

describe("each other adapter under Node", () => {
  it("has a golden case", async () => {
    const { policy, defaults } = checkManifest(await json("models/manifest.json"));
    expect([...adapterCases.map(({ adapter }) => adapter), defaults.adapter].sort()).toEqual(
      Object.keys(policy.adapters).sort(),
    );
  });

  it.each(adapterCases.map((golden) => [golden.adapter, golden] as const))(
    "%s reads its own form of prompt and answers as PyTorch does",
    async (adapter, golden) => {
      const manifest = checkManifest(await json("models/manifest.json"));
      const open = (files: GraphFiles) => createNodeSession(files, { threads: 2 });
      const policy = await GoldenPolicy.load(manifest, "nbits", read, open, adapter);
      await policy.check(golden);
      await policy.close();
    },
    60_000,
  );
});

test("a judge that leaves inputs out is not held to be as PyTorch", async () => {
  const silent = { score: async () => [] } as unknown as RewardModel;
  await expect(checkJudge(silent, rewardCases)).rejects.toThrow("length");
});

describe("the shipped judge under Node", () => {
  it("scores as PyTorch does", async () => {
    const judge = await openJudge({ threads: 2 });
    await checkJudge(judge, rewardCases);
    await judge.close();
  }, 60_000);

  it("is one of two, and the held-out one scores as PyTorch does", async () => {
    const heldout = heldoutJudge(checkManifest(await json("models/manifest.json")));
    const judge = await openJudge({ judge: heldout as string, threads: 2 });
    await checkJudge(judge, heldoutCases, HELDOUT_TOLERANCE.nbits);
    await judge.close();
  }, 60_000);
});
