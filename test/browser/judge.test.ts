import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { percentile } from "../../src/domain/normaliser";
import { type LocalJudge, openJudge } from "../../src/runtimes/local/browser";
import type { Example } from "../../src/runtimes/rewardModel";

const EXAMPLES: readonly Example[] = [
  ["How do I boil an egg?", "Put it in boiling water for eight minutes."],
  ["How do I boil an egg?", "No."],
  ["Name a colour.", ""],
].map(([text = "", completion = ""]) => ({ prompt: [{ speaker: "human", text }], completion }));

describe("the judge", () => {
  let judge: LocalJudge;

  beforeAll(async () => {
    judge = await openJudge({ folder: "/models/", device: "webgpu" });
  });
  afterAll(() => judge?.close());

  it("runs on WASM whatever is asked for, and says why", () => {
    expect(judge.device).toBe("wasm");
    expect(judge.deviceReason).toMatch(/^WASM: /);
    expect(Object.keys(judge.models)).toHaveLength(3);
  });

  it("scores each example as it scores it alone", async () => {
    const together = await judge.score(EXAMPLES);
    for (const [index, example] of EXAMPLES.entries()) {
      expect(await judge.score([example])).toEqual([together[index]]);
    }
    expect(together[0]?.raw).not.toEqual(together[1]?.raw);
  });

  it("gives percentiles of its reference", async () => {
    const [score] = await judge.score(EXAMPLES.slice(0, 1));
    expect(score?.percentile).toEqual({
      helpful: percentile(score?.raw.helpful as number, judge.reference.helpful),
      harmless: percentile(score?.raw.harmless as number, judge.reference.harmless),
    });
  });

  it("stops, and goes on working", async () => {
    const stop = new AbortController();
    const many = Array.from({ length: 500 }, () => EXAMPLES[0] as Example);
    const scoring = judge.score(many, { signal: stop.signal });
    setTimeout(() => stop.abort(), 50);
    await expect(scoring).rejects.toMatchObject({ name: "DialError", code: "aborted" });
    expect(await judge.score(EXAMPLES)).toHaveLength(3);
  });
});
