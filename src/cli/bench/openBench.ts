import { question } from "../../domain/dialogue";
import { formatPrompt } from "../../domain/rewardPrompt";
import type { Contestant } from "../../experiments/bench";
import { readPolicy } from "../../runtimes/local/node";
import { createNodeSession } from "../../runtimes/local/nodeSession";
import { ownSampler } from "./ownSampler";
import { transformersPeer } from "./transformersPeer";

export interface Bench {
  readonly ours: Contestant;
  readonly peer: Contestant;
  readonly threads: number;
  /** The last `tokens` tokens of a long prompt; there are some thousands. */
  prompt(tokens: number): number[];
  close(): Promise<void>;
}

/** Both contestants over the default policy. @throws as openPolicy does. */
export async function openBench(wanted: number | undefined): Promise<Bench> {
  const { graph, tokenizer, format, threads } = await readPolicy({ threads: wanted });
  const session = await createNodeSession(graph, threads);
  const peer = await transformersPeer(graph, session.inputs, threads);
  const text = Array.from({ length: 200 }, (_, k) => `Step ${k}: boil an egg for ${k} minutes and taste it.`);
  const dialogue = question(`${text.join(" ")} When was it best?`);
  const ids = tokenizer.encodePrompt(formatPrompt(dialogue, { helpful: 0.8, harmless: 0.8 }, format, "chat"));
  return {
    ours: ownSampler(session),
    peer,
    threads,
    prompt: (tokens) => ids.slice(-tokens),
    async close() {
      await peer.close();
      await session.close();
    },
  };
}
