/** Plots on the screen as one SVG file that looks the same elsewhere. */

const NAMESPACE = "http://www.w3.org/2000/svg";
const GAP = 16;
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

/** @param plots drawn in the page, put side by side; each has a viewBox. */
export function svgPicture(plots: readonly SVGSVGElement[]): string {
  const picture = document.createElementNS(NAMESPACE, "svg");
  let width = 0;
  let height = 0;
  for (const plot of plots) {
    const copy = styledCopy(plot) as SVGSVGElement;
    const { width: w, height: h } = plot.viewBox.baseVal;
    copy.setAttribute("x", String(width));
    copy.setAttribute("width", String(w));
    copy.setAttribute("height", String(h));
    picture.append(copy);
    width += w + GAP;
    height = Math.max(height, h);
  }
  width = Math.max(0, width - GAP);
  picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.prepend(background(width, height));
  return new XMLSerializer().serializeToString(picture);
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
