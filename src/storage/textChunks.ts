import { DialError } from "../domain/errors";

const GZIP = [0x1f, 0x8b];

/**
 * The text of a file in chunks, unzipped where the file begins as gzip does.
 * @throws DialError "invalid-json-line" where the bytes are not whole gzip, or not UTF-8.
 */
export async function* textChunks(file: Blob): AsyncGenerator<string, void> {
  const start = new Uint8Array(await file.slice(0, GZIP.length).arrayBuffer());
  const zipped = GZIP.every((byte, index) => start[index] === byte);
  const bytes = zipped ? file.stream().pipeThrough(new DecompressionStream("gzip")) : file.stream();
  const reader = bytes.pipeThrough(new TextDecoderStream("utf-8", { fatal: true })).getReader();
  const read = () =>
    reader.read().catch(() => {
      const expected = zipped ? "whole gzipped UTF-8 text" : "UTF-8 text, or gzip";
      throw new DialError("invalid-json-line", `the file cannot be read to its end; expected ${expected}`);
    });
  try {
    for (let next = await read(); !next.done; next = await read()) yield next.value;
  } finally {
    await reader.cancel().catch(() => {});
  }
}
