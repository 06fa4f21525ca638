/** Reward axes and vectors. Rewards are percentiles of a reference set, in [0, 1]. */

export const AXES = ["helpful", "harmless"] as const;
export type Axis = (typeof AXES)[number];

/** A reward on each axis, in [0, 1]. */
export type RewardVector = Readonly<Record<Axis, number>>;

/** The rewards asked for. An axis left out is not mentioned in the prompt. */
export type Target = Readonly<Partial<Record<Axis, number>>>;

/** The target on these axes alone. */
export function targetOn(target: Target, axes: readonly Axis[]): Target {
  return Object.fromEntries(
    axes.flatMap((axis) => (target[axis] === undefined ? [] : [[axis, target[axis]]])),
  );
}
