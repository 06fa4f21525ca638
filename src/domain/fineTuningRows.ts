/** Reads a finished fine-tuning file, whoever made it. */

import * as v from "valibot";
import type { ChatMessage } from "./chatMessages";
import { DialError } from "./errors";
import type { CompletionRow } from "./fineTuning";
import { lineError, readJsonLines } from "./jsonLines";

const completionRow = v.object({ prompt: v.string(), completion: v.pipe(v.string(), v.nonEmpty()) });
const chatRow = v.object({
  messages: v.pipe(
    v.array(v.object({ role: v.picklist(["system", "user", "assistant"]), content: v.string() })),
    v.check(
      (messages) => messages.at(-1)?.role === "assistant",
      "Invalid end: Expected a last message of the assistant",
    ),
  ),
});

/** A row of such a file; what this page writes, see fineTuning.ts, and a system's message besides. */
export type FineTuningRow = CompletionRow | { readonly messages: readonly FineTuningMessage[] };

interface FineTuningMessage {
  readonly role: ChatMessage["role"] | "system";
  readonly content: string;
}

/**
 * Yields the rows; all have one shape.
 * @throws DialError "invalid-json-line" naming the line and the field; "invalid-option" where there are none.
 */
export async function* readFineTuningRows(
  chunks: AsyncIterable<string>,
): AsyncGenerator<FineTuningRow, void> {
  let shape: "messages" | "prompt" | null = null;
  for await (const { line, value } of readJsonLines(chunks)) {
    const found = typeof value === "object" && value !== null && "messages" in value ? "messages" : "prompt";
    const result = v.safeParse(found === "messages" ? chatRow : completionRow, value);
    if (!result.success) {
      const [issue] = result.issues;
      throw lineError(line, `${v.getDotPath(issue) ?? "row"}: ${issue.message}`);
    }
    shape ??= found;
    if (shape !== found) throw lineError(line, `has "${found}", but the lines before have "${shape}"`);
    yield result.output;
  }
  if (shape === null) throw new DialError("invalid-option", "the file has no rows; expected one a line");
}
