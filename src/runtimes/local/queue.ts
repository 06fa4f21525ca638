import { unlessAborted } from "../unlessAborted";

/** Lets one caller in at a time, in the order in which they came. */
export class Queue {
  private last: Promise<void> = Promise.resolve();

  /**
   * Resolves when it is the caller's turn, with the function that ends the turn.
   * @throws DialError "aborted" when the signal fires while the caller waits; its turn then goes to the next.
   */
  async enter(signal?: AbortSignal): Promise<() => void> {
    const before = this.last;
    let leave = () => {};
    this.last = new Promise((resolve) => {
      leave = resolve;
    });
    try {
      await unlessAborted(before, signal);
    } catch (error) {
      void before.then(leave);
      throw error;
    }
    return leave;
  }
}
