/** The policy that a kept run was begun with: taken to go on with the run, and named in a link to it. */

import type { RunHeader } from "../../domain/run";
import { checkWhoAnswers, endpointOf } from "../endpoint/whoAnswers";
import { settingOf, takeAdapter } from "../engine/chosenAdapter";
import { engine } from "../engine/engine";

interface Begun {
  readonly header: RunHeader;
  /** Left out where an earlier version kept the run. */
  readonly policy?: string;
}

/** Lets the run's policy answer. @throws DialError "invalid-option" where that is for the user to do, see checkWhoAnswers. */
export async function takeWhoBegan({ header, policy }: Begun): Promise<void> {
  checkWhoAnswers(header);
  if (engine.remote.peek() === null && policy !== undefined) await takeAdapter(policy);
}

/** The setting of a link that chooses the run's policy; none for an endpoint's, which no link may choose. */
export function linkedPolicy({ header, policy }: Begun): Readonly<Record<string, string>> {
  if (policy === undefined || endpointOf(header) !== undefined) return {};
  return { "policy.adapter": settingOf(policy) };
}
