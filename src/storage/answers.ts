/** Answers of endpoints in IndexedDB, by the sha256 of all that they depend on: a rerun pays for none twice. */

import type { DBSchema } from "idb";
import type { AnswerCache } from "../runtimes/openai/endpointPolicy";
import type { Answer } from "../runtimes/openai/readAnswer";
import { database } from "./database";

interface Schema extends DBSchema {
  answers: { key: string; value: Answer };
}

const using = database<Schema>({
  name: "reward-dial-answers",
  version: 1,
  keeps: "answers of endpoints",
  upgrade(db) {
    db.createObjectStore("answers");
  },
});

/** @throws (from its methods) DialError "storage-failed". */
export const storedAnswers: AnswerCache = {
  get: async (key) => (await using((db) => db.get("answers", key))) ?? null,
  put: async (key, answer) => {
    await using((db) => db.put("answers", answer, key));
  },
};

export async function countAnswers(): Promise<number> {
  return using((db) => db.count("answers"));
}

/** Takes all answers off this device. @returns them by their keys, for `restoreAnswers`. */
export async function removeAnswers(): Promise<ReadonlyMap<string, Answer>> {
  return using(async (db) => {
    const { store, done } = db.transaction("answers", "readwrite");
    const [keys, answers] = await Promise.all([store.getAllKeys(), store.getAll(), store.clear(), done]);
    return new Map(keys.map((key, index) => [key, answers[index] as Answer]));
  });
}

export async function restoreAnswers(answers: ReadonlyMap<string, Answer>): Promise<void> {
  await using(async (db) => {
    const { store, done } = db.transaction("answers", "readwrite");
    await Promise.all([...[...answers].map(([key, answer]) => store.put(answer, key)), done]);
  });
}
