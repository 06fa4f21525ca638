/** PEFT's adapter_config.json: what a LoRA's file of weights does not always say itself. */

import * as v from "valibot";
import { DialError } from "../../domain/errors";
import type { LoraScale } from "./lora";

/** Kinds of LoRA that compute something else, by the field that asks for them. */
const UNSUPPORTED = {
  use_dora: "DoRA scales each row of the weights",
  use_qalora: "QA-LoRA pools the inputs",
  use_bdlora: "BD-LoRA has block-diagonal matrices",
  alora_invocation_tokens: "an activated LoRA works from certain tokens on alone",
  layer_replication: "layers are used twice",
  fan_in_fan_out: "the matrices lie the other way round",
} as const;
/** Initialisations that change the base's weights as well; PEFT's conversion to a plain LoRA writes another one. */
const CHANGES_BASE = /^(pissa|olora|corda|lora_ga|loftq)/i;
const UNSUPPORTED_FIELDS = Object.keys(UNSUPPORTED) as (keyof typeof UNSUPPORTED)[];

const pattern = v.optional(v.nullable(v.record(v.string(), v.unknown())));

const schema = v.object({
  peft_type: v.literal("LORA", "not a LoRA; this page loads no other kind of adapter"),
  r: v.pipe(v.number(), v.integer(), v.minValue(1)),
  lora_alpha: v.pipe(v.number(), v.finite()),
  use_rslora: v.optional(v.boolean()),
  ...v.entriesFromList(UNSUPPORTED_FIELDS, v.optional(v.unknown())),
  init_lora_weights: v.optional(v.unknown()),
  rank_pattern: pattern,
  alpha_pattern: pattern,
  base_model_name_or_path: v.optional(v.nullable(v.string())),
});

export interface AdapterConfig extends LoraScale {
  /** The base that it was trained on, as it was named there; null where it is not told. */
  readonly base: string | null;
}

/**
 * Reads the content of an adapter_config.json.
 * @throws DialError "invalid-adapter" naming the field that is wrong, or what this lab's graphs cannot do.
 */
export function readAdapterConfig(path: string, text: string): AdapterConfig {
  const result = v.safeParse(schema, parse(path, text));
  if (!result.success) {
    const issue = result.issues[0];
    throw new DialError("invalid-adapter", `${path}: ${v.getDotPath(issue) ?? "value"}: ${issue.message}`);
  }
  const config = result.output;
  for (const name of UNSUPPORTED_FIELDS) {
    if (config[name]) throw unsupported(path, name, UNSUPPORTED[name]);
  }
  for (const name of ["rank_pattern", "alpha_pattern"] as const) {
    if (Object.keys(config[name] ?? {}).length > 0)
      throw unsupported(path, name, "one r and lora_alpha hold for all modules");
  }
  const start = String(config.init_lora_weights);
  if (CHANGES_BASE.test(start)) {
    throw unsupported(
      path,
      "init_lora_weights",
      `${start} changes the weights of the base`,
      "save with path_initial_model_for_weight_conversion",
    );
  }
  const { r, lora_alpha: alpha, use_rslora: stabilised = false } = config;
  return {
    rank: r,
    // Rank-stabilised LoRA (Kalajdzievski 2023, arXiv:2312.03732) divides by the root.
    scale: stabilised ? alpha / Math.sqrt(r) : alpha / r,
    base: config.base_model_name_or_path ?? null,
  };
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new DialError("invalid-adapter", `${path} is not JSON: ${(error as Error).message}`);
  }
}

function unsupported(path: string, field: string, why: string, advice = "train without it"): DialError {
  return new DialError("invalid-adapter", `${path}: ${field} cannot be used here: ${why}; ${advice}`);
}
