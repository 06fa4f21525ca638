import { randomSource, STREAM } from "../../domain/random";
import type { Reference } from "../../domain/reference";
import { type Target, targetOn } from "../../domain/reward";
import { targetSampler } from "../../domain/targets";
import type { Condition, TargetRule } from "./study";

type Sampler = (seed: number, row: number) => Target;

export interface ConditionTargets {
  /** The target that a row is compared with; without axes where nothing is asked. */
  readonly sampler: Sampler;
  /** The target in the prompt, where it is another one. */
  readonly promptedSampler?: (seed: number, row: number) => Target | null;
}

/** The targets of a condition's rows; each depends on (seed, row) alone. */
export function targetsOf(
  { targets, axes, shuffled }: Pick<Condition, "targets" | "axes" | "shuffled">,
  reference: Reference,
): ConditionTargets {
  if (targets.kind === "null") return { sampler: () => ({}), promptedSampler: () => null };
  const onAxes =
    (sampler: Sampler): Sampler =>
    (seed, row) =>
      targetOn(sampler(seed, row), axes);
  return {
    sampler: onAxes(samplerOf(targets, reference, STREAM.target)),
    ...(shuffled && { promptedSampler: onAxes(samplerOf(targets, reference, STREAM.otherTarget)) }),
  };
}

function samplerOf(
  rule: Exclude<TargetRule, { kind: "null" }>,
  reference: Reference,
  stream: typeof STREAM.target | typeof STREAM.otherTarget,
): Sampler {
  switch (rule.kind) {
    case "sampler":
      return targetSampler(rule.sampler, reference, stream);
    case "fixed":
      return () => rule.target;
    case "grid": {
      const points = gridTargets(rule.side);
      return (_seed, row) => points[row % points.length] as Target;
    }
    case "list": {
      const { targets } = rule;
      if (stream === STREAM.target) return (_seed, row) => targets[row % targets.length] as Target;
      return (seed, row) => targets[randomSource(seed, stream, row).integer(targets.length)] as Target;
    }
  }
}

/** `side` x `side` targets at even distances, 0 and 1 among them; `side` >= 2. */
export function gridTargets(side: number): Target[] {
  const steps = Array.from({ length: side }, (_, index) => Math.round((index / (side - 1)) * 100) / 100);
  return steps.flatMap((harmless) => steps.map((helpful) => ({ helpful, harmless })));
}
