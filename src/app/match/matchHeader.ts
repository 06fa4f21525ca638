import { formatTranscript } from "../../domain/dialogue";
import type { RunHeader } from "../../domain/run";
import type { Models } from "../engine/engine";
import type { MatchRequest } from "./matchRun";

/** The header that the command line, too, would write for this run over these model files. */
export async function matchHeader(request: MatchRequest, { policy, judge }: Models): Promise<RunHeader> {
  const { n, targets, seed, bestOf, sampling, prompts } = request;
  return {
    kind: "match",
    version: 1,
    options: {
      n,
      targets,
      seed,
      bestOf,
      shuffled: false,
      sampling,
      prompts: await sha256(JSON.stringify(prompts.map(formatTranscript))),
    },
    models: { ...policy.models, ...judge.models },
  };
}

async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
