/** What a picture says of the run that it shows. */

import type { RunHeader } from "../../domain/run";
import { DEFAULT_SAMPLING, type SamplingParameters } from "../../runtimes/policy";

/** Of a file, or of prompts. */
const SHA256 = /^[0-9a-f]{64}$/;
const SHORT = 8;

/** The settings of a run that differ from one to the next, and its models by the start of their sha256. */
export function aboutRun({ options, models }: RunHeader): string[] {
  const { seed, policy, bestOf, shuffled, prompts, sampling } = options;
  const parts = [
    policy !== undefined && `policy ${policy}`,
    seed !== undefined && `seed ${seed}`,
    typeof bestOf === "number" && bestOf > 1 && `best of ${bestOf}`,
    shuffled === true && "shuffled control",
    ...(sampling ? samplingText(sampling as SamplingParameters) : []),
    prompts !== undefined && `prompts ${short(String(prompts))}`,
  ].filter((part) => part !== false);
  const files = Object.entries(models)
    .filter(([path]) => !path.endsWith(".json")) // Their tokenizers and layouts go with them.
    .map(([path, hash]) => (SHA256.test(hash) ? `${nameOf(path)} ${short(hash)}` : path));
  return [parts.join(", "), `models: ${files.join(", ")}`].filter((line) => line !== "");
}

/** The same of the run that it is compared with, in one line. @param name such as "the recorded run". */
export function comparedWith(name: string, header: RunHeader): string {
  return `Compared with ${name}: ${aboutRun(header).join("; ")}`;
}

/** Those that are not as usual, and the length, which rewards depend on. */
function samplingText({ maxTokens, ...sampling }: SamplingParameters): string[] {
  const changed = Object.entries(sampling).filter(
    ([name, value]) => value !== DEFAULT_SAMPLING[name as keyof SamplingParameters],
  );
  return [`${maxTokens} tokens at most`, ...changed.map(([name, value]) => `${name} ${value}`)];
}

const short = (text: string): string => (SHA256.test(text) ? text.slice(0, SHORT) : text);
const nameOf = (path: string): string => path.replace(/^.*\//, "").replace(/\.[a-z]+$/, "");
