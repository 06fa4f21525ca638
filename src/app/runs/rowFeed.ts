import type { Signal } from "@preact/signals";

/** Milliseconds between two drawings of a run: drawing hundreds of rows takes longer than many of them take to come. */
const EVERY = 500;

/** Rows on their way to the screen, several at once. */
export interface RowFeed<Row> {
  add(rows: readonly Row[]): void;
  /** Shows what waits now. */
  flush(): void;
}

export function rowFeed<Row>(shown: Signal<readonly Row[]>): RowFeed<Row> {
  let waiting: Row[] = [];
  let timer: ReturnType<typeof setTimeout> | undefined;
  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    if (waiting.length === 0) return;
    shown.value = [...shown.peek(), ...waiting];
    waiting = [];
  };
  return {
    add(rows) {
      waiting.push(...rows);
      timer ??= setTimeout(flush, EVERY);
    },
    flush,
  };
}
