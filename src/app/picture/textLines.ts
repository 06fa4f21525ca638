/** Text of the page as lines of SVG text, which does not break lines by itself. */

import { svgElement } from "./svgElement";

/** A word, and how it looks. */
interface Word {
  readonly text: string;
  readonly fill: string;
  readonly weight: string;
  /** Whether white space stands before it; a line breaks nowhere else. */
  readonly spaced: boolean;
}

export type Line = readonly Word[];

/** In units of the picture. */
export const LINE_HEIGHT = 15;
const FONT_SIZE = 11;

/** The visible text of an element on one line; preformatted text keeps its lines. */
export function linesOf(element: Element): Line[] {
  const breaks = element.tagName === "PRE";
  const lines: Word[][] = [[...marker(element)]];
  let spaced = true;
  for (const { text, parent } of textsOf(element)) {
    const { color: fill, fontWeight: weight } = getComputedStyle(parent);
    for (const [part] of text.matchAll(/\n|[^\S\n]+|\S+/g)) {
      if (part === "\n" && breaks) lines.push([]);
      else if (part.trim() !== "") lines.at(-1)?.push({ text: part, fill, weight, spaced });
      spaced = part.trim() === "";
    }
  }
  return lines.filter((line) => line.length > 0);
}

/** The number of an item of a numbered list, which is in no text. */
function marker(element: Element): Word[] {
  const list = element.closest("ol");
  if (list === null || element.tagName !== "LI") return [];
  const { color: fill, fontWeight: weight } = getComputedStyle(element);
  return [{ text: `${[...list.children].indexOf(element) + 1}.`, fill, weight, spaced: true }];
}

function* textsOf(element: Element): Generator<{ readonly text: string; readonly parent: Element }> {
  if (element.classList.contains("visually-hidden")) return;
  for (const child of element.childNodes) {
    if (child instanceof Element) yield* textsOf(child);
    else if (child instanceof Text) yield { text: child.data, parent: element };
  }
}

/** Breaks a line where it is wider than `width`. */
export function wrapped(line: Line, width: number, fontFamily: string): Line[] {
  const lines: Word[][] = [];
  let used = 0;
  for (const word of line) {
    const own = widthOf(word, fontFamily);
    const gap = word.spaced ? widthOf({ ...word, text: " " }, fontFamily) : 0;
    const last = lines.at(-1);
    if (last && (!word.spaced || used + gap + own <= width)) {
      last.push(word);
      used += gap + own;
    } else {
      lines.push([word]);
      used = own;
    }
  }
  return lines;
}

const canvas = new OffscreenCanvas(1, 1).getContext("2d");

function widthOf({ text, weight }: Word, fontFamily: string): number {
  if (!canvas) return text.length * FONT_SIZE * 0.6;
  canvas.font = `${weight} ${FONT_SIZE}px ${fontFamily}`;
  return canvas.measureText(text).width;
}

/** @param y of the line's top. */
export function drawnLine(line: Line, x: number, y: number, size = FONT_SIZE): SVGTextElement {
  const text = svgElement("text", { x, y: y + size, "font-size": size });
  line.forEach(({ text: word, fill, weight, spaced }, index) => {
    const part = svgElement("tspan", { fill, "font-weight": weight });
    part.textContent = spaced && index > 0 ? ` ${word}` : word;
    text.append(part);
  });
  return text;
}

/** Text that is not of the page. */
export function plainLine(text: string, fill: string, weight = "400"): Line {
  return text.split(" ").map((part) => ({ text: part, fill, weight, spaced: true }));
}
