/** Work that can wait, a piece in each task, so that no task keeps the page's thread for long. */

const waiting: (() => void)[] = [];
let coming = false;

/** Does the work after what waits already, in a task of its own. @returns what takes it back. */
export function inTurn(work: () => void): () => void {
  waiting.push(work);
  comeSoon();
  return () => {
    const place = waiting.indexOf(work);
    if (place >= 0) waiting.splice(place, 1);
  };
}

/** Resolves when all is done that waits now. */
export function turnsTaken(): Promise<void> {
  return new Promise((resolve) => {
    inTurn(resolve);
  });
}

function comeSoon(): void {
  if (coming || waiting.length === 0) return;
  coming = true;
  setTimeout(() => {
    coming = false;
    const work = waiting.shift();
    comeSoon(); // Before the work, which may fail.
    work?.();
  });
}
