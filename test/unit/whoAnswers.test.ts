import { afterEach, expect, test } from "vitest";
import { checkWhoAnswers } from "../../src/app/endpoint/whoAnswers";
import { engine, type RunPolicy } from "../../src/app/engine/engine";
import type { RunHeader } from "../../src/domain/run";

const headerOf = (models: RunHeader["models"]): RunHeader => ({
  kind: "match",
  version: 1,
  options: {},
  models,
});
const LOCAL = headerOf({ "policy/adapters/main.safetensors": "ab", "reward/reward.onnx": "cd" });
const THERE = headerOf({ "https://host/v1 writer-1": "chat, bottom", "reward/reward.onnx": "cd" });

const answering = (name: string): RunPolicy => ({
  name,
  device: "remote",
  deviceReason: "",
  models: { [`https://host/v1 ${name}`]: "chat, bottom" },
  async *sample() {},
});

afterEach(() => {
  engine.remote.value = null;
});

test("a run goes on with whoever answered before", () => {
  checkWhoAnswers(LOCAL);
  engine.remote.value = answering("writer-1");
  checkWhoAnswers(THERE);
});

test("a run by somebody else says by whom", () => {
  expect(() => checkWhoAnswers(THERE)).toThrow("by https://host/v1, model writer-1: set it up and use it");
  engine.remote.value = answering("writer-2");
  expect(() => checkWhoAnswers(THERE)).toThrow("by https://host/v1, model writer-1");
  expect(() => checkWhoAnswers(LOCAL)).toThrow("by a model of this tab: go back to it");
});
