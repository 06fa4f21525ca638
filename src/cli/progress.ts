import type { WriteStream } from "node:tty";

/** Milliseconds between two lines where standard error is a terminal, and where it is not. */
const TERMINAL_EVERY = 200;
const FILE_EVERY = 5000;

export interface Progress {
  show(text: string): void;
  /** Writes the last text if it has not been written, and ends its line. */
  end(): void;
}

/** Progress on a stream: one line rewritten on a terminal, now and then a line elsewhere. */
export function progressOn(stream: Pick<WriteStream, "write" | "isTTY">): Progress {
  const every = stream.isTTY ? TERMINAL_EVERY : FILE_EVERY;
  let last = "";
  let written = "";
  let at = Number.NEGATIVE_INFINITY;
  const write = (): void => {
    if (last === written) return;
    stream.write(stream.isTTY ? `\r\x1b[K${last}` : `${last}\n`);
    written = last;
    at = performance.now();
  };
  return {
    show(text) {
      last = text;
      if (performance.now() - at >= every) write();
    },
    end() {
      write();
      if (stream.isTTY && written !== "") stream.write("\n");
    },
  };
}
