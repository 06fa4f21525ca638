import { beforeEach, expect, test } from "vitest";
import { activate, deactivate, inUse, prices, spent } from "../../src/app/endpoint/connection";
import { settings } from "../../src/app/endpoint/endpointSettings";
import { noteUsage } from "../../src/app/endpoint/usage";
import type { Endpoint } from "../../src/runtimes/openai/endpoint";

beforeEach(() => {
  deactivate();
  settings.baseUrl.value = "https://api.example.org/v1";
  settings.model.value = "dear";
  settings.promptPrice.value = "10";
});

test("what is spent at an endpoint is by its own prices, not by those typed for another", () => {
  activate();
  noteUsage(inUse.value as Endpoint, { answers: 1, promptTokens: 1e6 });
  expect(spent.value).toBe(10);
  settings.model.value = "cheap";
  settings.promptPrice.value = "1";
  expect(spent.value).toBe(10);
  activate();
  noteUsage(inUse.value as Endpoint, { answers: 1, promptTokens: 2e6 });
  expect(spent.value).toBe(2);
});

test("a price that is corrected counts at once, but not where a name is only typed past", () => {
  activate();
  settings.promptPrice.value = "12";
  expect(prices.value?.prompt).toBe(12);
  settings.model.value = "other";
  settings.promptPrice.value = "1";
  settings.model.value = "dear";
  expect(prices.value?.prompt).toBe(12);
  settings.promptPrice.value = "";
  expect(spent.value).toBeNull();
});
