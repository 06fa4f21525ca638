/** The requests for samples against OpenAI's own description; those of fine-tuning are in endpointJobs.test.ts. */

import { describe, expect, test } from "vitest";
import { question } from "../../src/domain/dialogue";
import { ENDPOINT_KINDS, type EndpointKind } from "../../src/runtimes/openai/endpoint";
import { requestBody, withoutRefused } from "../../src/runtimes/openai/requestBody";
import { DEFAULT_SAMPLING } from "../../src/runtimes/policy";
import { openAiDescription } from "../support/openaiDescription";

const PATHS: Readonly<Record<EndpointKind, string>> = {
  chat: "/chat/completions",
  completions: "/completions",
};
const description = openAiDescription();

/** What OpenAI would find wrong with a request, the parameters that it refused left out or renamed. */
function wrong(kind: EndpointKind, refused: readonly string[] = [], more = {}): string | null | undefined {
  const endpoint = { baseUrl: "https://api.example.org/v1", model: "m", kind, format: "bottom" as const };
  const request = {
    dialogue: question("Eggs?"),
    target: { helpful: 0.4, harmless: 0.75 },
    seed: 7,
    row: 2 ** 32 - 1,
    sampling: { ...DEFAULT_SAMPLING, temperature: 0.7, topP: 0.9 },
  };
  const body = { ...withoutRefused(requestBody(endpoint, request), new Set(refused)), ...more };
  return description?.request({ method: "POST", path: PATHS[kind], query: new URLSearchParams(), body });
}

describe.skipIf(description === null).each(ENDPOINT_KINDS)("a request for a sample, %s", (kind) => {
  test("is as OpenAI describes it", () => {
    expect(wrong(kind)).toBeNull();
  });

  test("is so without what a server refuses", () => {
    expect(wrong(kind, ["logprobs", "seed", "stream_options"])).toBeNull();
    if (kind === "chat") expect(wrong(kind, ["max_tokens"])).toBeNull();
  });

  test("would not pass with a wrong value, or a field that is not known", () => {
    expect(wrong(kind, [], { temperature: 3 })).toContain("body/temperature must be <= 2");
    expect(wrong(kind, [], { top_q: 1 })).toContain("must NOT have unevaluated properties");
  });
});
