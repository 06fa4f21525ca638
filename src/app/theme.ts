/** The theme: the system's, until somebody picks one. Read before the first paint by index.html. */

import { signal } from "@preact/signals";

const KEY = "reward-dial-theme";
type Theme = "light" | "dark";

const system = matchMedia("(prefers-color-scheme: dark)");

const shown = (): Theme => {
  const chosen = document.documentElement.dataset.theme;
  if (chosen === "light" || chosen === "dark") return chosen;
  return system.matches ? "dark" : "light";
};

export const theme = signal<Theme>(shown());

system.addEventListener("change", () => {
  theme.value = shown();
});

export function toggleTheme(): void {
  const next: Theme = theme.value === "dark" ? "light" : "dark";
  document.documentElement.dataset.theme = next;
  theme.value = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Storage can be switched off; the choice then holds until the page is left.
  }
}
