import { signal } from "@preact/signals";
import { afterEach, describe, expect, test, vi } from "vitest";
import { keptRun } from "../../src/app/runs/keptRun";
import type { SavedList } from "../../src/app/runs/savedList";
import { DialError } from "../../src/domain/errors";
import type { RunHeader } from "../../src/domain/run";
import type { FoundRun, RunHead, RunStore } from "../../src/storage/runStore";

interface Head extends RunHead {
  readonly n: number;
  readonly header: RunHeader;
}

const HEADER: RunHeader = { kind: "study", version: 1, options: {}, models: {} };

test.each([
  ["is named in the address", true, ""],
  ["is not, where the page shows another study by then", false, ""],
  ["is not, where a link to another run was followed by then", true, "another"],
])("a run that is kept for the first time %s", async (_, shown, named) => {
  const setting = signal(named);
  const request = { n: 1 };
  const run = keptRun<typeof request, Head, null, object, never>({
    owner: "studies",
    store: { save: async () => {} } as unknown as RunStore<Head, null, object>,
    saved: {} as SavedList<Head>,
    setting,
    row: signal(""),
    onPage: () => true,
    contentOf: () => null,
    requestOf: () => (shown ? request : null),
    allRows: () => 1,
    make: async () => {},
  });
  await run.keep({ request, stored: null }, HEADER, { n: 1, content: "none" } as never);
  const id = run.open.value?.stored?.id;
  expect(id).toBeTruthy();
  expect(setting.value).toBe(shown && named === "" ? id : named);
});

const request = { n: 2, page: "this" };
const header = (n: number, model = "ab"): RunHeader => ({
  ...HEADER,
  options: { n },
  models: { graph: model },
});
const head = (id: string, n: number): Head => ({ id, createdAt: 0, content: "none", n, header: header(n) });

/** Runs of the page "this", two of them kept. `model` is what those who make rows have now. */
function kept({ model = "ab", reads = {} as Record<string, Promise<unknown>> } = {}) {
  const heads = new Map([head("one", 2), head("two", 2)].map((run) => [run.id, run]));
  const pages = new Map([["two", "another"]]);
  const setting = signal("");
  const page = { here: true };
  /** Rows of each run. */
  const made = [{ row: 0 }, { row: 1 }];
  const run = keptRun<typeof request, Head, null, { readonly row: number }, { readonly kind: "running" }>({
    owner: "studies",
    store: {
      save: async (saved: Head) => void heads.set(saved.id, saved),
      saveRows: async () => {},
      read: async (id: string): Promise<FoundRun<Head, null, { readonly row: number }> | null> => {
        await reads[id];
        const found = heads.get(id);
        return found ? { run: found, content: null, rows: [...made] } : null;
      },
    } as unknown as RunStore<Head, null, { readonly row: number }>,
    saved: { refresh: async () => {} } as unknown as SavedList<Head>,
    setting,
    row: signal(""),
    onPage: () => page.here,
    contentOf: () => null,
    requestOf: ({ run: { id, n } }) => (pages.has(id) ? null : { ...request, n }),
    allRows: ({ n }) => n,
    make: async (opened, stop) => {
      if (model === "slow") await new Promise((_, reject) => stop.addEventListener("abort", reject));
      await run.keep(opened, header(opened.request.n, model), null as never);
      await run.addRows([{ row: opened.request.n - 1 }]);
    },
  });
  return { run, heads, setting, page, made };
}

describe("a finished run that is to have more rows", () => {
  test("is kept as the larger one once those who make them are the same", async () => {
    const { run, heads } = kept();
    await run.openRun("one");
    await run.extend(3);
    expect(heads.get("one")).toMatchObject({ n: 3, header: { options: { n: 3 } } });
    expect(run.rows.value).toHaveLength(3);
    expect(run.state.value.kind).toBe("done");
  });

  test("stays the finished run that it was where others would make them", async () => {
    const { run, heads } = kept({ model: "cd" });
    await run.openRun("one");
    await run.extend(3);
    expect(run.refused.value).toBeInstanceOf(DialError);
    expect(heads.get("one")).toEqual(head("one", 2));
    expect(run.open.value).toMatchObject({ request: { n: 2 }, stored: head("one", 2) });
    expect(run.state.value.kind).toBe("done");
    await run.goOn();
    expect(heads.get("one")).toEqual(head("one", 2));
  });

  test("stays the finished run that it was where it is stopped before the first", async () => {
    const { run, heads } = kept({ model: "slow" });
    await run.openRun("one");
    const extended = run.extend(3);
    await vi.waitFor(() => expect(run.open.value?.request.n).toBe(3));
    run.stop();
    await extended;
    expect(run.refused.value).toBeNull();
    expect(heads.get("one")).toEqual(head("one", 2));
    expect(run.open.value?.request.n).toBe(2);
    expect(run.state.value.kind).toBe("done");
  });

  test("stays the larger one that another tab has made of it", async () => {
    const { run, heads, made } = kept();
    await run.openRun("one");
    heads.set("one", head("one", 5));
    made.push({ row: 2 }, { row: 3 }, { row: 4 });
    await run.extend(3);
    expect(heads.get("one")).toEqual(head("one", 5));
    expect(run.open.value).toMatchObject({ request: { n: 5 }, stored: head("one", 5) });
    expect(run.rows.value.slice(0, 5)).toEqual(made);
    expect(run.state.value.kind).toBe("done");
  });
});

