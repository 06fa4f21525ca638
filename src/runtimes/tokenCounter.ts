import type { CountText } from "../domain/dataset/countTokens";
import type { Encoding } from "../domain/dataset/targetModels";

/** Text that looks like a special token is counted as text: in a fine-tuning file it is. */
const PLAIN = { disallowedSpecial: new Set<string>() };

/**
 * Loads an encoding, a megabyte or two, when it is first asked for.
 * @param readTokenizer gives the content of the local policy's tokenizer.json.
 */
export async function tokenCounter(
  encoding: Encoding,
  readTokenizer: () => Promise<string>,
): Promise<CountText> {
  switch (encoding) {
    case "cl100k_base": {
      const { countTokens } = await import("gpt-tokenizer/encoding/cl100k_base");
      return (text) => countTokens(text, PLAIN);
    }
    case "o200k_base": {
      const { countTokens } = await import("gpt-tokenizer/encoding/o200k_base");
      return (text) => countTokens(text, PLAIN);
    }
    case "smollm2": {
      const { PolicyTokenizer } = await import("./local/tokenizer");
      const tokenizer = new PolicyTokenizer(await readTokenizer());
      return (text) => tokenizer.encodePrompt([{ text, control: true }]).length;
    }
  }
}
