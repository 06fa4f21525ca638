import { linkTo, VIEWS, type View, view } from "../settings";
import { theme, toggleTheme } from "../theme";
import { EngineChip } from "./EngineChip";

export const VIEW_TITLES: Readonly<Record<View, string>> = {
  play: "Play",
  match: "Match",
  studies: "Studies",
  dataset: "Dataset",
  endpoint: "Endpoint",
  models: "Models",
};

export function Masthead() {
  return (
    <header class="masthead">
      <h1 class="brand">
        <Mark />
        Reward Dial
      </h1>
      <nav class="tabs" aria-label="Views">
        {VIEWS.map((name) => (
          <a key={name} href={linkTo(name)} aria-current={view.value === name ? "page" : undefined}>
            {VIEW_TITLES[name]}
          </a>
        ))}
      </nav>
      <div class="masthead-end">
        <EngineChip />
        <button type="button" class="quiet" onClick={toggleTheme}>
          {theme.value === "dark" ? "Light" : "Dark"}
          <span class="visually-hidden"> theme</span>
        </button>
      </div>
    </header>
  );
}

/** Two dials, one inside the other. */
function Mark() {
  return (
    <svg viewBox="0 0 32 32" fill="none" stroke-linecap="round" aria-hidden="true">
      <path d="M7 23.5a11.5 11.5 0 1 1 18 0" class="stroke-helpful" stroke-width="3.4" />
      <path d="M11.6 20.4a5.8 5.8 0 1 1 8.8 0" class="stroke-harmless" stroke-width="3.4" />
      <path d="M16 17.5 23 8" stroke="currentColor" stroke-width="2.4" />
    </svg>
  );
}
