/** What the style sheet gives to a plot; written into the file, which has no style sheet. */
const STYLES = [
  "fill",
  "fill-opacity",
  "stroke",
  "stroke-width",
  "stroke-opacity",
  "stroke-dasharray",
  "stroke-linecap",
  "paint-order",
  "font-family",
  "font-size",
  "font-weight",
  "opacity",
];

/** A copy of a drawn element that looks the same where there is no style sheet. */
export function styledCopy<Drawn extends Element>(element: Drawn): Drawn {
  const copy = element.cloneNode(false) as Drawn;
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
