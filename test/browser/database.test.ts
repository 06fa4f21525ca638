import { type DBSchema, openDB } from "idb";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { database } from "../../src/storage/database";

interface Schema extends DBSchema {
  rows: { key: number; value: string };
}

let name = "";
beforeEach(() => {
  name = `database-test-${crypto.randomUUID()}`;
});

const ofVersion = (version: number) =>
  database<Schema>({
    name,
    version,
    upgrade: (db) => {
      if (!db.objectStoreNames.contains("rows")) db.createObjectStore("rows");
    },
    keeps: "rows",
  });

describe("work that fails", () => {
  afterEach(() => vi.restoreAllMocks());

  test("leaves the connection to the next work", async () => {
    const using = ofVersion(1);
    const open = vi.spyOn(indexedDB, "open");
    await using(async (db) => db.add("rows", "first", 0));
    for (let time = 0; time < 2; time++) {
      await expect(using(async (db) => db.add("rows", "second", 0))).rejects.toMatchObject({
        code: "storage-failed",
        message: expect.stringContaining("rows cannot be kept in this browser: "),
      });
    }
    expect(await using(async (db) => db.get("rows", 0))).toBe("first");
    expect(open).toHaveBeenCalledTimes(1);
  });

  test("on a closed connection has the next work open another", async () => {
    const using = ofVersion(1);
    await using(async (db) => db.close());
    await expect(using(async (db) => db.count("rows"))).rejects.toMatchObject({ code: "storage-failed" });
    expect(await using(async (db) => db.count("rows"))).toBe(0);
  });
});

describe("a database that a newer page has to upgrade", () => {
  test("lets go of it, and keeps what it held", async () => {
    await ofVersion(1)(async (db) => db.put("rows", "kept", 0));
    expect(await ofVersion(2)(async (db) => db.get("rows", 0))).toBe("kept");
  });

  test("says what to do where an older page holds on to it, and opens once that page is closed", async () => {
    const held = await openDB<Schema>(name, 1, { upgrade: (db) => void db.createObjectStore("rows") });
    const newer = ofVersion(2);
    await expect(newer(async (db) => db.count("rows"))).rejects.toMatchObject({
      code: "storage-failed",
      message: expect.stringContaining("close it and try again"),
    });
    held.close();
    expect(await newer(async (db) => db.count("rows"))).toBe(0);
  });
});
