import { expect, test } from "vitest";
import { inTurn, turnsTaken } from "../../src/app/inTurn";

test("each piece of work has a task of its own, in the order in which it came", async () => {
  const done: string[] = [];
  const say = (word: string) => () => {
    done.push(word);
    queueMicrotask(() => done.push(`after ${word}`));
  };
  inTurn(say("one"));
  inTurn(say("taken back"))();
  inTurn(say("two"));
  expect(done).toEqual([]);
  await turnsTaken();
  expect(done).toEqual(["one", "after one", "two", "after two"]);
});
