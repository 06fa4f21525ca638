import { expose } from "comlink";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { question } from "../../src/domain/dialogue";
import { DialError } from "../../src/domain/errors";
import type { OpenedPolicy, OpenRequest, PolicyWorkerApi } from "../../src/runtimes/local/workerApi";
import { openPolicy } from "../../src/runtimes/local/workerPolicy";
import { DEFAULT_SAMPLING } from "../../src/runtimes/policy";
import { READY } from "../../src/runtimes/wire";

/** What each worker that was started was asked to open. */
const opened: OpenRequest[] = [];
const ports: MessagePort[] = [];

/** A worker whose model opens on WASM at first, would open on WebGPU after, and dies while it samples. */
const api: PolicyWorkerApi = {
  async open(request): Promise<OpenedPolicy> {
    opened.push(request);
    const device = opened.length === 1 ? "wasm" : "webgpu";
    return { name: "main", axes: [], device, deviceReason: `start ${opened.length}`, models: {} };
  },
  async check() {},
  async sample() {
    throw new DialError("worker-died", "sampling failed (out of memory); start again", true);
  },
  stop() {},
};

function startWorker(): MessagePort {
  const { port1, port2 } = new MessageChannel();
  ports.push(port1, port2);
  expose(api, port2);
  port2.postMessage(READY);
  return Object.assign(port1, { terminate: () => {} });
}

beforeEach(() => {
  vi.stubGlobal("document", { baseURI: "http://localhost/lab/" });
  vi.stubGlobal("Worker", startWorker);
});
afterEach(() => {
  vi.unstubAllGlobals();
  for (const port of ports) port.close();
});

it("a worker that takes the place of a dead one is opened on the device of the first, and may download", async () => {
  const policy = await openPolicy({ cachedOnly: true });
  const ask = { dialogue: question("Hi"), target: null, seed: 1, row: 0, sampling: DEFAULT_SAMPLING };
  for (let start = 0; start < 2; start++) {
    await expect(policy.sample([ask]).next()).rejects.toMatchObject({ code: "worker-died" });
  }
  const folder = "http://localhost/lab/models/";
  expect(opened).toEqual([
    { folder, name: undefined, device: "auto", cachedOnly: true },
    { folder, name: undefined, device: "wasm", cachedOnly: false },
  ]);
  expect(policy).toMatchObject({ device: "wasm", deviceReason: "start 1" });
});
