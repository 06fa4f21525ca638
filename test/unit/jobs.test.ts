import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { activate, prices } from "../../src/app/endpoint/connection";
import { settings } from "../../src/app/endpoint/endpointSettings";
import {
  cancelJob,
  close,
  find,
  follow,
  type KnownJob,
  known,
  open,
  takeResult,
} from "../../src/app/endpoint/jobs";
import { DialError } from "../../src/domain/errors";
import type { Access } from "../../src/runtimes/openai/endpoint";
import type { Job } from "../../src/runtimes/openai/fineTuning";

const api = vi.hoisted(() => ({
  job: vi.fn(),
  cancel: vi.fn(),
  jobs: vi.fn(),
  newEvents: async () => [],
  accesses: [] as Access[],
}));

vi.mock("../../src/runtimes/openai/fineTuning", async (original) => ({
  ...(await original<object>()),
  FineTuning: class {
    constructor(_: string, access: Access) {
      api.accesses.push(access);
    }
    job = api.job;
    jobs = api.jobs;
    cancel = api.cancel;
    newEvents = api.newEvents;
  },
}));

const BETWEEN_LOOKS_MS = 3000;

const knownJob = (id: string, createdAt = 1): KnownJob => ({
  id,
  baseUrl: "https://api.example.org/v1",
  model: "babbage-002",
  kind: "completions",
  createdAt,
});
const job = (id: string, status: string): Job => ({
  id,
  model: "babbage-002",
  status,
  created_at: 1,
  fine_tuned_model: null,
  trained_tokens: null,
  error: null,
});

