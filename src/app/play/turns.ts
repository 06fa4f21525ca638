/** The dialogue editor's turns: texts that alternate, the first and the last by the human. */

import { computed } from "@preact/signals";
import type { Dialogue } from "../../domain/dialogue";
import { play } from "../settings";

const isTexts = (value: unknown): value is string[] =>
  Array.isArray(value) && value.length % 2 === 1 && value.every((text) => typeof text === "string");

function read(text: string): string[] {
  try {
    const value: unknown = JSON.parse(text);
    if (isTexts(value)) return value;
  } catch {
    // A link written by hand may hold the question itself.
  }
  return [text];
}

export const turns = computed(() => read(play.dialogue.value));

export const dialogue = computed<Dialogue>(() =>
  turns.value.map((text, index) => ({ speaker: index % 2 === 0 ? "human" : "assistant", text })),
);

/** Whether the editor can hold a dialogue: the speakers alternate, the human first and last. */
export function fitsEditor(turns: Dialogue): boolean {
  return (
    turns.length % 2 === 1 &&
    turns.every(({ speaker }, index) => speaker === (index % 2 === 0 ? "human" : "assistant"))
  );
}

export function setTurns(texts: readonly string[]): void {
  play.dialogue.value = JSON.stringify(texts);
}

export function setTurn(index: number, text: string): void {
  setTurns(turns.value.with(index, text));
}

/** Adds the assistant's reply and an empty turn to answer it. */
export function addTurns(reply = ""): void {
  setTurns([...turns.value, reply, ""]);
}

/** Takes out a human turn with the reply to it; the last one, which has none, with the reply before it. */
export function removeTurn(index: number): void {
  const isLast = index === turns.value.length - 1;
  setTurns(turns.value.toSpliced(isLast ? Math.max(0, index - 1) : index, 2));
}
