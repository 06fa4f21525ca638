import { beforeEach, describe, expect, test, vi } from "vitest";
import { chosenAdapter, takeAdapter } from "../../src/app/engine/chosenAdapter";
import { manifest, otherAdapters, policyAxes, promptFormat } from "../../src/app/models/manifest";
import { policy as settings } from "../../src/app/settings";
import { DialError } from "../../src/domain/errors";
import { listAdapters } from "../../src/storage/adapters";

vi.mock("../../src/storage/adapters", () => ({ listAdapters: vi.fn(async () => []) }));

const FILE = { path: "a", bytes: 1, sha256: "0".repeat(64) };
const ORIGIN = { licence: "Apache-2.0", source: "a test" };
const GRAPH = { ...FILE, layout: FILE };
const adapter = (format: string, axes: readonly string[]) => ({ ...FILE, ...ORIGIN, format, axes });

beforeEach(() => {
  settings.adapter.value = "";
  manifest.value = {
    version: 1,
    policy: {
      name: "a policy",
      context: 16,
      base: { ...ORIGIN, files: [FILE] },
      graphs: { nbits: GRAPH, int8: GRAPH },
      tokenizer: FILE,
      adapters: {
        main: adapter("bottom", ["helpful", "harmless"]),
        "helpful-only": adapter("top", ["helpful"]),
      },
    },
    judges: { minilm: { ...ORIGIN, graph: FILE, tokenizer: FILE, reference: FILE } },
    defaults: { adapter: "main", judge: "minilm" },
  };
});

describe("the adapter that runs use", () => {
  test("is the default one until another is chosen", async () => {
    expect(await chosenAdapter()).toEqual({});
    expect(policyAxes.value).toEqual(["helpful", "harmless"]);
    expect(otherAdapters.value.map(({ name }) => name)).toEqual(["helpful-only"]);
  });

  test("is a shipped one by its name, with its format and its axes", async () => {
    settings.adapter.value = "helpful-only";
    expect(await chosenAdapter()).toEqual({ adapter: "helpful-only" });
    expect([promptFormat.value, policyAxes.value]).toEqual(["top", ["helpful"]]);
  });

  test("is the user's own where one has the name", async () => {
    const own = { name: "mine" } as never;
    vi.mocked(listAdapters).mockResolvedValueOnce([own]);
    settings.adapter.value = "mine";
    expect(await chosenAdapter()).toEqual({ own });
  });

  test("is a shipped one also where the browser keeps no adapters; of any other name, that is told", async () => {
    const failed = new DialError("storage-failed", "adapters cannot be kept in this browser", true);
    vi.mocked(listAdapters).mockRejectedValueOnce(failed).mockRejectedValueOnce(failed);
    settings.adapter.value = "helpful-only";
    expect(await chosenAdapter()).toEqual({ adapter: "helpful-only" });
    settings.adapter.value = "mine";
    await expect(chosenAdapter()).rejects.toBe(failed);
  });

  test("is refused where there is none of the name", async () => {
    settings.adapter.value = "gone";
    await expect(chosenAdapter()).rejects.toThrow('there is no adapter "gone"');
  });

  test("is that of a run that is gone on with", async () => {
    await takeAdapter("helpful-only");
    expect(settings.adapter.value).toBe("helpful-only");
    await takeAdapter("main");
    expect(settings.adapter.value).toBe("");
  });
});
