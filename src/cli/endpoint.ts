/** The policy of a command: an adapter of the local one, or a model behind an OpenAI-compatible endpoint. */

import { DialError } from "../domain/errors";
import { PROMPT_FORMATS } from "../domain/rewardPrompt";
import { addUsage, NO_USAGE, type Usage } from "../domain/spend";
import { isAdapterFile } from "../runtimes/local/ownAdapter";
import { checkBaseUrl, checkKey, checkModelName, ENDPOINT_KINDS } from "../runtimes/openai/endpoint";
import { EndpointPolicy } from "../runtimes/openai/endpointPolicy";
import { describeSetback } from "../runtimes/openai/setback";
import type { Policy } from "../runtimes/policy";
import { choice, type Options, required, wholeNumber } from "./arguments";
import type { CliIo, ModelSource } from "./io";

export const POLICY_OPTIONS = {
  adapter: "text",
  "base-url": "text",
  model: "text",
  kind: "text",
  "prompt-format": "text",
  "key-env": "text",
  parallel: "text",
} as const;

const PARALLEL = 4;

export const POLICY_USAGE = `  --adapter NAME    policy adapter (the manifest's default), or the .safetensors file of a LoRA of your own; an
                    adapter_config.json beside it is read too
  --base-url URL    sample from an OpenAI-compatible endpoint instead, such as http://127.0.0.1:8080/v1
  --model NAME      the model there
  --kind NAME       ${ENDPOINT_KINDS.join(", ")} (${ENDPOINT_KINDS[0]})
  --prompt-format F where the prompts of an endpoint or of your own LoRA have the rewards:
                    ${PROMPT_FORMATS.join(", ")} (${PROMPT_FORMATS[0]})
  --key-env NAME    the environment variable that holds the key (no key)
  --parallel N      requests at the same time (${PARALLEL})`;

export interface ChosenPolicy {
  readonly policy: Policy & { readonly models: Readonly<Record<string, string>> };
  /** What an endpoint has been asked for so far, to go on a sentence with; empty for the local policy. */
  readonly spent: () => string;
}

/** @throws DialError "invalid-option" for an option that is wrong or does not go with the others, and what loading throws. */
export async function openChosenPolicy(
  options: Options<typeof POLICY_OPTIONS>,
  { models, progress }: Pick<CliIo, "models" | "progress">,
): Promise<ChosenPolicy> {
  const { "base-url": url, ...others } = options;
  if (url === undefined) {
    const stray = (["model", "kind", "key-env", "parallel"] as const).find(
      (name) => others[name] !== undefined,
    );
    if (stray) throw new DialError("invalid-option", `--${stray} needs --base-url; see --help`);
    return { policy: await openLocal(options, models), spent: () => "" };
  }
  if (options.adapter !== undefined) {
    throw new DialError("invalid-option", "--adapter is the local policy's; leave out it or --base-url");
  }
  let usage: Usage = NO_USAGE;
  const key = readKey(options["key-env"]);
  const policy = new EndpointPolicy(
    {
      baseUrl: checkBaseUrl(url),
      model: checkModelName(required("model", options.model)),
      kind: choice("kind", options.kind ?? ENDPOINT_KINDS[0], ENDPOINT_KINDS),
      format: choice("prompt-format", options["prompt-format"] ?? PROMPT_FORMATS[0], PROMPT_FORMATS),
    },
    () => ({
      key,
      fetch: globalThis.fetch,
      onSetback: (setback) => progress(`${describeSetback(setback)}; it is asked again${describe(usage)}`),
    }),
    {
      parallel: wholeNumber("parallel", options.parallel, 1, PARALLEL),
      onUsage: (more) => {
        usage = addUsage(usage, more);
      },
    },
  );
  return { policy, spent: () => describe(usage) };
}

function readKey(name: string | undefined): string {
  if (name === undefined) return "";
  const key = process.env[name];
  if (key) return checkKey(key);
  throw new DialError("invalid-option", `the environment variable ${name} of --key-env is not set`);
}

function describe({ answers, cut, untold, retries, promptTokens, completionTokens }: Usage): string {
  const paid = answers + cut;
  const midway = cut > 0 ? `, ${cut} of them cut off midway` : "";
  const estimated = untold > 0 ? ` (the prompts of ${untold} estimated)` : "";
  const again = retries > 0 ? `, busy or silent ${retries}×` : "";
  return `; paid for ${paid} answer${paid === 1 ? "" : "s"}${midway}, ${promptTokens} prompt and ${completionTokens} completion tokens${estimated}${again}`;
}

function openLocal(
  { adapter, "prompt-format": format }: Options<typeof POLICY_OPTIONS>,
  models: ModelSource,
): Promise<ChosenPolicy["policy"]> {
  if (format === undefined) return models.openPolicy(adapter);
  if (adapter === undefined || !isAdapterFile(adapter)) {
    throw new DialError("invalid-option", "--prompt-format needs --base-url, or the file of an adapter");
  }
  return models.openPolicy(adapter, choice("prompt-format", format, PROMPT_FORMATS));
}
