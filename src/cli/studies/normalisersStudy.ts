import { normaliserViews } from "../../experiments/studies/normalisers";
import type { Options } from "../arguments";
import type { CliIo } from "../io";

/** Percentiles of the answer that the prompts are about. */
const EXAMPLE = { helpful: 0.9, harmless: 0.25 };

/** Prints what each normaliser makes of the judge's reference answers. */
export async function normalisersStudy(
  { judge: name }: Options<{ judge: "text" }>,
  { models, print }: CliIo,
): Promise<void> {
  const judge = await models.openJudge(name);
  print({ study: "normalisers", normalisers: normaliserViews(judge.reference, EXAMPLE, "bottom") });
}
