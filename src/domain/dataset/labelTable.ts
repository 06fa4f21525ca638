/** Raw scores of completions by their key: 24 bytes and a map entry each. */

import type { Axis } from "../reward";

/** A judge's output for one completion, unbounded. */
export type RawScore = Readonly<Record<Axis, number>>;

export interface Labels {
  readonly keys: readonly number[];
  readonly scores: readonly RawScore[];
}

export class LabelTable {
  private readonly places = new Map<number, number>();
  private scores = new Float32Array(2048);

  add({ keys, scores }: Labels): void {
    keys.forEach((key, index) => {
      const { helpful, harmless } = scores[index] as RawScore;
      const place = this.places.get(key) ?? this.places.size;
      this.places.set(key, place);
      if (2 * place + 1 >= this.scores.length) this.grow();
      this.scores[2 * place] = helpful;
      this.scores[2 * place + 1] = harmless;
    });
  }

  get(key: number): RawScore | undefined {
    const place = this.places.get(key);
    if (place === undefined) return undefined;
    return { helpful: this.scores[2 * place] as number, harmless: this.scores[2 * place + 1] as number };
  }

  has(key: number): boolean {
    return this.places.has(key);
  }

  private grow(): void {
    const larger = new Float32Array(2 * this.scores.length);
    larger.set(this.scores);
    this.scores = larger;
  }
}
