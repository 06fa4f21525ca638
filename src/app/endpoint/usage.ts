/** What each endpoint has been asked for in this tab, over reloads too: its model has prices of its own. */

import { effect, signal } from "@preact/signals";
import * as v from "valibot";
import { addUsage, NO_USAGE, type Usage } from "../../domain/spend";
import type { Endpoint } from "../../runtimes/openai/endpoint";
import { readStored, writeStored } from "../../storage/webStorage";

const USAGE = "reward-dial-endpoint-usage";
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const schema = v.record(
  v.string(),
  v.object({
    answers: count,
    kept: count,
    cut: count,
    untold: v.optional(count, 0),
    retries: count,
    promptTokens: count,
    completionTokens: count,
  }),
);

const stored = v.safeParse(schema, readStored("session", USAGE));
const usages = signal<Readonly<Record<string, Usage>>>(stored.success ? stored.output : {});

effect(() => writeStored("session", USAGE, usages.value));

/** Unique among the models of all endpoints. */
export const nameOf = ({ baseUrl, model }: Endpoint): string => `${baseUrl} ${model}`;

export function usageOf(endpoint: Endpoint): Usage {
  return usages.value[nameOf(endpoint)] ?? NO_USAGE;
}

export function noteUsage(endpoint: Endpoint, more: Partial<Usage>): void {
  usages.value = { ...usages.peek(), [nameOf(endpoint)]: addUsage(usageOf(endpoint), more) };
}
