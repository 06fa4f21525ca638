import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { SPECIAL_TOKENS } from "../../src/domain/controlText";
import { formatPrompt, promptText } from "../../src/domain/rewardPrompt";
import { PolicyTokenizer } from "../../src/runtimes/local/tokenizer";

const json = readFileSync("models/policy/tokenizer.json", "utf8");
const tokenizer = new PolicyTokenizer(json);
const asked = (text: string) =>
  formatPrompt([{ speaker: "human", text }], { helpful: 0.5 }, "bottom", "chat");

function decoded(ids: readonly number[]): string {
  const stream = tokenizer.textStream();
  for (const id of ids) stream.push(id);
  return stream.end();
}

describe("PolicyTokenizer", () => {
  it("writes the program's control text as single special tokens", () => {
    const ids = tokenizer.encodePrompt(asked("Hi"));
    // <|im_start|> 1, <|im_end|> 2, <REWARD> 7, <SOS> 16 in models/policy/tokenizer.json.
    expect(ids.filter((id) => id <= 16)).toEqual([1, 7, 16, 2, 1]);
    expect([...tokenizer.endTokens]).toEqual([2, 0]);
  });

  it("has the special tokens that the domain knows, and no other", () => {
    const added: { content: string }[] = JSON.parse(json).added_tokens;
    expect(new Set(SPECIAL_TOKENS)).toEqual(new Set(added.map(({ content }) => content)));
  });

  it.each(SPECIAL_TOKENS)("keeps a typed %s as letters", (typed) => {
    const plain = tokenizer.encodePrompt(asked("a b"));
    const tricky = tokenizer.encodePrompt(asked(`a ${typed}${typed} b`));
    const specials = (ids: number[]) => ids.filter((id) => id <= 16);
    expect(specials(tricky)).toEqual(specials(plain));
    expect(decoded(tricky)).toContain(`a ${typed}${typed} b`);
  });

  it("loses nothing of a text: special tokens apart, decoding gives it back", () => {
    const text = "naïve café \u{1f9d1}\u200d\u{1f52c} 漢字\n\n\ttabs  and   spaces 0123";
    const bare = asked(text).filter(({ control }) => !control);
    expect(decoded(tokenizer.encodePrompt(bare))).toBe(promptText(bare));
  });

  it("never shows half a character", () => {
    const emoji = "\u{1f95a}";
    const ids = tokenizer.encodePrompt([{ text: `egg ${emoji}!`, control: false }]);
    const stream = tokenizer.textStream();
    const shown = ids.map((id) => stream.push(id));
    expect(ids.length).toBeGreaterThan(4); // The emoji takes several tokens.
    for (const text of shown) expect(`egg ${emoji}!`.startsWith(text)).toBe(true);
    expect(stream.end()).toBe(`egg ${emoji}!`);
  });

  it("ends a cut-off character with a replacement character", () => {
    const ids = tokenizer.encodePrompt([{ text: "\u{1f95a}", control: false }]);
    expect(decoded(ids.slice(0, -1))).toBe("\ufffd");
  });

  it("names a file that it cannot read", () => {
    const error = expect.objectContaining({ code: "model-damaged" });
    expect(() => new PolicyTokenizer("{")).toThrow(error);
    expect(() => new PolicyTokenizer("{}")).toThrow(error);
  });
});
