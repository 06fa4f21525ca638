import { describe, expect, it } from "vitest";
import { DialError } from "../../src/domain/errors";
import { runtimeFailure } from "../../src/runtimes/runtimeFailure";

describe("runtimeFailure", () => {
  it("keeps a failure that says what it is", () => {
    const stopped = new DialError("aborted", "scoring was stopped", true);
    expect(runtimeFailure("scoring", stopped)).toBe(stopped);
  });

  it("takes any other for the end of the worker, which can be started again", () => {
    expect(runtimeFailure("scoring", new Error("run the graph: code 6"))).toMatchObject({
      name: "DialError",
      code: "worker-died",
      message: "scoring failed (run the graph: code 6); start again",
      recoverable: true,
    });
  });
});
