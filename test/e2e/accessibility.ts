import axe, { type AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

/** What axe finds serious or critical on the page as it is: rule and element, a line each. */
export async function seriousProblems(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate<AxeResults>(
    "axe.run(document, { resultTypes: ['violations'] })",
  );
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target.join(" ")}`));
}

/** Expects nothing serious and no sideways scrolling, at three widths and in both themes. */
export async function expectAccessible(page: Page): Promise<void> {
  for (const width of [1280, 640, 360]) {
    await page.setViewportSize({ width, height: 900 });
    for (const theme of ["Dark theme", "Light theme"]) {
      await page.getByRole("button", { name: theme, exact: true }).click();
      expect(await seriousProblems(page), `${width} px, after ${theme}`).toEqual([]);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
    }
  }
  await page.setViewportSize({ width: 1280, height: 900 });
}
