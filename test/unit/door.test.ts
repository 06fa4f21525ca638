import { expect, test } from "vitest";
import { openDoor } from "../../src/runtimes/openai/door";

test.each(["http://[::1]:8080", "https://[2001:db8::1]"])("opens no door to %s", async (origin) => {
  await expect(openDoor(origin)).rejects.toMatchObject({
    code: "invalid-option",
    message: expect.stringContaining(origin),
  });
});
