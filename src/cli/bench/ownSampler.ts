import type { Contestant } from "../../experiments/bench";
import { SessionDecoder } from "../../runtimes/local/decoder";
import { CACHE_BYTES } from "../../runtimes/local/loadPolicy";
import { decode, type TokenRequest } from "../../runtimes/local/sampler";
import type { Session } from "../../runtimes/local/session";
import { DEFAULT_SAMPLING } from "../../runtimes/policy";

/** Our decode loop as every command runs it, but that no token ends a row. */
export function ownSampler<Block>(session: Session<Block>): Contestant {
  const decoder = new SessionDecoder(session, CACHE_BYTES);
  return {
    name: "dial",
    async run(ids, rows, tokens) {
      const sampling = { ...DEFAULT_SAMPLING, maxTokens: tokens };
      const requests = Array.from({ length: rows }, (_, row): TokenRequest => {
        return { ids, nullIds: [], seed: 0, row, sampling };
      });
      const begun = new Set<number>();
      const start = performance.now();
      let first = start;
      const onToken = (row: number): void => {
        if (begun.size === rows) return;
        begun.add(row);
        first = performance.now();
      };
      for await (const _ of decode(decoder, requests, { endTokens: new Set(), maxRows: rows, onToken }));
      return { first: first - start, rest: performance.now() - first };
    },
  };
}
