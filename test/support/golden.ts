/** Holds a loaded model to what PyTorch says of the same inputs; see models/recipe/golden.py. */

import { mean, rootMeanSquare, sum } from "simple-statistics";
import { expect } from "vitest";
import { parseTranscript } from "../../src/domain/dialogue";
import type { Target } from "../../src/domain/reward";
import { formatPrompt } from "../../src/domain/rewardPrompt";
import { argmax } from "../../src/domain/sampling";
import { SessionDecoder } from "../../src/runtimes/local/decoder";
import { policyGraph, type ReadFile, shippedLora } from "../../src/runtimes/local/loadPolicy";
import { adapterEntry, type GraphKind, type Manifest } from "../../src/runtimes/local/manifest";
import type { GraphFiles, Session } from "../../src/runtimes/local/session";
import { PolicyTokenizer } from "../../src/runtimes/local/tokenizer";
import type { RewardModel } from "../../src/runtimes/rewardModel";

export interface PolicyCase {
  readonly dialogue: string;
  readonly target: Target;
  readonly ids: readonly number[];
  readonly greedy: readonly number[];
  /** Logit of each greedy token less that of the runner-up. */
  readonly margins: readonly number[];
  /** [token, logit] of the likeliest first tokens. */
  readonly logits: readonly (readonly [number, number])[];
}

export interface RewardCase {
  readonly prompt_dialogue: string;
  readonly completion: string;
  readonly raw: { readonly helpful: number; readonly harmless: number };
}

/** How near a policy graph must come to PyTorch, which computes with the 4-bit weights in float32. */
export interface Tolerance {
  /**
   * Root mean square, over all inputs, of how far the likeliest logits of the first position are off, but for what all
   * of an input are off by, on which no probability depends. Later positions are compared by the token chosen.
   */
  readonly rootMeanSquare: number;
  /** The largest of these differences. */
  readonly logit: number;
  /** Share of PyTorch's greedy tokens that must be chosen, near ties included. */
  readonly same: number;
}

export const TOLERANCE: Readonly<Record<GraphKind, Tolerance>> = {
  /** The same weights in float32: only the order of summation differs. */
  nbits: { rootMeanSquare: 0.0005, logit: 0.001, same: 0.99 },
  /**
   * Weights in 8 bits with a scale a row, activations in one or two 8-bit parts. Simulated in PyTorch, three adapters'
   * logits are off by 0.20 to 0.23; with one part in all of `qkv`, or of `down`, by 0.30 or more.
   */
  int8: { rootMeanSquare: 0.27, logit: 0.85, same: 0.95 },
};

/** Largest difference of a raw score. */
export const SCORE_TOLERANCE = 0.01;

/** The same of the held-out judge, on the graphs of the policy's base. */
export const HELDOUT_TOLERANCE: Readonly<Record<GraphKind, number>> = { nbits: 0.001, int8: 0.1 };

/** How a policy graph answered one input. */
export interface Answer {
  /** How many greedy tokens were PyTorch's. */
  readonly same: number;
  /** How far each of the likeliest logits of the first position is off. */
  readonly errors: readonly number[];
}

/** Both logits may be off by twice the usual, one up and one down, so two that are nearer than that may change places. */
function isNearTie(margin: number, { rootMeanSquare }: Tolerance): boolean {
  return margin <= 4 * rootMeanSquare;
}

export class GoldenPolicy<Block> {
  private constructor(
    private readonly tolerance: Tolerance,
    private readonly decoder: SessionDecoder<Block>,
    private readonly tokenizer: PolicyTokenizer,
    private readonly format: Parameters<typeof formatPrompt>[2],
    readonly close: () => Promise<void>,
  ) {}

  static async load<Block>(
    manifest: Manifest,
    kind: GraphKind,
    read: ReadFile,
    createSession: (files: GraphFiles) => Promise<Session<Block>>,
    adapter?: string,
  ): Promise<GoldenPolicy<Block>> {
    const { path, format } = adapterEntry(manifest, adapter);
    const session = await createSession(
      await policyGraph(manifest, () => shippedLora(path, read), kind, read),
    );
    const tokenizer = new PolicyTokenizer(
      new TextDecoder().decode(await read(manifest.policy.tokenizer.path)),
    );
    const decoder = new SessionDecoder(session, 2 ** 28);
    return new GoldenPolicy(TOLERANCE[kind], decoder, tokenizer, format, () => session.close());
  }

  /**
   * Runs the prompt and then PyTorch's own tokens, so that one near tie does not end the comparison; holds the input to
   * the tolerance's largest difference.
   */
  async check(golden: PolicyCase): Promise<Answer> {
    const segments = formatPrompt(parseTranscript(golden.dialogue), golden.target, this.format, "chat");
    const ids = this.tokenizer.encodePrompt(segments);
    expect(ids).toEqual(golden.ids);
    const prefix = await this.decoder.prefill(ids);
    let logits = prefix.logits;
    const differences = golden.logits.map(([token, logit]) => (logits[token] as number) - logit);
    const shift = mean(differences);
    const errors = differences.map((difference) => difference - shift);
    expect(Math.max(...errors.map(Math.abs))).toBeLessThan(this.tolerance.logit);

    this.decoder.admit(prefix);
    prefix.release();
    try {
      let same = 0;
      for (const [position, wanted] of golden.greedy.entries()) {
        const token = argmax(logits);
        if (!isNearTie(golden.margins[position] as number, this.tolerance)) expect(token).toBe(wanted);
        if (token === wanted) same++;
        if (position + 1 < golden.greedy.length)
          logits = (await this.decoder.step([wanted])).subarray(0, this.decoder.vocabulary);
      }
      return { same, errors };
    } finally {
      this.decoder.clear();
    }
  }
}

/** Holds the answers to all inputs together to the tolerance of their kind of graph. */
export function checkTogether(
  answers: readonly Answer[],
  cases: readonly PolicyCase[],
  kind: GraphKind,
): void {
  const { rootMeanSquare: bound, same: share } = TOLERANCE[kind];
  expect(answers).toHaveLength(cases.length);
  expect(rootMeanSquare(answers.flatMap(({ errors }) => errors))).toBeLessThan(bound);
  const greedy = sum(cases.map((golden) => golden.greedy.length));
  expect(sum(answers.map(({ same }) => same))).toBeGreaterThanOrEqual(share * greedy);
}

/** Holds a judge's raw scores to PyTorch's. */
export async function checkJudge(
  judge: RewardModel,
  cases: readonly RewardCase[],
  tolerance = SCORE_TOLERANCE,
): Promise<void> {
  const examples = cases.map(({ prompt_dialogue, completion }) => ({
    prompt: parseTranscript(prompt_dialogue),
    completion,
  }));
  const scores = await judge.score(examples);
  expect(scores).toHaveLength(cases.length);
  const differences = scores.flatMap(({ raw }, index) => {
    const wanted = (cases[index] as RewardCase).raw;
    return [Math.abs(raw.helpful - wanted.helpful), Math.abs(raw.harmless - wanted.harmless)];
  });
  expect(Math.max(...differences)).toBeLessThan(tolerance);
}
