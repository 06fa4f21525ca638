/** A worker for the tests of the bridge: it fails in every way that a worker can. */

import { DialError } from "../../../src/domain/errors";
import { serve } from "../../../src/runtimes/serve";

let stopped = () => {};

const api = {
  double: (value: number) => value * 2,
  refuse: () => {
    throw new DialError("invalid-target", "invalid target: 1.4; expected a number in [0, 1]");
  },
  fail: () => {
    throw new RangeError("an index is out of range");
  },
  trap: () => {
    throw new WebAssembly.RuntimeError("unreachable");
  },
  crash: () => {
    setTimeout(() => {
      throw new Error("boom");
    });
    return new Promise<never>(() => {});
  },
  /** Breaks off when `stop` is called. */
  wait: () =>
    new Promise<never>((_, reject) => {
      stopped = () => reject(new DialError("aborted", "the worker stopped", true));
    }),
  stop: () => stopped(),
  /** Never looks up again. */
  spin: () => {
    while (true) Math.random();
  },
};

export type TestingApi = typeof api;

switch (self.name) {
  case "broken":
    throw new Error("cannot start");
  case "silent":
    break;
  default:
    serve(api);
}
