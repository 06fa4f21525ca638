import { beforeEach, describe, expect, test, vi } from "vitest";
import {
  dropOwnTargets,
  ownTargets,
  ownTargetsError,
  readOwnTargets,
  skipMalformedTargets,
  targetsAsked,
} from "../../src/app/runs/ownTargets";
import { readTargets } from "../../src/domain/targetLines";
import { textChunks } from "../../src/storage/textChunks";

/** What the reading of a file waits for. */
let reading: Promise<void> = Promise.resolve();
vi.mock("../../src/runtimes/local/workerReader", () => ({
  readTargets: async (content: Blob, most: number) => {
    await reading;
    return readTargets(textChunks(content), most);
  },
}));

const load = (text: string) => readOwnTargets(new File([text], "mine.csv"));

beforeEach(() => dropOwnTargets());

describe("the targets of a run", () => {
  test("are none of one's own until a file is loaded", () => {
    expect(targetsAsked()).toEqual([]);
  });

  test("are those of a file, its bad lines left out only where the user says so", async () => {
    await load("0.2,0.9\n1.2,0\n0.4,0.5\n");
    expect(() => targetsAsked()).toThrow(
      "mine.csv, line 2: invalid target: 1.2; expected a number in [0, 1]",
    );
    skipMalformedTargets.value = true;
    expect(targetsAsked()).toEqual([
      { helpful: 0.2, harmless: 0.9 },
      { helpful: 0.4, harmless: 0.5 },
    ]);
    await load("0.2,0.9\n");
    expect(skipMalformedTargets.value).toBe(false);
  });

  test("of a file without any are refused; those from before stay", async () => {
    await load("0.2,0.9\n");
    await load("a,b\nc,d\n");
    expect(ownTargetsError.value).toMatchObject({ message: expect.stringContaining("mine.csv, line 1: ") });
    expect(ownTargets.value?.targets).toHaveLength(1);
  });

  test.each([
    ["0.1,0.1\n0.2,0.2\n", "another file is read", () => load("0.9,0.9\n"), 1],
    ["a,b\nc,d\n", "another file is read", () => load("0.9,0.9\n"), 1],
    ["0.1,0.1\n", "the targets are put away", dropOwnTargets, 0],
  ])("are not those of a file %j that comes when %s", async (late, _, meanwhile, count) => {
    let end = (): void => {};
    reading = new Promise((resolve) => (end = resolve));
    const slow = load(late);
    reading = Promise.resolve();
    await vi.dynamicImportSettled();
    await meanwhile();
    end();
    await slow;
    expect(targetsAsked()).toHaveLength(count);
    expect(ownTargetsError.value).toBeNull();
  });
});
