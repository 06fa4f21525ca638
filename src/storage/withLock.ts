/**
 * Does work while no other tab or worker does work under the same name. Pages without TLS have no locks, and where site
 * data is blocked they are refused: the work is then done without one.
 * @param ifHeld what is done in place of waiting for another's work.
 */
export async function withLock<Result>(
  name: string,
  work: () => Promise<Result>,
  ifHeld?: () => Promise<Result>,
): Promise<Result> {
  let asked = false;
  try {
    return await navigator.locks.request(name, { ifAvailable: ifHeld !== undefined }, (lock) => {
      asked = true;
      return ifHeld && lock === null ? ifHeld() : work();
    });
  } catch (error) {
    if (asked) throw error;
    return work();
  }
}
