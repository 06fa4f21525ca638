import { expect, test } from "vitest";
import { svgPicture } from "../../src/app/picture/svgPicture";
import "../../src/app/styles/tokens.css";
import "../../src/app/styles/base.css";
import "../../src/app/styles/plots.css";

const LEGEND = "a long legend that does not fit beside a plot of a hundred units, so that it is broken";

function drawn(): SVGSVGElement {
  const place = document.createElement("div");
  place.innerHTML = `
    <fieldset><p>not of the picture</p></fieldset>
    <figure>
      <figcaption><strong class="helpful">Helpful</strong> r 0.60<span class="visually-hidden">unseen</span></figcaption>
      <svg class="plot" viewBox="0 0 100 50" role="img"><path class="fit stroke-helpful" d="M0 0H9"></path></svg>
    </figure>
    <figure><figcaption>${LEGEND}</figcaption><svg viewBox="0 0 100 80"></svg></figure>
    <ol><li>first</li><li>second</li></ol>`;
  document.body.replaceChildren(place);
  const text = svgPicture(place, { title: "Match: 9 rows", notes: ["seed 0, main 049c3bc9"] });
  return new DOMParser().parseFromString(text, "image/svg+xml").documentElement as unknown as SVGSVGElement;
}

const texts = (picture: Element) =>
  [...picture.querySelectorAll("text")].map(({ textContent }) => textContent);

test("says by itself what it shows: title, notes, captions, legends; no controls", () => {
  const said = texts(drawn());
  expect(said.slice(0, 3)).toEqual(["Match: 9 rows", "seed 0, main 049c3bc9", "Helpful r 0.60"]);
  expect(said.slice(-2)).toEqual(["1. first", "2. second"]);
  const legend = said.slice(3, -2);
  expect(legend.length).toBeGreaterThan(2);
  expect(legend.join(" ")).toBe(LEGEND);
});

test("sets plots side by side under their captions", () => {
  const [first, second] = drawn().querySelectorAll("svg");
  expect(Number(second?.getAttribute("x"))).toBeGreaterThanOrEqual(Number(first?.getAttribute("x")) + 100);
  expect(second?.getAttribute("y")).toBe(first?.getAttribute("y"));
});

test("is light in a dark theme, and needs no style sheet", () => {
  document.documentElement.dataset.theme = "dark";
  const picture = drawn();
  expect(document.documentElement.dataset.theme).toBe("dark");
  delete document.documentElement.dataset.theme;
  expect(picture.querySelector("rect")?.getAttribute("fill")).toBe("#ffffff");
  expect(picture.querySelector("path")?.getAttribute("stroke")).toBe("rgb(26, 95, 184)");
  expect(picture.querySelector("tspan")?.getAttribute("fill")).toBe("rgb(27, 26, 24)");
  expect(picture.getAttribute("font-family")).toContain("sans-serif");
  expect(picture.querySelector("[class]")).toBeNull();
});
