import { DialError } from "../domain/errors";
import type { SamplingParameters } from "./policy";

/**
 * Passes sampling parameters that lie in their ranges.
 * @throws DialError "invalid-option" naming the parameter, its value and its range.
 */
export function checkSampling(sampling: SamplingParameters): SamplingParameters {
  const { temperature, topP, topK, minP, repetitionPenalty, stop, maxTokens, guidance } =
    wholeSampling(sampling);
  expect(
    temperature >= 0 && Number.isFinite(temperature),
    "temperature",
    temperature,
    "a number of 0 or more",
  );
  expect(topP > 0 && topP <= 1, "top-p", topP, "a number above 0, at most 1");
  expect(Number.isInteger(topK) && topK >= 0, "top-k", topK, "a whole number of 0 or more");
  expect(minP >= 0 && minP <= 1, "min-p", minP, "a number from 0 to 1");
  expect(
    repetitionPenalty > 0 && Number.isFinite(repetitionPenalty),
    "repetition penalty",
    repetitionPenalty,
    "a number above 0",
  );
  for (const text of stop) expect(text !== "", "stop text", JSON.stringify(text), "one letter at least");
  expect(Number.isInteger(maxTokens) && maxTokens >= 1, "tokens", maxTokens, "a whole number of 1 or more");
  expect(Number.isFinite(guidance), "guidance", guidance, "a number");
  return sampling;
}

/** The parameters with what they left out. */
export function wholeSampling(sampling: SamplingParameters): Required<SamplingParameters> {
  const { minP = 0, repetitionPenalty = 1, stop = [] } = sampling;
  return { ...sampling, minP, repetitionPenalty, stop };
}

/**
 * The inverse of `wholeSampling`: what does nothing is left out, as in runs from before there were such parameters. The
 * order is that of their headers.
 */
export function plainSampling(sampling: Required<SamplingParameters>): SamplingParameters {
  const { temperature, topP, topK, minP, repetitionPenalty, stop, maxTokens, guidance } = sampling;
  return {
    temperature,
    topP,
    topK,
    ...(minP !== 0 && { minP }),
    ...(repetitionPenalty !== 1 && { repetitionPenalty }),
    ...(stop.length > 0 && { stop }),
    maxTokens,
    guidance,
  };
}

function expect(holds: boolean, name: string, value: unknown, expected: string): void {
  if (!holds) throw new DialError("invalid-option", `invalid ${name}: ${value}; expected ${expected}`);
}
