import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { followAddress, linkTo, match, view } from "../../src/app/settings";

/** Resolves after the page was told of a link, which the browser does some time after it was followed. */
const told = (): Promise<unknown> =>
  new Promise((resolve) => addEventListener("hashchange", resolve, { once: true }));

beforeAll(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
  followAddress();
});

beforeEach(() => {
  view.value = "play";
  match.n.value = "100";
  vi.runAllTimers();
  expect(location.hash).toBe("#/play");
});

afterAll(() => {
  vi.useRealTimers();
});

test("a setting is in the address soon after it was changed", () => {
  match.n.value = "20";
  expect(location.hash).toBe("#/play");
  vi.runAllTimers();
  expect(location.hash).toBe("#/play?match.n=20");
});

test("a link that is followed is shown", async () => {
  const telling = told();
  location.hash = linkTo("models", { "match.n": "30" });
  await telling;
  expect(view.value).toBe("models");
  expect(match.n.value).toBe("30");
});

// As it comes under load: between a click on a tab and what the browser tells of it lies a drawing of the page.
test.each([
  ["the time has come to write a setting", () => vi.runAllTimers()],
  ["the page is left", () => dispatchEvent(new Event("pagehide"))],
])("a link that was followed is not written over when %s before the page is told", async (_, write) => {
  match.n.value = "20";
  const link = linkTo("models");
  const telling = told();
  location.hash = link;
  write();
  expect(location.hash).toBe(link);
  await telling;
  vi.runAllTimers();
  expect(location.hash).toBe(link);
  expect(view.value).toBe("models");
  expect(match.n.value).toBe("20");
});
