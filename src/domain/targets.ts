/** Seeded samplers of the rewards to ask for. A target depends on (seed, row) alone. */

import { mean, standardDeviation } from "simple-statistics";
import { DialError } from "./errors";
import { type RandomSource, randomSource, STREAM, type Stream } from "./random";
import type { Reference } from "./reference";
import type { RewardVector } from "./reward";

/**
 * uniform: U(0, 1) on each axis. in-range: joint rewards of reference completions. high: both in
 * [0.8, 1]. high-low: one axis in [0.8, 1], the other in [0, 0.2], which one at random. one-sd: on
 * each axis within one standard deviation of the reference mean.
 */
export const TARGET_SAMPLERS = ["uniform", "in-range", "high", "high-low", "one-sd"] as const;
export type TargetSamplerName = (typeof TARGET_SAMPLERS)[number];

/** The target of a row, in hundredths as the prompt writes them. */
export type TargetSampler = (seed: number, row: number) => RewardVector;

type Draw = (source: RandomSource) => readonly [number, number];

const TAIL = 0.2;

/** @param stream draws of another stream are independent of the targets'. */
export function targetSampler(
  name: TargetSamplerName,
  reference: Reference,
  stream: Stream = STREAM.target,
): TargetSampler {
  const draw = draws(reference)[name];
  return (seed, row) => {
    const [helpful, harmless] = draw(randomSource(seed, stream, row));
    return { helpful: hundredths(helpful), harmless: hundredths(harmless) };
  };
}

/** @throws DialError "invalid-option" naming the samplers that exist. */
export function checkTargetSampler(name: string): TargetSamplerName {
  const known = TARGET_SAMPLERS.find((candidate) => candidate === name);
  if (known !== undefined) return known;
  throw new DialError(
    "invalid-option",
    `invalid target sampler: ${JSON.stringify(name)}; expected one of ${TARGET_SAMPLERS.join(", ")}`,
  );
}

function draws({ joint }: Reference): Record<TargetSamplerName, Draw> {
  const high = (source: RandomSource): number => 1 - TAIL * source.uniform();
  const low = (source: RandomSource): number => TAIL * source.uniform();
  return {
    uniform: (source) => [source.uniform(), source.uniform()],
    "in-range": (source) => joint[source.integer(joint.length)] as readonly [number, number],
    high: (source) => [high(source), high(source)],
    "high-low": (source) =>
      source.uniform() < 0.5 ? [high(source), low(source)] : [low(source), high(source)],
    "one-sd": (source) => [
      oneSd(
        joint.map(([x]) => x),
        source,
      ),
      oneSd(
        joint.map(([, y]) => y),
        source,
      ),
    ],
  };
}

function oneSd(values: number[], source: RandomSource): number {
  const centre = mean(values);
  const sd = standardDeviation(values);
  return Math.min(1, Math.max(0, centre + sd * (2 * source.uniform() - 1)));
}

function hundredths(value: number): number {
  return Math.round(value * 100) / 100;
}
