/** The reference set of completions that turns raw scores into percentiles; made by models/recipe. */

import * as v from "valibot";
import { checkModelFile } from "./checkModelFile";

const sorted = v.pipe(
  v.array(v.pipe(v.number(), v.finite())),
  v.minLength(1),
  v.check(
    (scores) => scores.every((score, index) => index === 0 || score >= (scores[index - 1] as number)),
    "not sorted",
  ),
);
const percentile = v.pipe(v.number(), v.minValue(0), v.maxValue(1));

const schema = v.object({
  helpful: sorted,
  harmless: sorted,
  joint: v.pipe(v.array(v.tuple([percentile, percentile])), v.minLength(1)),
});

export interface Reference {
  /** Raw scores of the reference completions at evenly spaced ranks, ascending. */
  readonly helpful: readonly number[];
  readonly harmless: readonly number[];
  /** [helpful, harmless] percentiles of single reference completions: targets that somebody reached. */
  readonly joint: readonly (readonly [number, number])[];
}

/** @throws DialError "model-damaged" naming the first field that is wrong. */
export function checkReference(value: unknown): Reference {
  return checkModelFile("damaged reference", schema, value);
}
