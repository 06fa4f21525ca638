/** `?device=wasm` or `?device=webgpu` forces the device; without it the best one that works is taken. */

import { DialError } from "../../domain/errors";
import type { DeviceChoice } from "../../runtimes/local/browser";

/** @throws DialError "invalid-option". */
export function deviceChoice(search = location.search): DeviceChoice {
  const asked = new URLSearchParams(search).get("device");
  if (asked === null || asked === "" || asked === "auto") return "auto";
  if (asked === "webgpu" || asked === "wasm") return asked;
  throw new DialError(
    "invalid-option",
    `invalid device: ${JSON.stringify(asked)}; expected wasm or webgpu, as in ?device=wasm`,
  );
}
