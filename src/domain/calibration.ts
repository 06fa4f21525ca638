import { AXES, type Axis, type Target } from "./reward";

/**
 * What to write into the prompt for a wanted reward, an axis each: values in [0, 1] for wanted rewards evenly spaced over
 * [0, 1], at least two. A policy moves less than it is asked to; this asks for as much more. Fitted by
 * models/recipe/calibrate.py as the inverse of the isotonic regression of actual on prompted rewards.
 */
export type Calibration = Readonly<Record<Axis, readonly number[]>>;

/** The target as it is written into the prompt: linear between the calibration's points; null leaves it as it is. */
export function promptedTarget<T extends Target | null>(target: T, calibration: Calibration | null): T {
  if (target === null || calibration === null) return target;
  const prompted = { ...target } as Record<Axis, number>;
  for (const axis of AXES) {
    const wanted = target[axis];
    if (wanted !== undefined) prompted[axis] = interpolate(calibration[axis], wanted);
  }
  return prompted as T;
}

/** Linear interpolation of values evenly spaced over [0, 1]. */
function interpolate(values: readonly number[], at: number): number {
  const place = at * (values.length - 1);
  const index = Math.min(Math.floor(place), values.length - 2);
  const [low, high] = [values[index] as number, values[index + 1] as number];
  return low + (high - low) * (place - index);
}
