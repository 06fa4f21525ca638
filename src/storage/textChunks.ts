import { DialError } from "../domain/errors";

const GZIP = [0x1f, 0x8b];

/**
 * The text of a file in chunks, unzipped where the file begins as gzip does.
 * @param onBytes called with the number of bytes of each part of the file that is read.
 * @throws DialError "invalid-json-line" where the file is not there any more as it was chosen, or its bytes are not
 *   whole gzip, or not UTF-8.
 */
export async function* textChunks(
  file: Blob,
  onBytes: (bytes: number) => void = () => {},
): AsyncGenerator<string, void> {
  const zipped = await isGzipped(file);
  const read = bytesOf(file, onBytes);
  const bytes = zipped ? read.pipeThrough(new DecompressionStream("gzip")) : read;
  const reader = bytes.pipeThrough(new TextDecoderStream("utf-8", { fatal: true })).getReader();
  const next = () =>
    reader.read().catch((error: unknown) => {
      if (error instanceof DialError) throw error;
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

/** @throws DialError "invalid-json-line" where the file is not there any more as it was chosen. */
export async function isGzipped(file: Blob): Promise<boolean> {
  const start = new Uint8Array(await file.slice(0, GZIP.length).arrayBuffer().catch(changed));
  return GZIP.every((byte, index) => start[index] === byte);
}

/** The bytes of a file as it was chosen. Of one that has changed, browsers fail with any error or end too early. */
function bytesOf(file: Blob, onBytes: (bytes: number) => void): ReadableStream<Uint8Array<ArrayBuffer>> {
  const reader = file.stream().getReader();
  let left = file.size;
  return new ReadableStream({
    async pull(stream) {
      const part = await reader.read().catch(changed);
      if (part.done) {
        if (left > 0) changed();
        stream.close();
      } else {
        left -= part.value.length;
        onBytes(part.value.length);
        stream.enqueue(part.value);
      }
    },
  });
}

function changed(): never {
  throw new DialError(
    "invalid-json-line",
    "the file has changed or is gone since it was chosen; choose it again",
  );
}
