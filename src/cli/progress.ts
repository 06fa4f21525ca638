import type { WriteStream } from "node:tty";

/** Milliseconds between two lines where standard error is a terminal, and where it is not. */
const TERMINAL_EVERY = 200;
const FILE_EVERY = 5000;

const EMPTY_LINE = "\r\x1b[K";

export interface Progress {
  show(text: string): void;
  /** Takes the line off a terminal, to write something else there. */
  clear(): void;
  /** Writes the last text if it has not been written, and ends its line. */
  end(): void;
}

/** Progress on a stream: one line rewritten on a terminal, now and then a line elsewhere. */
export function progressOn(stream: Pick<WriteStream, "write" | "isTTY" | "columns">): Progress {
  const every = stream.isTTY ? TERMINAL_EVERY : FILE_EVERY;
  let last = "";
  let written = "";
  let at = Number.NEGATIVE_INFINITY;
  const write = (): void => {
    if (last === written) return;
    // A line that wraps cannot be rewritten.
    stream.write(stream.isTTY ? `${EMPTY_LINE}${last.slice(0, (stream.columns || 80) - 1)}` : `${last}\n`);
    written = last;
    at = performance.now();
  };
  return {
    show(text) {
      last = text;
      if (performance.now() - at >= every) write();
    },
    clear() {
      if (!stream.isTTY || written === "") return;
      stream.write(EMPTY_LINE);
      last = "";
      written = "";
      at = Number.NEGATIVE_INFINITY;
    },
    end() {
      write();
      if (stream.isTTY && written !== "") stream.write("\n");
    },
  };
}
