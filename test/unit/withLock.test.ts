import { afterEach, expect, test, vi } from "vitest";
import { holdRun } from "../../src/app/runs/holdRun";
import { withLock } from "../../src/storage/withLock";

type Granted = (lock: unknown) => Promise<unknown>;

afterEach(() => {
  vi.unstubAllGlobals();
});

const stubLocks = (request: (name: string, options: LockOptions, granted: Granted) => Promise<unknown>) =>
  vi.stubGlobal("navigator", { locks: { request } });

const refused = async (): Promise<never> => {
  throw new DOMException("access to the locks is denied", "SecurityError");
};

test.each([
  ["there are no locks", () => vi.stubGlobal("navigator", {})],
  ["site data is blocked", () => stubLocks(refused)],
])("work is done and a run goes on without a lock where %s", async (_, stub) => {
  stub();
  expect(await withLock("name", async () => "done")).toBe("done");
  const release = await holdRun("one");
  release();
});

test("work that fails under its lock is not done once more without", async () => {
  stubLocks((name, _, granted) => granted({ name }));
  const work = vi.fn(refused);
  await expect(withLock("name", work)).rejects.toMatchObject({ name: "SecurityError" });
  expect(work).toHaveBeenCalledTimes(1);
});

test("a name that another tab holds is waited for, or told of at once", async () => {
  const asked: LockOptions[] = [];
  stubLocks((name, options, granted) => {
    asked.push(options);
    return granted(options.ifAvailable ? null : { name });
  });
  const work = async () => "done";
  expect(await withLock("name", work)).toBe("done");
  expect(await withLock("name", work, async () => "held")).toBe("held");
  expect(asked).toEqual([{ ifAvailable: false }, { ifAvailable: true }]);
});
