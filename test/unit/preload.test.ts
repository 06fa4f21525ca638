import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { DownloadPlan } from "../../src/runtimes/local/browser";

interface Load {
  readonly cachedOnly: boolean;
  readonly own?: unknown;
  readonly signal: AbortSignal;
}

const runtime = vi.hoisted(() => ({ downloadPlan: vi.fn(), openPolicy: vi.fn() }));
vi.mock("../../src/runtimes/local/browser", () => runtime);
vi.mock("../../src/storage/adapters", () => ({ listAdapters: async () => [{ name: "mine" }] }));

const file = (model: "policy" | "judge", cached: boolean) => {
  return { path: model, bytes: 1, sha256: "0".repeat(64), model, cached };
};
/** The judge is not here: that does not hold the policy up. */
const HERE: DownloadPlan = {
  device: { device: "wasm", reason: "" },
  files: [file("policy", true), file("judge", false)],
  runtimeCached: true,
};

let loads: (Load & { resolve(model: unknown): void; reject(error: unknown): void })[];
let stop = () => {};
/** The page's modules as a visit begins: what one visit has learnt, the next has not. */
let visit: Awaited<ReturnType<typeof openVisit>>;

async function openVisit() {
  vi.resetModules();
  const { engine } = await import("../../src/app/engine/engine");
  const { preloadPolicy } = await import("../../src/app/play/preload");
  const { policy } = await import("../../src/app/settings");
  const { DialError } = await import("../../src/domain/errors");
  return { engine, preloadPolicy, settings: policy, DialError };
}

/** Play is opened, and what is there looked at. */
async function open(plan = HERE): Promise<void> {
  runtime.downloadPlan.mockResolvedValue(plan);
  stop = visit.preloadPolicy();
  await visit.engine.refreshPlan();
}

/** Until as many loads have begun. */
const begun = (count: number) => vi.waitFor(() => expect(loads).toHaveLength(count));

beforeEach(async () => {
  vi.stubGlobal("location", { search: "" });
  vi.stubGlobal("navigator", { deviceMemory: 8 });
  loads = [];
  visit = await openVisit();
  runtime.openPolicy.mockReset().mockImplementation((load: Load) => {
    return new Promise((resolve, reject) => {
      load.signal.addEventListener("abort", () => reject(new visit.DialError("aborted", "stopped")));
      loads.push({ ...load, resolve, reject });
    });
  });
});
afterEach(() => {
  stop();
  vi.unstubAllGlobals();
});

describe("the policy, where all of it is on this device", () => {
  test("begins to load when Play is opened, from there alone, and a run joins in", async () => {
    await open();
    await begun(1);
    expect(loads[0]?.cachedOnly).toBe(true);
    const run = visit.engine.loadPolicy();
    const model = { name: "main", close() {} };
    loads[0]?.resolve(model);
    expect(await run).toBe(model);
    expect(visit.engine.policyLoaded.value).toBe(true);
    expect(loads).toHaveLength(1);
  });

  test("is not begun again once it was stopped; a run loads it", async () => {
    await open();
    await begun(1);
    visit.engine.cancelLoad();
    await vi.waitFor(() => expect(visit.engine.state.value.kind).toBe("closed"));
    await visit.engine.refreshPlan();
    expect(visit.engine.state.value.kind).toBe("closed");
    void visit.engine.loadPolicy();
    await begun(2);
    expect(loads[1]?.cachedOnly).toBe(false);
  });

  test("stays where it is there, though another load is cancelled", async () => {
    await open();
    await begun(1);
    const close = vi.fn();
    loads[0]?.resolve({ name: "main", close });
    await vi.waitFor(() => expect(visit.engine.policyLoaded.value).toBe(true));
    visit.engine.cancelLoad();
    expect(visit.engine.policyLoaded.value).toBe(true);
    expect(close).not.toHaveBeenCalled();
  });

  test("fails without a word, is not begun again, and is loaded anew for a run that waits", async () => {
    await open();
    await begun(1);
    loads[0]?.reject(new visit.DialError("model-missing", "removed meanwhile"));
    await vi.waitFor(() => expect(visit.engine.state.value.kind).toBe("closed"));
    await visit.engine.refreshPlan();
    expect(visit.engine.state.value.kind).toBe("closed");

    visit = await openVisit();
    loads = [];
    await open();
    await begun(1);
    const run = visit.engine.loadPolicy();
    loads[0]?.reject(new Error("WebGPU did not start"));
    await begun(2);
    expect(loads[1]?.cachedOnly).toBe(false);
    loads[1]?.resolve("a policy");
    expect(await run).toBe("a policy");
  });

  test("says so where a file of it is damaged", async () => {
    await open();
    await begun(1);
    const error = new visit.DialError("model-damaged", "base-1");
    loads[0]?.reject(error);
    await vi.waitFor(() => expect(visit.engine.state.value).toEqual({ kind: "failed", error }));
    await visit.engine.refreshPlan();
    expect(loads).toHaveLength(1);
  });

  test("gives way to another adapter, which loads by itself too", async () => {
    await open();
    await begun(1);
    visit.settings.adapter.value = "mine";
    await begun(2);
    expect(loads[0]?.signal.aborted).toBe(true);
    expect(loads[1]).toMatchObject({ own: { name: "mine" }, cachedOnly: true });
  });
});

