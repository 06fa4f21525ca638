import { DEFAULT_SAMPLING, type SamplingParameters } from "../runtimes/policy";
import { RULES, readNumber } from "./fields";
import type { SamplingSettings } from "./settings";

/** @throws DialError "invalid-option" for the first setting that cannot be used. */
export function readSampling(settings: SamplingSettings): SamplingParameters {
  return {
    temperature: readNumber(settings.temperature.value, RULES.temperature),
    topP: readNumber(settings.topP.value, RULES.topP),
    topK: readNumber(settings.topK.value, RULES.topK),
    maxTokens: readNumber(settings.maxTokens.value, RULES.maxTokens),
    guidance: settings.guidance
      ? readNumber(settings.guidance.value, RULES.guidance)
      : DEFAULT_SAMPLING.guidance,
  };
}
