import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { dial } from "./fakes/dial";

let folder: string;
vi.mock("../../src/cli/recordFile", async (original) => {
  const real = await original<typeof import("../../src/cli/recordFile")>();
  return {
    ...real,
    readJudgeRecording: () => real.readJudgeRecording(folder),
    openJudgeRecording: (header: Parameters<typeof real.openJudgeRecording>[0]) =>
      real.openJudgeRecording(header, folder),
  };
});

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "dial-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const recording = () => readFileSync(join(folder, "reward-model.json"), "utf8");
const partial = () => join(folder, "reward-model.jsonl.partial");
const kept = (): number => readFileSync(partial(), "utf8").trim().split("\n").length - 1;

describe("a recording of the reward-model study", () => {
  const pairs = () => {
    const path = join(folder, "pairs.jsonl");
    const lines = Array.from({ length: 40 }, (_, index) => {
      const pair = {
        prompt_dialogue: "\n\nHuman: Eggs?",
        chosen: `0.${10 + index} 0.3`,
        rejected: "0.4 0.9",
      };
      return `${JSON.stringify(pair)}\n`;
    });
    writeFileSync(path, lines.join(""));
    return ["study", "reward-model", "--helpful", path, "--record"];
  };

  test("that was cut short goes on where it was, and ends as one made at once", async () => {
    const { printed } = await dial(pairs());
    const whole = recording();
    expect(readdirSync(folder).toSorted()).toEqual(["pairs.jsonl", "reward-model.json"]);
    rmSync(join(folder, "reward-model.json"));
    expect((await dial(pairs(), { judgeDiesAfter: 2 })).status).toBe(2);
    expect(kept()).toBe(32);
    expect(existsSync(join(folder, "reward-model.json"))).toBe(false);
    appendFileSync(partial(), '{"axis":"helpf');
    const resumed = await dial(pairs(), { judgeDiesAfter: 1 });
    expect(resumed.shown).toEqual([expect.stringContaining("40/40 pairs")]);
    expect(resumed.printed).toEqual(printed);
    expect(recording()).toBe(whole);
    expect(existsSync(partial())).toBe(false);
  });

  test("begins anew for another judge, and where the part that was kept is damaged", async () => {
    await dial(pairs(), { judgeDiesAfter: 2 });
    await dial(pairs(), { judgeDiesAfter: 1, sha256: "cd" });
    expect(kept()).toBe(16);
    appendFileSync(partial(), "{}}\n");
    await dial(pairs(), { judgeDiesAfter: 0, sha256: "cd" });
    expect(kept()).toBe(0);
  });
});
