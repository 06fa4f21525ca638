import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { type Endpoint, expose } from "comlink";
import { expect, test } from "vitest";
import { Bridge } from "../../src/runtimes/bridge";
import { READY } from "../../src/runtimes/wire";

const api = {
  answer: () => ({ text: "an answer" }),
  wait: () => new Promise<never>(() => {}),
};

/** A worker on this thread. */
function startWorker(): Worker {
  const { port1, port2 } = new MessageChannel();
  expose(api, port2 as Endpoint);
  port2.postMessage(READY);
  port1.start();
  return Object.assign(port1, {
    terminate: () => {
      port1.close();
      port2.close();
    },
  }) as unknown as Worker;
}

const open = () => new Bridge<typeof api>("the testing worker", startWorker, async () => {});

test("an answer that was given is not held for as long as the worker lives", async () => {
  setFlagsFromString("--expose-gc");
  const collect = runInNewContext("gc") as () => void;
  const bridge = open();
  const given = new WeakRef(await bridge.call((worker) => worker.answer()));
  await expect
    .poll(() => {
      collect();
      return given.deref() === undefined;
    })
    .toBe(true);
  bridge.close();
});

test("all calls that wait are rejected when the worker ends, and the next one starts another", async () => {
  const bridge = open();
  const waiting = [0, 1].map(() => bridge.call((worker) => worker.wait()));
  await bridge.call((worker) => worker.answer());
  bridge.close();
  for (const call of waiting) await expect(call).rejects.toMatchObject({ code: "aborted" });
  expect(await bridge.call((worker) => worker.answer())).toEqual(api.answer());
  bridge.close();
});
