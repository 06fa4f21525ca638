import { beforeEach, expect, test, vi } from "vitest";
import { CostNote } from "../../src/app/endpoint/CostNote";
import { activate, deactivate, inUse, prices, spent } from "../../src/app/endpoint/connection";
import { key, settings } from "../../src/app/endpoint/endpointSettings";
import { noteUsage } from "../../src/app/endpoint/usage";
import { engine } from "../../src/app/engine/engine";
import { question } from "../../src/domain/dialogue";
import type { Endpoint } from "../../src/runtimes/openai/endpoint";
import { DEFAULT_SAMPLING } from "../../src/runtimes/policy";

const request = vi.hoisted(() => vi.fn<typeof fetch>());

vi.mock("../../src/runtimes/openai/door", () => ({ openDoor: async () => ({ fetch: request }) }));

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

test("a key that is corrected goes with the next request of the endpoint in use", async () => {
  const refusal = () => Response.json({ error: { message: "Incorrect API key" } }, { status: 401 });
  request.mockImplementation(async () => refusal());
  const ask = async (): Promise<unknown> => {
    const prompt = { dialogue: question("Eggs?"), target: null, seed: 0, row: 0, sampling: DEFAULT_SAMPLING };
    await expect(engine.remote.value?.sample([prompt]).next()).rejects.toMatchObject({
      code: "endpoint-key",
    });
    return request.mock.lastCall?.[1]?.headers;
  };
  key.value = "sk-mistyped";
  activate();
  expect(await ask()).toMatchObject({ authorization: "Bearer sk-mistyped" });
  key.value = "sk-right";
  expect(await ask()).toMatchObject({ authorization: "Bearer sk-right" });
});

test("what a run costs is not read out again with each letter of its prompt", () => {
  activate();
  expect(CostNote({ answers: 1, maxTokens: 9, dialogue: question("Eggs?") })?.props).not.toHaveProperty(
    "role",
  );
});
