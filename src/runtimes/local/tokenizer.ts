/** Text to tokens and back for the local policy, over its tokenizer.json (byte-level BPE with added special tokens). */

import { Tokenizer } from "@huggingface/tokenizers";
import { cutAtSpecialTokens, TURN_CLOSE } from "../../domain/controlText";
import { DialError } from "../../domain/errors";
import type { PromptSegment } from "../../domain/rewardPrompt";

const END_OF_TEXT = "<|endoftext|>";

export class PolicyTokenizer {
  /** Tokens that end a completion. */
  readonly endTokens: ReadonlySet<number>;
  private readonly tokenizer: Tokenizer;
  private readonly special: ReadonlyMap<number, string>;
  private readonly bytes = byteOfCharacter();

  /** @param json the content of tokenizer.json. */
  constructor(json: string) {
    this.tokenizer = parse(json);
    this.special = new Map(
      [...this.tokenizer.get_added_tokens_decoder()].map(([id, token]) => [id, token.content]),
    );
    this.endTokens = new Set([TURN_CLOSE, END_OF_TEXT].map((text) => this.idOf(text)));
  }

  /**
   * Each segment is encoded on its own. Text of somebody's is cut inside every special-token string, so that typed
   * `<REWARD>` or `<|im_end|>` stays letters.
   */
  encodePrompt(segments: readonly PromptSegment[]): number[] {
    const specials = [...this.special.values()];
    return segments.flatMap(({ text, control }) => {
      const pieces = control ? [text] : cutAtSpecialTokens(text, specials);
      return pieces.flatMap((piece) => this.encode(piece));
    });
  }

  /** A decoder of one completion, token by token. */
  textStream(): TextStream {
    return new TextStream((token) => this.bytesOf(token));
  }

  private encode(text: string): number[] {
    return text === "" ? [] : this.tokenizer.encode(text, { add_special_tokens: false }).ids;
  }

  private idOf(text: string): number {
    const id = this.tokenizer.token_to_id(text);
    if (id === undefined) throw new DialError("model-damaged", `the policy's tokenizer has no ${text} token`);
    return id;
  }

  /** The UTF-8 bytes that a token stands for; none for a special token. */
  private bytesOf(token: number): Uint8Array {
    if (this.special.has(token)) return new Uint8Array();
    const letters = this.tokenizer.id_to_token(token) ?? "";
    return Uint8Array.from(letters, (letter) => this.bytes.get(letter) as number);
  }
}

/** Joins tokens to text. A character whose last byte has not come yet is not shown. */
export class TextStream {
  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  private text = "";

  constructor(private readonly bytesOf: (token: number) => Uint8Array) {}

  /** The text so far. */
  push(token: number): string {
    this.text += this.decoder.decode(this.bytesOf(token), { stream: true });
    return this.text;
  }

  /** The whole text; a character that was never finished becomes U+FFFD. */
  end(): string {
    this.text += this.decoder.decode();
    return this.text;
  }
}

function parse(json: string): Tokenizer {
  try {
    return new Tokenizer(JSON.parse(json), {});
  } catch (error) {
    throw new DialError("model-damaged", `the tokenizer file cannot be read: ${(error as Error).message}`);
  }
}

/**
 * The byte that each letter of a byte-level vocabulary stands for: printable Latin-1 stands for itself, the other
 * bytes for the letters from U+0100 on, in order (Radford et al. 2019, GPT-2).
 */
function byteOfCharacter(): Map<string, number> {
  const table = new Map<string, number>();
  let shifted = 0x100;
  for (let byte = 0; byte < 256; byte++) {
    const printable = (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte !== 0xad);
    table.set(String.fromCodePoint(printable ? byte : shifted++), byte);
  }
  return table;
}
