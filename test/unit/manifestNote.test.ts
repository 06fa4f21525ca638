import { expect, test, vi } from "vitest";
import { ManifestNote } from "../../src/app/models/ManifestNote";
import { manifestError } from "../../src/app/models/manifest";
import { buttonOf } from "../support/buttonOf";
import { saidBy } from "../support/saidBy";

test("a manifest that did not arrive is told, with a button that reads it again", () => {
  const read = vi.fn();
  expect(ManifestNote({ read })).toBeNull();
  manifestError.value = new Error("models/manifest.json: HTTP 503");
  expect(saidBy(ManifestNote({ read }))).toContain("models/manifest.json: HTTP 503");
  buttonOf(ManifestNote({ read }), "Try again")?.onClick?.();
  expect(read).toHaveBeenCalledOnce();
});
