/** The command line over the fake models. */

import { readFileSync } from "node:fs";
import type { CliIo } from "../../../src/cli/io";
import { outcomeOf } from "../../../src/cli/outcome";
import { run } from "../../../src/cli/run";
import type { Reference } from "../../../src/domain/reference";
import { AXES, type Axis } from "../../../src/domain/reward";
import type { Contestant } from "../../../src/experiments/bench";
import type { MatchContestant } from "../../../src/experiments/benchMatch";
import type { ShippedPolicies } from "../../../src/experiments/studies/study";
import { fakeJudge, fakePolicy } from "./models";

/** A raw score of x beats a share of x of it. */
const SCORES = Array.from({ length: 100 }, (_, k) => (k + 0.5) / 100);
const REFERENCE: Reference = { helpful: SCORES, harmless: SCORES, joint: [[0.5, 0.5]] };

const POLICIES: ShippedPolicies = {
  adapters: [{ name: "main", format: "bottom", axes: ["helpful", "harmless"] }],
  main: "main",
  base: "base",
};

export interface Ended {
  readonly printed: unknown[];
  readonly shown: string[];
  /** Models that the command has not closed. */
  readonly leftOpen: number;
  /** The usage, or what an error says and its status. */
  readonly text: string | null;
  readonly status: number;
}

/**
 * Runs a command line against the fake models.
 * @param options.axes that the policy knows. @param options.stopAfter texts of progress: then it is interrupted.
 */
export async function dial(
  args: string[],
  {
    dieAfter = Infinity,
    judgeDiesAfter = Infinity,
    stopAfter = Infinity,
    sha256 = "ab",
    heldout = null as string | null,
    axes = AXES as readonly Axis[],
  } = {},
): Promise<Ended> {
  const printed: unknown[] = [];
  const shown: string[] = [];
  const stop = new AbortController();
  if (stopAfter === 0) stop.abort();
  let leftOpen = 0;
  const closable = <Model extends object>(model: Model) => {
    leftOpen++;
    return { ...model, close: async () => void leftOpen-- };
  };
  const io: CliIo = {
    models: {
      shipped: async () => ({
        policies: POLICIES,
        filesOf: () => ({ policy: sha256 }),
        judge: "main",
        heldout: () => heldout,
      }),
      openPolicy: async () => closable({ ...fakePolicy({ dieAfter }), axes, models: { policy: sha256 } }),
      openJudge: async (judge = "main") => {
        const fake = fakeJudge({ dieAfter: judgeDiesAfter });
        const scoring = { [`network of ${judge}`]: sha256 };
        return closable({ ...fake, name: judge, reference: REFERENCE, models: { [judge]: sha256 }, scoring });
      },
      openBench: async (threads = 2) => {
        const contestant = (name: string, slow: number): Contestant => ({
          name,
          mostRows: Number.POSITIVE_INFINITY,
          run: async (ids, rows, tokens) => {
            const first = slow * ids.length;
            return { first, total: first + slow * rows * (tokens - 1) };
          },
        });
        const contestants = [contestant("dial", 1), contestant("batch", 2), contestant("one by one", 4)];
        const openMatch = async (tokens: number, mostRows: number): Promise<MatchContestant[]> =>
          [
            { name: "dial", mostRows: Number.POSITIVE_INFINITY, slow: 1 },
            { name: "loop", mostRows, slow: 8 },
          ].map(({ slow, ...about }) => ({
            ...about,
            run: async (_, __, rows) => ({ total: slow * rows, tokens: tokens * rows }),
          }));
        return closable({ contestants, threads, leastStep: async (rows: number) => rows / 2, openMatch });
      },
      readPolicyTokenizer: async () => readFileSync("models/policy/tokenizer.json", "utf8"),
    },
    print: (value) => printed.push(value),
    progress: (text) => {
      if (shown.push(text) >= stopAfter) stop.abort();
    },
    signal: stop.signal,
  };
  try {
    const text = await run(args, io);
    return { printed, shown, leftOpen, text, status: 0 };
  } catch (error) {
    return { printed, shown, leftOpen, ...outcomeOf(error) };
  }
}