describe("an address that names another adapter", () => {
  /** The policy, loaded for a run that goes on. */
  async function running() {
    const close = vi.fn();
    await open();
    await begun(1);
    visit.engine.busy.value = "match";
    const load = visit.engine.loadPolicy();
    loads[0]?.resolve({ name: "main", close });
    await load;
    return close;
  }

  test("leaves the policy of a run that goes on alone until the run has ended", async () => {
    const close = await running();
    visit.settings.adapter.value = "mine";
    expect(close).not.toHaveBeenCalled();
    visit.engine.busy.value = null;
    expect(close).toHaveBeenCalledOnce();
    expect(visit.engine.policyLoaded.value).toBe(false);
  });

  test("changes nothing where it names the first one again before that", async () => {
    const close = await running();
    visit.settings.adapter.value = "mine";
    visit.settings.adapter.value = "";
    visit.engine.busy.value = null;
    expect(close).not.toHaveBeenCalled();
    expect(visit.engine.policyLoaded.value).toBe(true);
  });

  test("is the one that a run loads that took it as it began", async () => {
    const close = await running();
    visit.settings.adapter.value = "mine";
    void visit.engine.loadPolicy().catch(() => {});
    expect(close).toHaveBeenCalledOnce();
    expect(visit.engine.state.value.kind).toBe("loading");
  });
});

describe("does not begin by itself", () => {
  test.each<[string, DownloadPlan]>([
    ["where a file of it would be downloaded", { ...HERE, files: [file("policy", false)] }],
    ["where the program that runs it would be", { ...HERE, runtimeCached: false }],
  ])("%s", async (_, plan) => {
    await open(plan);
    expect(visit.engine.state.value.kind).toBe("closed");
  });

  test("where memory is short", async () => {
    vi.stubGlobal("navigator", { deviceMemory: 2 });
    await open();
    expect(visit.engine.state.value.kind).toBe("closed");
  });

  test("once Play was left", async () => {
    await open({ ...HERE, files: [file("policy", false)] });
    stop();
    runtime.downloadPlan.mockResolvedValue(HERE);
    await visit.engine.refreshPlan();
    expect(visit.engine.state.value.kind).toBe("closed");
  });

  test("where an endpoint answers, or while models are at work", async () => {
    visit.engine.remote.value = { name: "there" } as never;
    await open();
    visit.engine.remote.value = null;
    expect(visit.engine.state.value.kind).toBe("closed");
    visit.engine.busy.value = "studies";
    await visit.engine.refreshPlan();
    expect(visit.engine.state.value.kind).toBe("closed");
  });
});
