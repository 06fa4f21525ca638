import { philox4x32 } from "./random";

/** UTF-16 code units that one Philox block takes in: two to each of its four words. */
const UNITS = 8;

/**
 * Which texts have come by, at a number each: ten million characters of text cost no more than ten. Two texts are
 * taken for one with a chance of 2^-53.
 */
export class SeenTexts {
  private readonly seen = new Set<number>();

  /** Whether the text is new; from now on it is not. */
  add(text: string): boolean {
    const before = this.seen.size;
    this.seen.add(fingerprint(text));
    return this.seen.size > before;
  }
}

/** 53 bits: each block of the text is enciphered under the state so far, and folded into the next. */
function fingerprint(text: string): number {
  let high = text.length;
  let low = 0;
  for (let start = 0; start < text.length; start += UNITS) {
    const word = (index: number): number => {
      const at = start + 2 * index;
      return ((codeAt(text, at) << 16) | codeAt(text, at + 1)) >>> 0;
    };
    const [a, b, c, d] = philox4x32([word(0), word(1), word(2), word(3)], [high, low]);
    high = (a ^ c) >>> 0;
    low = (b ^ d) >>> 0;
  }
  return (high >>> 11) * 2 ** 32 + low;
}

function codeAt(text: string, index: number): number {
  return index < text.length ? text.charCodeAt(index) : 0;
}
