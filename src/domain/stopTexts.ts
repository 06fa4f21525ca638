/** Texts that end a completion. They are looked for in the text, since a tokenizer may cut them anywhere. */

export interface StoppedText {
  /** The text before the first stop text. */
  readonly text: string;
  readonly stopped: boolean;
}

/** Cuts a text before the stop text that begins first in it. */
export function cutAtStop(text: string, stops: readonly string[]): StoppedText {
  const found = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
  return found.length === 0
    ? { text, stopped: false }
    : { text: text.slice(0, Math.min(...found)), stopped: true };
}

/** The text less an end that may yet grow into a stop text: what can be shown while more is coming. */
export function withoutBegunStop(text: string, stops: readonly string[]): string {
  let shown = text.length;
  for (const stop of stops) {
    for (let length = Math.min(stop.length - 1, text.length); length > text.length - shown; length--) {
      if (text.endsWith(stop.slice(0, length))) shown = text.length - length;
    }
  }
  return text.slice(0, shown);
}
