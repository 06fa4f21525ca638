/** Plots on the screen as one SVG file that looks the same elsewhere. */

import { DialError } from "../domain/errors";

const NAMESPACE = "http://www.w3.org/2000/svg";
const GAP = 16;
/** A row of plots is no wider than this, in the units of their viewBoxes. */
const WIDEST = 1060;
/** What the style sheet gives to a plot; written into the file, which has no style sheet. */
const STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linecap",
  "font-family",
  "font-size",
  "font-weight",
  "opacity",
];

/** @param plots drawn in the page, put side by side in rows; each has a viewBox. */
export function svgPicture(plots: readonly SVGSVGElement[]): string {
  const picture = document.createElementNS(NAMESPACE, "svg");
  let [x, y, width, height] = [0, 0, 0, 0];
  for (const plot of plots) {
    const copy = styledCopy(plot) as SVGSVGElement;
    const { width: w, height: h } = plot.viewBox.baseVal;
    if (x > 0 && x + w > WIDEST) [x, y] = [0, height + GAP];
    copy.setAttribute("x", String(x));
    copy.setAttribute("y", String(y));
    copy.setAttribute("width", String(w));
    copy.setAttribute("height", String(h));
    picture.append(copy);
    width = Math.max(width, x + w);
    height = Math.max(height, y + h);
    x += w + GAP;
  }
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.setAttribute("width", String(width));
  picture.setAttribute("height", String(height));
  picture.prepend(background(width, height));
  return new XMLSerializer().serializeToString(picture);
}

/** Dots of a PNG for each unit of the picture. */
const SCALE = 3;

/** The picture as a PNG. @throws DialError "storage-failed" where the browser makes none. */
export async function pngPicture(svg: string): Promise<Blob> {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width * SCALE, image.height * SCALE);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: "image/png" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DialError("storage-failed", `this browser makes no PNG of the plots: ${reason}; take the SVG`);
  } finally {
    URL.revokeObjectURL(url);
  }
}

function styledCopy(element: Element): Element {
  const copy = element.cloneNode(false) as Element;
  for (const name of [...copy.attributes].map(({ name }) => name)) {
    if (name === "class" || name === "role" || name === "tabindex" || name.startsWith("aria-")) {
      copy.removeAttribute(name);
    }
  }
  const style = getComputedStyle(element);
  for (const property of STYLES) copy.setAttribute(property, style.getPropertyValue(property));
  for (const child of element.childNodes) {
    copy.append(child instanceof Element ? styledCopy(child) : child.cloneNode());
  }
  return copy;
}

/** The page's own: the lines and letters of a dark theme would vanish on white. */
function background(width: number, height: number): SVGRectElement {
  const paper = document.createElementNS(NAMESPACE, "rect");
  paper.setAttribute("width", String(width));
  paper.setAttribute("height", String(height));
  paper.setAttribute("fill", getComputedStyle(document.body).backgroundColor);
  return paper;
}
