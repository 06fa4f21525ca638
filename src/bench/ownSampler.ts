import type { Contestant } from "../experiments/bench";
import { SessionDecoder } from "../runtimes/local/decoder";
import { Sampler } from "../runtimes/local/sampler";
import type { Session } from "../runtimes/local/session";
import type { TokenRequest } from "../runtimes/local/tokenRequest";
import { DEFAULT_SAMPLING } from "../runtimes/policy";

/** Bytes of keys and values: 64 rows of 192 tokens. */
const ROW_BYTES = 600 * 2 ** 20;

/** Our decode loop as the page and every command run it, but that no token ends a row and no prompt is known before. */
export function ownSampler<Block>(session: Session<Block>): Contestant {
  const decoder = new SessionDecoder(session, ROW_BYTES);
  return {
    name: "Reward Dial",
    mostRows: Number.POSITIVE_INFINITY,
    async run(ids, rows, tokens) {
      const sampler = new Sampler(decoder, { endTokens: new Set(), maxRows: rows, prefixBytes: 0 });
      const sampling = { ...DEFAULT_SAMPLING, maxTokens: tokens };
      const requests = Array.from({ length: rows }, (_, row): TokenRequest => {
        return { ids, nullIds: [], seed: 0, row, sampling };
      });
      const start = performance.now();
      let first = 0;
      const onToken = () => {
        first ||= performance.now() - start;
      };
      for await (const _ of sampler.sample(requests, { onToken }));
      const total = performance.now() - start;
      sampler.close();
      return { first, total };
    },
  };
}