describe("a run that is opened", () => {
  test("does not take the place of one that was asked for after it", async () => {
    let arrive = (_: unknown): void => {};
    const slow = new Promise((resolve) => {
      arrive = resolve;
    });
    const { run, heads } = kept({ reads: { one: slow } });
    heads.set("three", head("three", 2));
    const first = run.openRun("one");
    await run.openRun("three");
    arrive(null);
    await first;
    expect(run.open.value?.stored?.id).toBe("three");
  });

  test("leaves the page as it is where it belongs to another one", async () => {
    const { run } = kept();
    await run.openRun("one");
    await run.openRun("two");
    expect(run.open.value?.stored?.id).toBe("one");
    expect(run.elsewhere.value).toBe(false);
  });

  test("is missed where the address asks for it and the page cannot show it", async () => {
    const { run, setting } = kept();
    for (const id of ["two", "gone"]) {
      setting.value = id;
      await run.openRun(id);
      expect(run.open.value).toBeNull();
      expect(run.elsewhere.value).toBe(true);
    }
  });

  test("takes away what was said of the page before", async () => {
    const { run } = kept();
    const refuse = () =>
      run.start(() => {
        throw new Error("no");
      });
    await refuse();
    await run.openRun("one");
    expect(run.refused.value).toBeNull();
    await refuse();
    run.close();
    expect(run.refused.value).toBeNull();
  });
});

describe("the run on the screen and the one that the address names", () => {
  let end = (): void => {};
  afterEach(() => end());

  /** Followed, with the run "one" on the screen. */
  async function followed(options?: Parameters<typeof kept>[0]) {
    const all = kept(options);
    all.heads.set("three", head("three", 2));
    end = all.run.follow();
    all.setting.value = "one";
    await vi.waitFor(() => expect(all.run.open.value?.stored?.id).toBe("one"));
    return all;
  }
  /** Goes on with it until it is stopped. */
  async function goingOn() {
    const all = await followed({ model: "slow" });
    const ended = all.run.goOn();
    const stop = async () => {
      all.run.stop();
      await ended;
    };
    return { ...all, stop };
  }

  test("is taken away with the address that named it", async () => {
    const { run, setting } = await followed();
    setting.value = "";
    expect(run.open.value).toBeNull();
  });

  test("is named again where it goes on", async () => {
    const { run, setting, stop } = await goingOn();
    setting.value = "";
    expect(setting.value).toBe("one");
    await stop();
    expect(run.open.value?.stored?.id).toBe("one");
  });

  test("changes for a link that was followed while it went on once it has ended", async () => {
    const { run, setting, stop } = await goingOn();
    setting.value = "three";
    expect(run.open.value?.stored?.id).toBe("one");
    await stop();
    await vi.waitFor(() => expect(run.open.value?.stored?.id).toBe("three"));
    expect(setting.value).toBe("three");
  });

  test("is left alone, and the address with it, on a page of another kind", async () => {
    const { run, setting, page } = await followed();
    page.here = false;
    setting.value = "of another kind";
    await Promise.resolve();
    expect(run.open.value?.stored?.id).toBe("one");
    expect(setting.value).toBe("of another kind");
    expect(run.elsewhere.value).toBe(false);
  });

  test("is left alone where the page changes while it is read", async () => {
    let arrive = (_: unknown): void => {};
    const slow = new Promise((resolve) => {
      arrive = resolve;
    });
    const { run, setting, page } = await followed({ reads: { gone: slow } });
    setting.value = "gone";
    page.here = false;
    arrive(null);
    await new Promise((resolve) => setTimeout(resolve));
    expect(run.elsewhere.value).toBe(false);
    expect(setting.value).toBe("gone");
  });
});

describe("a run that goes on", () => {
  /** The locks of a browser, shared by its tabs. */
  function stubLocks(): Set<string> {
    const held = new Set<string>();
    const request = async (name: string, _: object, work: (lock: unknown) => Promise<void> | undefined) => {
      if (held.has(name)) return work(null);
      held.add(name);
      return Promise.resolve(work({ name })).finally(() => held.delete(name));
    };
    vi.stubGlobal("navigator", { locks: { request } });
    return held;
  }
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test("does so in one tab alone, and lets another one once it has ended", async () => {
    const held = stubLocks();
    const { run } = kept();
    await run.openRun("one");
    held.add("run one");
    await run.goOn();
    expect(run.state.value).toMatchObject({ kind: "failed", error: { code: "invalid-option" } });
    expect(run.rows.value).toHaveLength(2);
    held.delete("run one");
    await run.goOn();
    expect(run.state.value.kind).toBe("done");
    await vi.waitFor(() => expect([...held]).toEqual([]));
  });

  test("takes up the rows that another tab has made of it since it was opened", async () => {
    const { run, made } = kept();
    made.splice(1);
    await run.openRun("one");
    expect(run.rows.value).toHaveLength(1);
    made.push({ row: 1 }, { row: 2 });
    await run.goOn();
    expect(run.rows.value.slice(0, 3)).toEqual([{ row: 0 }, { row: 1 }, { row: 2 }]);
  });
});
