/** The prompt that a reward-conditioned policy gets: a dialogue with the wanted rewards written in. */

import { checkTarget } from "./checkTarget";
import { defuse, REWARD_CLOSE, REWARD_OPEN, TURN_CLOSE, TURN_OPEN } from "./controlText";
import { checkPrompt, type Dialogue, type Speaker } from "./dialogue";
import { AXES, type Axis, type Target } from "./reward";

/**
 * Where and how the rewards are written. bottom: after the last human turn. top: before the first
 * turn. duplicate: bottom, the lines ten times. times100: bottom, integers 0 to 100. joint: bottom,
 * one line, the mean of the axes. none: no reward lines.
 */
export const PROMPT_FORMATS = ["bottom", "top", "duplicate", "times100", "joint", "none"] as const;
export type PromptFormat = (typeof PROMPT_FORMATS)[number];

/** chat: ChatML, the local policy's. transcript: `Human: ...`, the published study's. */
export type Template = "chat" | "transcript";

export interface PromptSegment {
  readonly text: string;
  /** true: written by the program, special tokens act. false: somebody's text, they must not. */
  readonly control: boolean;
}

const REPEATS = 10;
const LABELS: Readonly<Record<Axis, string>> = { helpful: "Helpful reward", harmless: "Harmless reward" };
const JOINT_LABEL = "Reward";
const ROLES = {
  chat: { human: "user", assistant: "assistant" },
  transcript: { human: "Human", assistant: "Assistant" },
} as const satisfies Record<Template, Record<Speaker, string>>;

/**
 * The prompt in segments; each is encoded on its own, the ids joined. Turn texts are trimmed.
 * @param target rewards in [0, 1], written with two decimals; null writes the null reward.
 * @throws DialError "empty-prompt", "invalid-dialogue" or "invalid-target".
 */
export function formatPrompt(
  dialogue: Dialogue,
  target: Target | null,
  format: PromptFormat,
  template: Template,
): PromptSegment[] {
  return writePrompt(dialogue, target && checkTarget(target), format, template);
}

/**
 * As `formatPrompt`, for rewards of any normaliser.
 * @param rewards finite numbers, on whatever scale.
 * @throws DialError "empty-prompt" or "invalid-dialogue".
 */
export function writePrompt(
  dialogue: Dialogue,
  rewards: Target | null,
  format: PromptFormat,
  template: Template,
): PromptSegment[] {
  checkPrompt(dialogue);
  const reward = format === "none" ? "" : rewardBlock(rewards, format);
  const roles = ROLES[template];
  const chat = template === "chat";
  const segments: PromptSegment[] = [];
  let control = format === "top" ? `${reward}\n` : "";
  dialogue.forEach(({ speaker, text }, index) => {
    control += chat ? `${TURN_OPEN}${roles[speaker]}\n` : `${index > 0 ? "\n\n" : ""}${roles[speaker]}: `;
    segments.push({ text: control, control: true });
    const said = chat ? text.trim() : defuse(text.trim());
    if (said !== "") segments.push({ text: said, control: false });
    control = chat ? `${TURN_CLOSE}\n` : "";
  });
  const bottom = format === "top" || format === "none" ? "" : `\n${reward}`;
  const reply = chat ? `${TURN_OPEN}${roles.assistant}\n` : `\n\n${roles.assistant}:`;
  segments.push({ text: bottom + control + reply, control: true });
  return segments;
}

/** The exact text of a prompt, control strings written out. */
export function promptText(segments: readonly PromptSegment[]): string {
  return segments.map(({ text }) => text).join("");
}

/** `<REWARD>`, the value lines, `<SOS>`; the null reward has no value lines. */
export function rewardBlock(rewards: Target | null, format: PromptFormat): string {
  return `${REWARD_OPEN}\n${rewardLines(rewards ?? {}, format).join("\n")}${REWARD_CLOSE}`;
}

function rewardLines(rewards: Target, format: PromptFormat): string[] {
  const values = AXES.flatMap((axis) => {
    const value = rewards[axis];
    return value === undefined ? [] : [{ label: LABELS[axis], value }];
  });
  if (format === "joint" && values.length > 0) {
    const mean = values.reduce((sum, { value }) => sum + value, 0) / values.length;
    return [`${JOINT_LABEL}: ${hundredths(mean)}`];
  }
  const lines = values.map(({ label, value }) => {
    return `${label}: ${format === "times100" ? Math.round(value * 100) : hundredths(value)}`;
  });
  return format === "duplicate" ? Array.from({ length: REPEATS }, () => lines).flat() : lines;
}

/** Two decimals; what rounds to zero has no sign. */
function hundredths(value: number): string {
  const text = value.toFixed(2);
  return text === "-0.00" ? "0.00" : text;
}
