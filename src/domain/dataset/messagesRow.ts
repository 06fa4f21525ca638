/** Rows of a chat model's training data: `{"messages": [{"role", "content"}, ...]}`, the last the assistant's. */

import * as v from "valibot";
import { type ExampleLine, object, text } from "../dataLines";
import { checkPrompt } from "../dialogue";
import { DialError } from "../errors";

const SPEAKERS = { user: "human", assistant: "assistant" } as const;
/** Instructions of whoever runs the model; a dialogue of human and assistant has no place for them. */
const INSTRUCTIONS = ["system", "developer"] as const;

export const messages = v.array(
  object({
    role: v.picklist(
      [...Object.keys(SPEAKERS), ...INSTRUCTIONS] as (
        | keyof typeof SPEAKERS
        | (typeof INSTRUCTIONS)[number]
      )[],
      ({ received }) => `"role" is ${received}; expected user, assistant or system`,
    ),
    content: text("content"),
  }),
  '"messages" is no list; expected a list of messages with "role" and "content"',
);

export interface MessagesExample {
  readonly example: ExampleLine;
  /** The texts of the instructions, which are not in the example. */
  readonly instructions: readonly string[];
}

/** @throws DialError "invalid-json-line", "invalid-dialogue" or "empty-prompt". */
export function exampleOfMessages(all: v.InferOutput<typeof messages>): MessagesExample {
  const instructions: string[] = [];
  const turns = all.flatMap(({ role, content }) => {
    if (role === "user" || role === "assistant") return [{ speaker: SPEAKERS[role], text: content.trim() }];
    instructions.push(content);
    return [];
  });
  const answer = turns.pop();
  if (answer?.speaker !== "assistant") {
    throw new DialError(
      "invalid-json-line",
      "the last message is not the assistant's; there is nothing to label",
    );
  }
  return { example: { prompt: checkPrompt(turns), completion: answer.text }, instructions };
}
