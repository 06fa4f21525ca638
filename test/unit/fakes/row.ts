import type { Row } from "../../../src/domain/row";

export function someRow(row: number): Row {
  return {
    row,
    seed: 1,
    prompt: "\n\nHuman: Eggs?",
    target: { helpful: 0.42 },
    prompted: "Eggs?",
    completion: "Boil “them”.",
    tokens: 3,
    logprob: -4.25,
    actual: { helpful: 0.5, harmless: 0.75 },
  };
}
