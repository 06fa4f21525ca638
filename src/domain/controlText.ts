/**
 * Text that acts as a control only where the program wrote it.
 *
 * The cut is after the first character of a control string, so that no encoder sees it whole.
 */

export const REWARD_OPEN = "<REWARD>";
export const REWARD_CLOSE = "<SOS>";
export const TURN_OPEN = "<|im_start|>";
export const TURN_CLOSE = "<|im_end|>";

/** The strings that the local policy's tokenizer knows as single special tokens. */
export const SPECIAL_TOKENS = [
  "<|endoftext|>",
  TURN_OPEN,
  TURN_CLOSE,
  "<repo_name>",
  "<reponame>",
  "<file_sep>",
  "<filename>",
  REWARD_OPEN,
  "<issue_start>",
  "<issue_comment>",
  "<issue_closed>",
  "<jupyter_start>",
  "<jupyter_text>",
  "<jupyter_code>",
  "<jupyter_output>",
  "<jupyter_script>",
  REWARD_CLOSE,
] as const;

/**
 * The pieces of a text, cut after the first character of every occurrence of a special token;
 * joined they are the text. Encoded apart, they yield no special token.
 */
export function cutAtSpecialTokens(text: string, tokens: readonly string[] = SPECIAL_TOKENS): string[] {
  const pieces: string[] = [];
  let start = 0;
  for (let index = 0; index < text.length; index++) {
    if (tokens.some((token) => text.startsWith(token, index))) {
      pieces.push(text.slice(start, index + 1));
      start = index + 1;
    }
  }
  if (start < text.length) pieces.push(text.slice(start));
  return pieces;
}

const CUT = "\u200b";
const TRANSCRIPT_CONTROL = /<(\u200b*)(?=(?:REWARD|SOS)>)|\n(\u200b*)(?=\n(?:Human|Assistant):)/g;

/**
 * A user's text for a plain transcript: typed `<REWARD>`, `<SOS>` and turn marks get a zero-width
 * space after their first character.
 */
export function defuse(text: string): string {
  return text.replace(TRANSCRIPT_CONTROL, (start) => start + CUT);
}
