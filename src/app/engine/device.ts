/** `?device=wasm` or `?device=webgpu` forces the device; without it the best one that works is taken. */

import { DialError } from "../../domain/errors";
import type { Device, DeviceChoice } from "../../runtimes/local/browser";
import { chooseDevice } from "../../runtimes/local/device";

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

/** The device of local policies beside this one: its own, or the one that they will choose where an endpoint answers. */
export async function localDevice(device: Device | "remote"): Promise<Device> {
  return device === "remote" ? (await chooseDevice(deviceChoice())).device : device;
}
