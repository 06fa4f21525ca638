import { beforeEach, describe, expect, test } from "vitest";
import {
  keepKey,
  key,
  keyFor,
  otherKeys,
  rememberInUse,
  settings,
} from "../../src/app/endpoint/endpointSettings";

const HOME = "http://127.0.0.1:8080/v1";
const PROVIDER = "https://api.example.org/v1";

/** Node has none, so that nothing is kept unless a test gives one. */
class Memory {
  readonly held: Record<string, string> = {};
  getItem(name: string): string | null {
    return this.held[name] ?? null;
  }
  setItem(name: string, text: string): void {
    this.held[name] = text;
  }
  removeItem(name: string): void {
    delete this.held[name];
  }
}

beforeEach(() => {
  keepKey.value = false;
  for (const baseUrl of [HOME, PROVIDER]) {
    settings.baseUrl.value = baseUrl;
    key.value = "";
  }
});

describe("a key", () => {
  test("goes to the origin that it was typed for, whatever the path, and to no other", () => {
    settings.baseUrl.value = PROVIDER;
    key.value = "sk-provider";
    settings.baseUrl.value = HOME;
    expect(key.value).toBe("");
    expect(otherKeys.value).toEqual(["https://api.example.org"]);
    expect(keyFor(HOME)).toBe("");
    expect(keyFor("http://api.example.org/v1")).toBe("");
    expect(keyFor("https://api.example.org:444/v1")).toBe("");
    expect(keyFor("https://api.example.org/v2")).toBe("sk-provider");
    key.value = "sk-home";
    expect([keyFor(HOME), keyFor(PROVIDER)]).toEqual(["sk-home", "sk-provider"]);
  });

  test("is there again when its address is", () => {
    settings.baseUrl.value = PROVIDER;
    key.value = "sk-provider";
    for (const typed of ["https://api.example", "https://", HOME]) {
      settings.baseUrl.value = typed;
      expect(key.value).toBe("");
    }
    settings.baseUrl.value = PROVIDER;
    expect(key.value).toBe("sk-provider");
  });

  test("that is typed for no address is nobody's", () => {
    settings.baseUrl.value = "";
    key.value = "sk-early";
    settings.baseUrl.value = HOME;
    expect([key.value, keyFor(HOME), keyFor(PROVIDER)]).toEqual(["", "", ""]);
  });

  test("is kept in the tab only while that is asked for", () => {
    const session = new Memory();
    Object.assign(globalThis, { sessionStorage: session });
    try {
      settings.baseUrl.value = PROVIDER;
      key.value = "sk-provider";
      const endpoint = { baseUrl: PROVIDER, model: "m", kind: "chat", format: "bottom" } as const;
      rememberInUse(endpoint);
      expect(JSON.stringify(session.held)).toBe("{}");
      keepKey.value = true;
      rememberInUse(endpoint);
      expect(JSON.stringify(session.held)).toContain("sk-provider");
      expect(Object.keys(session.held)).toHaveLength(2);
      keepKey.value = false;
      rememberInUse(endpoint);
      expect(session.held).toEqual({});
    } finally {
      Reflect.deleteProperty(globalThis, "sessionStorage");
    }
  });
});

test("a setting that is changed leaves those alone that another tab has changed", () => {
  const local = new Memory();
  Object.assign(globalThis, { localStorage: local });
  try {
    settings.epochs.value = "4";
    const [name = ""] = Object.keys(local.held);
    const there = { ...JSON.parse(local.held[name] ?? ""), baseUrl: HOME, model: "mine" };
    local.held[name] = JSON.stringify(there);
    settings.epochs.value = "5";
    expect(JSON.parse(local.held[name] ?? "")).toEqual({ ...there, epochs: "5" });
  } finally {
    Reflect.deleteProperty(globalThis, "localStorage");
  }
});
