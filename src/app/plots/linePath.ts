import type { Line } from "../../domain/statistics/regression";
import type { PlotFrame } from "./plotFrame";

/** What of a line lies in a frame, where points do that it was fitted to: it goes through their mean. */
export function linePath(
  { x, y }: PlotFrame,
  { slope, intercept }: Pick<Line, "slope" | "intercept">,
): string {
  const [left, right] = x.domain() as [number, number];
  const levels = y.domain().map((level) => (level - intercept) / slope);
  const from = slope === 0 ? left : Math.max(left, Math.min(...levels));
  const to = slope === 0 ? right : Math.min(right, Math.max(...levels));
  return `M${x(from)} ${y(intercept + slope * from)}L${x(to)} ${y(intercept + slope * to)}`;
}
