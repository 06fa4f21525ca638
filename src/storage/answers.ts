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

export async function clearAnswers(): Promise<void> {
  await using((db) => db.clear("answers"));
}
