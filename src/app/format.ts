/** Numbers as people read them. */

import { format } from "d3";
import type { Estimate } from "../experiments/studies/summariseStudy";

const UNITS = ["B", "kB", "MB", "GB"];

/** Decimal units, as file managers and data plans count: 97123456 is "97.1 MB". */
export function bytes(count: number): string {
  const power = count < 1000 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(count) / 3));
  const value = count / 1000 ** power;
  return `${power === 0 ? value : value.toFixed(value < 100 ? 1 : 0)} ${UNITS[power]}`;
}

/** Two decimals with a real minus sign: -0.311 is "−0.31". */
export function decimal(value: number, digits = 2): string {
  return value.toFixed(digits).replace("-", "−");
}

/** Seconds as "8 s", "3 min" or "1 h 20 min". */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** With thousands set apart: 12345 is "12,345". Not by Intl, for the reason of `timeOfDay`. */
export const count: (value: number) => string = format(",");

/** `one` or `many` after a count: plural(1, "row") is "1 row". */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

/** US dollars to the cent, and below a cent to two figures: 0.00123 is "$0.0012". */
export function dollars(value: number): string {
  if (value === 0 || value >= 0.01) return `$${value.toFixed(2)}`;
  return `$${Number(value.toPrecision(2))}`;
}

/** A figure and its 95 % interval, "0.32 [0.24, 0.40]"; a dash where there is none. */
export function withInterval(value: number | null | undefined, ci: readonly [number, number] | null): string {
  if (value == null) return "–";
  return ci === null ? decimal(value) : `${decimal(value)} [${decimal(ci[0])}, ${decimal(ci[1])}]`;
}

/** As `withInterval`; a dash for no figure, too. */
export function estimateText(estimate: Estimate | null | undefined): string {
  return withInterval(estimate?.value, estimate?.ci ?? null);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/**
 * Local time of day of milliseconds since 1970: "20:20:05". Not by Intl: to make its formatter keeps the page's thread
 * for tens of milliseconds.
 */
export function timeOfDay(time: number): string {
  const date = new Date(time);
  return [date.getHours(), date.getMinutes(), date.getSeconds()]
    .map((part) => String(part).padStart(2, "0"))
    .join(":");
}

/** Local date and time of milliseconds since 1970: "Nov 23, 2026, 20:20". */
export function moment(time: number): string {
  const date = new Date(time);
  return `${MONTHS[date.getMonth()]} ${date.getDate()}, ${date.getFullYear()}, ${timeOfDay(time).slice(0, 5)}`;
}
