/** A part of the page as one SVG file that looks the same elsewhere, and says by itself what it shows. */

import { bandsOf, type Figure, GAP, widthOf } from "./bands";
import { styledCopy } from "./styledCopy";
import { setAttributes, svgElement } from "./svgElement";
import { drawnLine, LINE_HEIGHT, type Line, plainLine, wrapped } from "./textLines";

export interface PictureAbout {
  readonly title: string;
  /** Lines under it: what was run, by which models. */
  readonly notes: readonly string[];
}

/** In the units of the plots' viewBoxes, as all lengths here. */
const EDGE = 20;
const CAPTION_GAP = 6;
const TITLE_SIZE = 16;
const TITLE_HEIGHT = 26;

/**
 * The plots with their captions and legends, on light ground whatever the theme.
 * @param place holds the plots, each with a viewBox, and the texts that explain them.
 */
export function svgPicture(place: Element, about: PictureAbout): string {
  return inLight(() => {
    const bands = bandsOf(place);
    const width = Math.max(...bands.map((band) => (band.kind === "plots" ? widthOf(band.figures) : 0)));
    const picture = svgElement("svg", { "font-family": getComputedStyle(document.body).fontFamily });
    let y = writeAbout(picture, about, width);
    for (const band of bands) {
      y =
        band.kind === "plots"
          ? drawPlots(picture, band.figures, y + GAP)
          : write(picture, band.lines, EDGE, y + GAP / 2, width);
    }
    const size = { width: width + 2 * EDGE, height: y + EDGE };
    picture.prepend(svgElement("rect", { ...size, fill: "#ffffff" }));
    setAttributes(picture, { ...size, viewBox: `0 0 ${size.width} ${size.height}` });
    return new XMLSerializer().serializeToString(picture);
  });
}

/** @returns where it ends, as those below. */
function writeAbout(picture: SVGSVGElement, { title, notes }: PictureAbout, width: number): number {
  const { color } = getComputedStyle(document.body);
  picture.append(drawnLine(plainLine(title, color, "650"), EDGE, EDGE, TITLE_SIZE));
  const lines = notes.map((note) => plainLine(note, color));
  return write(picture, lines, EDGE, EDGE + TITLE_HEIGHT, width);
}

function write(picture: SVGSVGElement, lines: readonly Line[], x: number, y: number, width: number): number {
  const font = picture.getAttribute("font-family") as string;
  const broken = lines.flatMap((line) => wrapped(line, width, font));
  picture.append(...broken.map((line, index) => drawnLine(line, x, y + index * LINE_HEIGHT)));
  return y + broken.length * LINE_HEIGHT;
}

/** Side by side, each under its caption, on one line whatever the lengths of the captions. */
function drawPlots(picture: SVGSVGElement, figures: readonly Figure[], top: number): number {
  const placed = figures.map(({ plot, caption }, index) => {
    const x = EDGE + (index === 0 ? 0 : widthOf(figures.slice(0, index)) + GAP);
    const { width, height } = plot.viewBox.baseVal;
    return { plot, x, width, height, from: write(picture, caption, x, top, width) };
  });
  const y = Math.max(...placed.map(({ from }) => from)) + CAPTION_GAP;
  for (const { plot, x, width, height } of placed) {
    const copy = styledCopy(plot);
    setAttributes(copy, { x, y, width, height });
    picture.append(copy);
  }
  return y + Math.max(...placed.map(({ height }) => height));
}

/** Does what reads colours as the light theme has them; nothing is painted meanwhile. */
function inLight<Found>(read: () => Found): Found {
  const { dataset } = document.documentElement;
  const { theme } = dataset;
  dataset.theme = "light";
  try {
    return read();
  } finally {
    if (theme === undefined) delete dataset.theme;
    else dataset.theme = theme;
  }
}
