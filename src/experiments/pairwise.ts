/** Scores of two completions of one prompt, the chosen one's less the rejected one's. */

/** 1 where the chosen one scores higher, 0.5 for a tie. */
export function win(difference: number): number {
  return difference > 0 ? 1 : difference === 0 ? 0.5 : 0;
}

export interface Outcomes {
  readonly probabilities: readonly number[];
  readonly outcomes: readonly boolean[];
}

/**
 * sigmoid(difference) as the probability that the chosen one is better. Each pair is read both ways round, so that
 * the order in the file tells nothing: p for the chosen one with outcome true, 1 - p for the rejected one with
 * outcome false.
 */
export function pairwiseOutcomes(differences: readonly number[]): Outcomes {
  const chosen = differences.map((difference) => 1 / (1 + Math.exp(-difference)));
  const rejected = differences.map((difference) => 1 / (1 + Math.exp(difference)));
  return {
    probabilities: [...chosen, ...rejected],
    outcomes: [...chosen.map(() => true), ...rejected.map(() => false)],
  };
}
