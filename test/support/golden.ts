/** Holds a loaded model to what PyTorch says of the same inputs; see models/recipe/golden.py. */

import { expect } from "vitest";
import { parseTranscript } from "../../src/domain/dialogue";
import { formatPrompt } from "../../src/domain/rewardPrompt";
import { argmax } from "../../src/domain/sampling";
import { SessionDecoder } from "../../src/runtimes/local/decoder";
import { policyGraph, type ReadFile } from "../../src/runtimes/local/loadPolicy";
import { adapterEntry, type GraphKind, type Manifest } from "../../src/runtimes/local/manifest";
import type { GraphFiles, Session } from "../../src/runtimes/local/session";
import { PolicyTokenizer } from "../../src/runtimes/local/tokenizer";
import type { RewardModel } from "../../src/runtimes/rewardModel";

export interface PolicyCase {
  readonly dialogue: string;
  readonly target: { readonly helpful: number; readonly harmless: number };
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

export class GoldenPolicy<Block> {
  private constructor(
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
  ): Promise<GoldenPolicy<Block>> {
    const { path, format } = adapterEntry(manifest);
    const session = await createSession(await policyGraph(manifest, path, kind, read));
    const tokenizer = new PolicyTokenizer(
      new TextDecoder().decode(await read(manifest.policy.tokenizer.path)),
    );
    return new GoldenPolicy(new SessionDecoder(session, 2 ** 28), tokenizer, format, () => session.close());
  }

  /**
   * Runs the prompt and then PyTorch's own tokens, so that one near tie does not end the comparison.
   * @param tolerance largest difference of a logit; a token whose margin is within twice that may differ.
   * @returns the largest difference found, and how many greedy tokens were the same.
   */
  async check(
    golden: PolicyCase,
    tolerance: number,
    tokens = golden.greedy.length,
  ): Promise<[number, number]> {
    const segments = formatPrompt(parseTranscript(golden.dialogue), golden.target, this.format, "chat");
    const ids = this.tokenizer.encodePrompt(segments);
    expect(ids).toEqual(golden.ids);
    const prefix = await this.decoder.prefill(ids);
    let logits = prefix.logits;
    const differences = golden.logits.map(([token, logit]) => Math.abs((logits[token] as number) - logit));
    const largest = Math.max(...differences);
    expect(largest).toBeLessThan(tolerance);

    this.decoder.admit(prefix);
    prefix.release();
    let same = 0;
    for (let position = 0; position < tokens; position++) {
      const wanted = golden.greedy[position] as number;
      const token = argmax(logits);
      if ((golden.margins[position] as number) > 2 * tolerance) expect(token).toBe(wanted);
      if (token === wanted) same++;
      if (position + 1 < tokens)
        logits = (await this.decoder.step([wanted])).subarray(0, this.decoder.vocabulary);
    }
    this.decoder.clear();
    return [largest, same];
  }
}

/** @returns the largest difference of a raw score. */
export async function checkJudge(
  judge: RewardModel,
  cases: readonly RewardCase[],
  tolerance: number,
): Promise<number> {
  const examples = cases.map(({ prompt_dialogue, completion }) => ({
    prompt: parseTranscript(prompt_dialogue),
    completion,
  }));
  const scores = await judge.score(examples);
  const differences = scores.flatMap(({ raw }, index) => {
    const wanted = (cases[index] as RewardCase).raw;
    return [Math.abs(raw.helpful - wanted.helpful), Math.abs(raw.harmless - wanted.harmless)];
  });
  const largest = Math.max(...differences);
  expect(largest).toBeLessThan(tolerance);
  return largest;
}
