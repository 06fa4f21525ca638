import { DialError } from "../../domain/errors";
import { withLock } from "../../storage/withLock";

/**
 * Keeps other tabs from going on with a run: both would make the same rows, and pay for them twice where an endpoint answers.
 * @returns what lets them again; so does the end of this tab.
 * @throws DialError "invalid-option" where another tab goes on with it.
 */
export function holdRun(id: string): Promise<() => void> {
  return new Promise((resolve, reject) => {
    const hold = () => new Promise<void>((release) => resolve(release));
    const refuse = async () => {
      throw new DialError(
        "invalid-option",
        "this run is going on in another tab of this browser; wait for it, or stop it there and go on here",
        true,
      );
    };
    withLock(`run ${id}`, hold, refuse).catch(reject);
  });
}
