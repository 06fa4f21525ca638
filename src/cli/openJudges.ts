import { DialError } from "../domain/errors";
import type { OpenJudge } from "../runtimes/local/node";
import type { ModelSource } from "./io";

export interface OpenJudges {
  readonly judge: OpenJudge;
  /** Scores beside it; left out where none ships. */
  readonly second: OpenJudge | undefined;
  /** sha256 of each file of both, by path. */
  readonly files: Readonly<Record<string, string>>;
  /** The judge's name for a run's header, null for the default one. */
  readonly named: string | null;
}

/**
 * @param names of both; the default one, and another of the manifest's, where left out.
 * @throws DialError "invalid-option" where both are one.
 */
export async function openJudges(
  models: ModelSource,
  names: { readonly judge?: string | undefined; readonly second?: string | undefined },
): Promise<OpenJudges> {
  const shipped = await models.shipped();
  const other = names.second ?? shipped.heldout(names.judge);
  if (other === (names.judge ?? shipped.judge)) {
    throw new DialError(
      "invalid-option",
      `the second reward model is the judge itself: ${other}; name another`,
    );
  }
  const judge = await models.openJudge(names.judge);
  const second = other === null ? undefined : await models.openJudge(other);
  return {
    judge,
    second,
    files: { ...judge.models, ...second?.models },
    named: judge.name === shipped.judge ? null : judge.name,
  };
}
