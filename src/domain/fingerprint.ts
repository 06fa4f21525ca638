/**
 * A text as a number, to know it again by: ten million characters cost no more to remember than ten.
 *
 * Two 32-bit lanes of MurmurHash3's mixing (Appleby, public domain), joined as its 128-bit form joins four. It is made
 * against accidents, not against somebody who looks for collisions.
 */

const FINGERPRINTS = 2 ** 53;

/** A whole number below 2^53. Two different texts have the same one with a chance of 2^-53. */
export function fingerprint(text: string): number {
  let first = 0x9747b28c;
  let second = 0x3c6ef372;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index) + 1;
    first = mixIn(first, unit, 0xcc9e2d51, 0x1b873593);
    second = mixIn(second, unit, 0x239b961b, 0xab0e9789);
  }
  first = finish((first ^ text.length) + second);
  second = finish(second + first);
  return (first >>> 0) * 2 ** 21 + (second >>> 11);
}

/** A fingerprint as a number in [0, 1), spread evenly. */
export function fingerprintShare(print: number): number {
  return print / FINGERPRINTS;
}

function mixIn(state: number, unit: number, before: number, after: number): number {
  const mixed = state ^ Math.imul(rotate(Math.imul(unit, before), 15), after);
  return (Math.imul(rotate(mixed, 13), 5) + 0xe6546b64) | 0;
}

function finish(state: number): number {
  let mixed = state | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return mixed ^ (mixed >>> 16);
}

function rotate(value: number, by: number): number {
  return (value << by) | (value >>> (32 - by));
}
