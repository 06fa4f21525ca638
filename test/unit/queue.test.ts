import { getEventListeners } from "node:events";
import { describe, expect, it } from "vitest";
import { Queue } from "../../src/runtimes/local/queue";

describe("Queue", () => {
  it("lets callers in one at a time, in order", async () => {
    const queue = new Queue();
    const log: string[] = [];
    const visit = async (name: string) => {
      const leave = await queue.enter();
      log.push(`${name} in`);
      await new Promise((resolve) => setTimeout(resolve));
      log.push(`${name} out`);
      leave();
    };
    await Promise.all(["a", "b", "c"].map(visit));
    expect(log).toEqual(["a in", "a out", "b in", "b out", "c in", "c out"]);
  });

  it("lets a caller who waits give up, and the next one in only when it is free", async () => {
    const queue = new Queue();
    const leave = await queue.enter();
    const stop = new AbortController();
    const impatient = queue.enter(stop.signal);
    let entered = false;
    const next = queue.enter().then(() => {
      entered = true;
    });
    stop.abort();
    await expect(impatient).rejects.toMatchObject({ name: "DialError", code: "aborted" });
    expect(entered).toBe(false);
    leave();
    await next;
    expect(entered).toBe(true);
  });

  it("leaves no listener on a signal that serves many turns", async () => {
    const queue = new Queue();
    const stop = new AbortController();
    for (let turn = 0; turn < 20; turn++) (await queue.enter(stop.signal))();
    await new Promise((resolve) => setTimeout(resolve));
    expect(getEventListeners(stop.signal, "abort")).toHaveLength(0);
  });
});
