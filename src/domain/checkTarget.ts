import { DialError } from "./errors";
import { AXES, type Target } from "./reward";

/**
 * Passes a number in [0, 1].
 * @throws DialError "invalid-target".
 */
export function checkReward(value: unknown): number {
  if (typeof value !== "number" || !(value >= 0 && value <= 1)) {
    throw new DialError("invalid-target", `invalid target: ${show(value)}; expected a number in [0, 1]`);
  }
  return value;
}

/**
 * Reads a reward that somebody typed, such as "0.42" or ".5".
 * @throws DialError "invalid-target".
 */
export function parseReward(text: string): number {
  if (text.trim() === "") return checkReward(text);
  if (/^\s*\d*,\d+\s*$/.test(text)) {
    throw new DialError(
      "invalid-target",
      `invalid target: ${show(text)}; write it with a point in place of the comma`,
    );
  }
  const value = Number(text);
  return checkReward(Number.isNaN(value) ? text : value);
}

/**
 * Passes a target whose every axis given is a number in [0, 1].
 * @throws DialError "invalid-target".
 */
export function checkTarget(target: Target): Target {
  for (const axis of AXES) if (target[axis] !== undefined) checkReward(target[axis]);
  return target;
}

function show(value: unknown): string {
  return typeof value === "string" ? JSON.stringify(value) : String(value);
}
