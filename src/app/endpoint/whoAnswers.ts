import { DialError } from "../../domain/errors";
import type { RunHeader } from "../../domain/run";
import { engine } from "../engine/engine";

/** The endpoint and model that a run's answers are by; undefined for a model of the tab. */
export function endpointOf({ models }: RunHeader): string | undefined {
  return Object.keys(models).find((name) => /^https?:/.test(name));
}

/**
 * Passes a run that whoever answers now may go on with, before anything is loaded for it.
 * @throws DialError "invalid-option" that says who has to.
 */
export function checkWhoAnswers(header: RunHeader): void {
  const endpoint = endpointOf(header);
  const now = Object.keys(engine.remote.peek()?.models ?? {})[0];
  if (endpoint === now) return;
  throw new DialError(
    "invalid-option",
    endpoint === undefined
      ? "the answers of this run are by a model of this tab: go back to it on the Endpoint page, then go on"
      : `the answers of this run are by ${endpoint.replace(" ", ", model ")}: set it up and use it on the Endpoint page, then go on`,
  );
}
