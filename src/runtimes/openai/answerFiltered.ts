import { quote } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";

/** How servers say, as an error's code or as the reason why an answer ended, that their content filter stepped in. */
export const CONTENT_FILTER = "content_filter";

/** @param opening of the prompt that was not answered. */
export function answerFiltered(opening: string): DialError {
  return new DialError(
    "answer-filtered",
    `the endpoint's content filter cut the answer to ${quote(opening)} off; leave that prompt out, or choose another model`,
  );
}

/** Whether a server refused a request for what its content filter found in the prompt. */
export function isFilterRefusal(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === CONTENT_FILTER;
}
