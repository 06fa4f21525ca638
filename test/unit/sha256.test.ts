import { expect, test } from "vitest";
import { sha256 } from "../../src/domain/sha256";

test("sha256 gives the published digests", async () => {
  // FIPS 180-4, the examples of one block and of no bits.
  const abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
  const none = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
  expect(await sha256(new TextEncoder().encode("abc"))).toBe(abc);
  expect(await sha256(new Uint8Array())).toBe(none);
});
