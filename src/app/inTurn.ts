/** Work that can wait, a piece in each task, so that no task keeps the page's thread for long. */

const waiting: (() => void)[] = [];

/** Does the work after what waits already, in a task of its own. @returns what takes it back. */
export function inTurn(work: () => void): () => void {
  waiting.push(work);
  if (waiting.length === 1) setTimeout(next);
  return () => {
    const place = waiting.indexOf(work);
    if (place >= 0) waiting[place] = () => {};
  };
}

/** Resolves when all is done that waits now. */
export function turnsTaken(): Promise<void> {
  return new Promise((resolve) => {
    inTurn(resolve);
  });
}

function next(): void {
  const [work] = waiting;
  try {
    work?.();
  } finally {
    waiting.shift();
    if (waiting.length > 0) setTimeout(next);
  }
}
