import { expect, test } from "vitest";
import { noteUsage, usageOf } from "../../src/app/endpoint/usage";
import { NO_USAGE } from "../../src/domain/spend";

const endpoint = (model: string) =>
  ({ baseUrl: "https://api.example.org/v1", model, kind: "chat", format: "bottom" }) as const;

test("each model of an endpoint has an account of its own", () => {
  noteUsage(endpoint("one"), { answers: 1, promptTokens: 30 });
  noteUsage(endpoint("one"), { answers: 1, promptTokens: 12 });
  noteUsage(endpoint("two"), { kept: 1 });
  expect(usageOf(endpoint("one"))).toEqual({ ...NO_USAGE, answers: 2, promptTokens: 42 });
  expect(usageOf(endpoint("two"))).toEqual({ ...NO_USAGE, kept: 1 });
  expect(usageOf(endpoint("three"))).toEqual(NO_USAGE);
});