beforeEach(() => {
  vi.useFakeTimers();
  api.job.mockImplementation(async (id: string) => job(id, id === "done" ? "succeeded" : "running"));
});
afterEach(() => {
  close();
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** Opens a job and waits for its first look. */
async function opened(id: string): Promise<void> {
  void follow(knownJob(id));
  await vi.advanceTimersByTimeAsync(0);
}

describe("the model that came out", () => {
  const shown = (known: KnownJob) => {
    const succeeded = { ...job(known.id, "succeeded"), fine_tuned_model: "ft:mine" };
    return { known, job: succeeded, events: [], error: null, cancelError: null };
  };

  test("is asked in the form that it was trained on, and where that is not known as it was before", () => {
    settings.format.value = "bottom";
    takeResult(shown({ ...knownJob("a"), format: "top" }));
    expect(settings.format.value).toBe("top");
    takeResult(shown(knownJob("b")));
    expect(settings.format.value).toBe("top");
    expect(settings.model.value).toBe("ft:mine");
  });

  test("has no prices until they are typed, which stay when it is taken again", () => {
    settings.baseUrl.value = "https://api.example.org/v1";
    settings.model.value = "dear";
    settings.promptPrice.value = settings.completionPrice.value = "10";
    activate();
    takeResult(shown(knownJob("a")));
    expect(prices.value).toBeNull();
    settings.promptPrice.value = settings.completionPrice.value = "2";
    takeResult(shown(knownJob("a")));
    expect(prices.value).toEqual({ prompt: 2, completion: 2 });
  });

  test("keeps that form when the job is found at the endpoint again", async () => {
    await opened("a");
    void follow({ ...knownJob("c"), format: "joint" });
    void follow(knownJob("c"));
    expect(known.value.find(({ id }) => id === "c")).toMatchObject({ format: "joint" });
  });
});

test("what looking after jobs waits for is not said to be what a run waits for", async () => {
  api.accesses.length = 0;
  api.jobs.mockResolvedValueOnce([]);
  await opened("a");
  await cancelJob();
  await find();
  expect(api.accesses.map(({ onSetback }) => onSetback)).toEqual([undefined, undefined, undefined]);
});

describe("where a look at a job fails", () => {
  test("it is looked at again, more seldom, until there is an answer", async () => {
    const offline = new DialError("offline", "this computer is offline", true);
    api.job.mockClear().mockRejectedValueOnce(offline).mockRejectedValueOnce(offline);
    await opened("a");
    expect(open.value).toMatchObject({ error: offline });
    await vi.advanceTimersByTimeAsync(2 * BETWEEN_LOOKS_MS);
    expect(api.job).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(3 * BETWEEN_LOOKS_MS);
    expect(api.job).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(BETWEEN_LOOKS_MS);
    expect(open.value).toMatchObject({ error: null, job: { status: "running" } });
    await vi.advanceTimersByTimeAsync(BETWEEN_LOOKS_MS);
    expect(api.job).toHaveBeenCalledTimes(4);
  });

  test("for what only the user can put right, it is left", async () => {
    const refused = new DialError("endpoint-key", "check the key");
    api.job.mockClear().mockRejectedValueOnce(refused);
    await opened("a");
    await vi.advanceTimersByTimeAsync(40 * BETWEEN_LOOKS_MS);
    expect(open.value).toMatchObject({ error: refused });
    expect(api.job).toHaveBeenCalledTimes(1);
  });
});

describe("cancelling a job", () => {
  test("that fails says why until the next action, however often the job is looked at", async () => {
    await opened("a");
    const refusal = new Error("not yours");
    api.cancel.mockRejectedValueOnce(refusal);
    await cancelJob();
    await vi.advanceTimersByTimeAsync(2 * BETWEEN_LOOKS_MS);
    expect(api.job.mock.calls.length).toBeGreaterThan(2);
    expect(open.value).toMatchObject({ cancelError: refusal, error: null, job: { status: "running" } });
    api.cancel.mockResolvedValueOnce(job("a", "cancelled"));
    await cancelJob();
    expect(open.value).toMatchObject({ cancelError: null, job: { status: "cancelled" } });
  });

  test("that fails while the job is looked at says why", async () => {
    await opened("a");
    let look = (_: Job): void => {};
    api.job.mockImplementationOnce(() => new Promise((resolve) => (look = resolve)));
    await vi.advanceTimersByTimeAsync(BETWEEN_LOOKS_MS);
    const refusal = new Error("not yours");
    api.cancel.mockRejectedValueOnce(refusal);
    await cancelJob();
    look(job("a", "running"));
    await vi.advanceTimersByTimeAsync(0);
    expect(open.value).toMatchObject({ cancelError: refusal });
  });

  test.each(["answered", "refused"])("says nothing where another is open when it is %s", async (how) => {
    let end = (): void => {};
    api.cancel.mockImplementationOnce(
      () =>
        new Promise((resolve, reject) => {
          end = () => (how === "answered" ? resolve(job("a", "cancelled")) : reject(new Error("not yours")));
        }),
    );
    await opened("a");
    const cancelled = cancelJob();
    await opened("done");
    const shown = open.value;
    expect(shown).toMatchObject({ known: { id: "done" }, job: { id: "done", status: "succeeded" } });
    end();
    await cancelled;
    expect(open.value).toBe(shown);
  });
});

describe("two tabs", () => {
  const openTab = async () => {
    vi.resetModules();
    return import("../../src/app/endpoint/jobs");
  };
  const idsIn = ({ known }: { readonly known: { readonly value: readonly KnownJob[] } }) =>
    known.value.map(({ id }) => id);

  beforeEach(() => {
    const held: Record<string, string> = {};
    vi.stubGlobal("localStorage", {
      getItem: (name: string) => held[name] ?? null,
      setItem: (name: string, text: string) => {
        held[name] = text;
      },
    });
  });

  test("remember each other's jobs, and bring back none that the other forgot", async () => {
    const [a, b] = [await openTab(), await openTab()];
    void a.follow(knownJob("of-a", 1));
    void b.follow(knownJob("of-b", 2));
    expect(idsIn(await openTab())).toEqual(["of-b", "of-a"]);
    b.forget(knownJob("of-b", 2));
    expect(idsIn(await openTab())).toEqual(["of-a"]);
    void a.follow(knownJob("more", 3));
    b.forget(knownJob("of-a", 1));
    expect(idsIn(await openTab())).toEqual(["more"]);
    for (const tab of [a, b]) tab.close();
  });

  test("without storage each remembers its own", async () => {
    vi.unstubAllGlobals();
    const tab = await openTab();
    for (const id of ["one", "two"]) void tab.follow(knownJob(id));
    expect(idsIn(tab)).toEqual(["one", "two"]);
    tab.close();
  });
});
