/** What goes into a picture of a part of the page: its plots, and the texts that explain them. */

import { type Line, linesOf } from "./textLines";

/** A plot under what is written above it. */
export interface Figure {
  readonly plot: SVGSVGElement;
  readonly caption: readonly Line[];
}

/** What goes from the left edge of the picture to its right: plots side by side, or text. */
export type Band =
  | { readonly kind: "plots"; readonly figures: readonly Figure[] }
  | { readonly kind: "text"; readonly lines: readonly Line[] };

/** A row of plots is no wider than this, in the units of their viewBoxes. */
const WIDEST = 1060;
export const GAP = 16;

const TEXTS = "h2, p, li, pre, figcaption";
/** Controls explain nothing on paper. */
const LEFT_OUT = "fieldset, .fields";

/** @param place holds the plots, each with a viewBox. */
export function bandsOf(place: Element): Band[] {
  const bands: Band[] = [];
  for (const part of partsOf(place)) {
    const last = bands.at(-1);
    if (last?.kind === "plots" && part.kind === "plots") {
      const figures = [...last.figures, ...part.figures];
      if (widthOf(figures) <= WIDEST) {
        bands[bands.length - 1] = { kind: "plots", figures };
        continue;
      }
    }
    bands.push(part);
  }
  return bands;
}

/** Of plots side by side. */
export function widthOf(figures: readonly Figure[]): number {
  return figures.reduce((sum, { plot }) => sum + plot.viewBox.baseVal.width, (figures.length - 1) * GAP);
}

function* partsOf(place: Element): Generator<Band> {
  for (const element of place.children) {
    if (element.matches(LEFT_OUT)) continue;
    if (element.tagName === "FIGURE") yield* figuresOf(element);
    else if (element instanceof SVGSVGElement)
      yield { kind: "plots", figures: [{ plot: element, caption: [] }] };
    else if (isText(element)) yield { kind: "text", lines: linesOf(element) };
    else if (element.matches("ul, ol")) yield { kind: "text", lines: [...element.children].flatMap(linesOf) };
    else yield* partsOf(element);
  }
}

/** Each plot of a figure; its texts stand above the first. */
function* figuresOf(figure: Element): Generator<Band> {
  const caption = [...figure.querySelectorAll(TEXTS)].filter(isText).flatMap(linesOf);
  for (const [index, plot] of figure.querySelectorAll("svg").entries()) {
    yield { kind: "plots", figures: [{ plot, caption: index === 0 ? caption : [] }] };
  }
}

function isText(element: Element): boolean {
  return element.matches(TEXTS) && element.querySelector(TEXTS) === null;
}
