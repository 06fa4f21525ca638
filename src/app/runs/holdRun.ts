import { DialError } from "../../domain/errors";

/**
 * Keeps other tabs from going on with a run: both would make the same rows, and pay for them twice where an endpoint answers.
 * @returns what lets them again; so does the end of this tab.
 * @throws DialError "invalid-option" where another tab goes on with it.
 */
export function holdRun(id: string): Promise<() => void> {
  // Pages without TLS have none.
  const locks = globalThis.navigator?.locks;
  return new Promise((resolve, reject) => {
    if (!locks) return resolve(() => {});
    const hold = (lock: Lock | null): Promise<void> | undefined => {
      if (lock) return new Promise<void>((release) => resolve(release));
      reject(
        new DialError(
          "invalid-option",
          "this run is going on in another tab of this browser; wait for it, or stop it there and go on here",
          true,
        ),
      );
      return undefined;
    };
    locks.request(`run ${id}`, { ifAvailable: true }, hold).catch(reject);
  });
}
