/** The sampling options that commands share. */

import { checkSampling, plainSampling } from "../runtimes/checkSampling";
import { DEFAULT_SAMPLING, type SamplingParameters } from "../runtimes/policy";
import { anyNumber, type Options } from "./arguments";

/** Those of commands that choose the guidance themselves. */
export const DRAWING_OPTIONS = {
  temperature: "text",
  "top-p": "text",
  "top-k": "text",
  "min-p": "text",
  "repetition-penalty": "text",
  stop: "texts",
  "max-tokens": "text",
} as const;

export const SAMPLING_OPTIONS = { ...DRAWING_OPTIONS, guidance: "text" } as const;

const { temperature, topP, topK, maxTokens, guidance } = DEFAULT_SAMPLING;

export const DRAWING_USAGE = `  --temperature T   softmax temperature, 0 is greedy (${temperature})
  --top-p P         nucleus mass kept, in (0, 1] (${topP})
  --top-k K         likeliest tokens kept, 0 keeps all (${topK})
  --min-p P         least share of the likeliest token's probability, 0 keeps all (0)
  --repetition-penalty R  divides the logits of tokens seen before, 1 is none (1)
  --stop TEXT       completions end before this text; more than once for more texts
  --max-tokens M    completions are cut after so many tokens (${maxTokens})`;

export const SAMPLING_USAGE = `${DRAWING_USAGE}
  --guidance W      weight of the wanted rewards over the null reward, 1 is none (${guidance})`;

/** @throws DialError "invalid-option" naming the parameter that is out of its range. */
export function readSampling(options: Options<typeof SAMPLING_OPTIONS>): SamplingParameters {
  const sampling = plainSampling({
    temperature: anyNumber("temperature", options.temperature, temperature),
    topP: anyNumber("top-p", options["top-p"], topP),
    topK: anyNumber("top-k", options["top-k"], topK),
    minP: anyNumber("min-p", options["min-p"], 0),
    repetitionPenalty: anyNumber("repetition-penalty", options["repetition-penalty"], 1),
    stop: options.stop ?? [],
    maxTokens: anyNumber("max-tokens", options["max-tokens"], maxTokens),
    guidance: anyNumber("guidance", options.guidance, guidance),
  });
  return checkSampling(sampling);
}
