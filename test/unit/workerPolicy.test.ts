import { expose } from "comlink";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { question } from "../../src/domain/dialogue";
import { DialError } from "../../src/domain/errors";
import type {
  OpenedPolicy,
  OpenRequest,
  PolicyWorkerApi,
  RewardWorkerApi,
} from "../../src/runtimes/local/workerApi";
import { type LocalJudge, openJudge } from "../../src/runtimes/local/workerJudge";
import { type LocalPolicy, openPolicy } from "../../src/runtimes/local/workerPolicy";
import { DEFAULT_SAMPLING } from "../../src/runtimes/policy";
import { READY } from "../../src/runtimes/wire";

/** What each worker that was started was asked to open. */
const opened: OpenRequest[] = [];
/** What the manifest says, by path. */
let models: Record<string, string>;
const ports: MessagePort[] = [];

/** A worker whose model opens on WASM at first, would open on WebGPU after, and dies while it samples. */
const api: PolicyWorkerApi = {
  async open(request): Promise<OpenedPolicy> {
    opened.push(request);
    const device = opened.length === 1 ? "wasm" : "webgpu";
    return { name: "main", axes: [], device, deviceReason: `start ${opened.length}`, models };
  },
  async check() {},
  async sample() {
    throw new DialError("worker-died", "sampling failed (out of memory); start again", true);
  },
  stop() {},
};

/** A worker whose judge dies while it scores. */
const judgeApi: RewardWorkerApi = {
  async open() {
    const reference = { helpful: [0], harmless: [0], joint: [[0, 0]] as const };
    return { name: "minilm", device: "wasm", deviceReason: "", models, reference };
  },
  async score() {
    throw new DialError("worker-died", "scoring failed (out of memory); start again", true);
  },
  stop() {},
};

function startWorker(_address: URL, { name }: WorkerOptions): MessagePort {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  expose(name === "reward" ? judgeApi : api, port2);
  port2.postMessage(READY);
  return Object.assign(port1, { terminate: () => {} });
}

const ASK = { dialogue: question("Hi"), target: null, seed: 1, row: 0, sampling: DEFAULT_SAMPLING };

beforeEach(() => {
  opened.length = 0;
  models = { "weights.bin": "ab", "graph.onnx": "cd" };
  vi.stubGlobal("document", { baseURI: "http://localhost/lab/" });
  vi.stubGlobal("Worker", startWorker);
});
afterEach(() => {
  vi.unstubAllGlobals();
  for (const port of ports) port.close();
});

it("a worker that takes the place of a dead one is opened on the device of the first, and may download", async () => {
  const policy = await openPolicy({ cachedOnly: true });
  for (let start = 0; start < 2; start++) {
    await expect(policy.sample([ASK]).next()).rejects.toMatchObject({ code: "worker-died" });
  }
  const folder = "http://localhost/lab/models/";
  expect(opened).toEqual([
    { folder, name: undefined, device: "auto", cachedOnly: true },
    { folder, name: undefined, device: "wasm", cachedOnly: false },
  ]);
  expect(policy).toMatchObject({ device: "wasm", deviceReason: "start 1" });
});

it.each([
  ["policy", openPolicy, (policy: LocalPolicy) => policy.sample([ASK]).next()],
  ["judge", openJudge, (judge: LocalJudge) => judge.score([])],
] as const)(
  "a %s's worker that takes the place of a dead one refuses other files than the first",
  async (_, open, use) => {
    const model = await open();
    const call = () => use(model as LocalPolicy & LocalJudge);
    await expect(call()).rejects.toMatchObject({ code: "worker-died" });
    models = { "graph.onnx": "cd", "weights.bin": "ab" };
    await expect(call()).rejects.toMatchObject({ code: "worker-died" });
    models = { "graph.onnx": "cd", "weights.bin": "ef" };
    await expect(call()).rejects.toMatchObject({
      code: "model-damaged",
      message: expect.stringContaining("reload"),
    });
  },
);
