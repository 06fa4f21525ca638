import { AXES, type Axis, type RewardVector, type Target } from "./reward";

/**
 * What to write into the prompt for wanted rewards: an axis each a square table [wanted helpful][wanted harmless] of
 * values in [0, 1], the wanted rewards evenly spaced over [0, 1], at least two. A policy moves more or less than it is asked to, and
 * one dial moves the other; the table asks for what comes closest. Fitted by models/recipe/calibrate.py.
 */
export type Calibration = Readonly<Record<Axis, readonly (readonly number[])[]>>;

/**
 * The target as it is written into the prompt: bilinear between the table's points. One that does not mention both axes, and
 * any target where there is no calibration, stays as it is.
 */
export function promptedTarget<T extends Target | null>(target: T, calibration: Calibration | null): T {
  if (target === null || calibration === null || !isVector(target)) return target;
  return Object.fromEntries(AXES.map((axis) => [axis, bilinear(calibration[axis], target)])) as T & Target;
}

function isVector(target: Target): target is RewardVector {
  return AXES.every((axis) => target[axis] !== undefined);
}

function bilinear(table: readonly (readonly number[])[], { helpful, harmless }: RewardVector): number {
  return linear(
    table.map((row) => linear(row, harmless)),
    helpful,
  );
}

/** Linear interpolation of values evenly spaced over [0, 1]. */
function linear(values: readonly number[], at: number): number {
  const place = at * (values.length - 1);
  const index = Math.min(Math.floor(place), values.length - 2);
  const [low, high] = [values[index] as number, values[index + 1] as number];
  return low + (high - low) * (place - index);
}
