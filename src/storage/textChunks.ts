import { DialError } from "../domain/errors";

const GZIP = [0x1f, 0x8b];

/**
 * The text of a file in chunks, unzipped where the file begins as gzip does.
 * @param onBytes called with the number of bytes of each part of the file that is read.
 * @throws DialError "invalid-json-line" where the bytes are not whole gzip, or not UTF-8.
 */
export async function* textChunks(
  file: Blob,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<string, void> {
  const start = new Uint8Array(await file.slice(0, GZIP.length).arrayBuffer());
  const zipped = GZIP.every((byte, index) => start[index] === byte);
  const read = file.stream().pipeThrough(counter(onBytes));
  const bytes = zipped ? read.pipeThrough(new DecompressionStream("gzip")) : read;
  const reader = bytes.pipeThrough(new TextDecoderStream("utf-8", { fatal: true })).getReader();
  const next = () =>
    reader.read().catch(() => {
      const expected = zipped
        ? "whole gzipped UTF-8 text (several .gz files joined into one must be unzipped first)"
        : "UTF-8 text, or gzip";
      throw new DialError("invalid-json-line", `the file cannot be read to its end; expected ${expected}`);
    });
  try {
    for (let part = await next(); !part.done; part = await next()) yield part.value;
  } finally {
    // Not cancelled: Node 20 throws out of reach when a gunzip that has more to give is. What nobody reads stands still.
    reader.releaseLock();
  }
}

function counter(
  onBytes: (bytes: number) => void,
): TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>> {
  return new TransformStream({
    transform(part, stream) {
      onBytes(part.length);
      stream.enqueue(part);
    },
  });
}
