import { plainSampling } from "../runtimes/checkSampling";
import { DEFAULT_SAMPLING, type SamplingParameters } from "../runtimes/policy";
import { RULES, readNumber } from "./fields";
import type { SamplingSettings } from "./settings";

/** @throws DialError "invalid-option" for the first setting that cannot be used. */
export function readSampling(settings: SamplingSettings): SamplingParameters {
  const stop = settings.stop.value;
  return plainSampling({
    temperature: readNumber(settings.temperature.value, RULES.temperature),
    topP: readNumber(settings.topP.value, RULES.topP),
    topK: readNumber(settings.topK.value, RULES.topK),
    minP: readNumber(settings.minP.value, RULES.minP),
    repetitionPenalty: readNumber(settings.repetitionPenalty.value, RULES.repetitionPenalty),
    stop: stop === "" ? [] : [stop.replaceAll("\\n", "\n")],
    maxTokens: readNumber(settings.maxTokens.value, RULES.maxTokens),
    guidance: settings.guidance
      ? readNumber(settings.guidance.value, RULES.guidance)
      : DEFAULT_SAMPLING.guidance,
  });
}

/** The settings that `readSampling` reads these parameters from. */
export function sampledText(sampling: SamplingParameters): Readonly<Record<string, string>> {
  const { temperature, topP, topK, minP, repetitionPenalty, stop, maxTokens, guidance } = sampling;
  return {
    temperature: String(temperature),
    topP: String(topP),
    topK: String(topK),
    minP: String(minP ?? 0),
    repetitionPenalty: String(repetitionPenalty ?? 1),
    stop: (stop?.[0] ?? "").replaceAll("\n", "\\n"),
    maxTokens: String(maxTokens),
    guidance: String(guidance),
  };
}
