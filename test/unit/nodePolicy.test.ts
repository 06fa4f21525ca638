import { expect, it } from "vitest";
import { openPolicy } from "../../src/runtimes/local/node";
import {
  type Completion,
  type CompletionRequest,
  DEFAULT_SAMPLING,
  type Policy,
} from "../../src/runtimes/policy";

const QUESTIONS = [
  "How do I boil an egg?",
  "Hello!",
  "Name three colours that go well together in a small kitchen.",
];

function request(row: number): CompletionRequest {
  const text = QUESTIONS[row % QUESTIONS.length] as string;
  const sampling = { ...DEFAULT_SAMPLING, maxTokens: 4 + row, guidance: row === 3 ? 2 : 1 };
  return {
    dialogue: [{ speaker: "human", text }],
    target: { helpful: 0.8, harmless: 0.8 },
    seed: 9,
    row,
    sampling,
  };
}

async function collect(policy: Policy, requests: readonly CompletionRequest[]): Promise<Completion[]> {
  const found: Completion[] = [];
  for await (const { index, completion } of policy.sample(requests)) found[index] = completion;
  return found;
}

it("the shipped policy under Node gives a row the same text and log-probability in any company", async () => {
  const policy = await openPolicy({ threads: 2 });
  const requests = [0, 1, 2, 3, 4].map(request);
  const together = await collect(policy, requests);
  for (const index of [0, 2, 3]) {
    expect(await collect(policy, [requests[index] as CompletionRequest])).toEqual([together[index]]);
  }
  expect(together[0]?.text).not.toBe("");
  await policy.close();
}, 120_000);

it("the shipped policy under Node gives the same after a prompt that begins alike as after none", async () => {
  const dialogue = [{ speaker: "human", text: QUESTIONS.join(" ").repeat(5) }] as const;
  const wanted = [0.1, 0.9].map((helpful, row) => ({ ...request(row), dialogue, target: { helpful } }));
  const [first, second] = await Promise.all(
    [wanted, wanted.slice(1)].map(async (requests) => {
      const policy = await openPolicy({ threads: 1 });
      const found = await collect(policy, requests);
      await policy.close();
      return found.at(-1);
    }),
  );
  expect(first).toEqual(second);
}, 120_000);
