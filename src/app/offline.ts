/** The service worker's page side: offline reload, and cross-origin isolation on hosts that send no headers. */

import { engine } from "./engine/engine";

const RELOADED = "reward-dial-reloaded-for-isolation";

/**
 * Registers the service worker. On a first visit to a host without isolation headers the page is loaded once
 * more through it, but only while nothing has been touched; else threads come with the next visit.
 */
export function registerServiceWorker(): void {
  if (!import.meta.env.PROD || !("serviceWorker" in navigator)) return;
  let touched = false;
  const touch = (): void => {
    touched = true;
  };
  addEventListener("pointerdown", touch, { once: true, capture: true });
  addEventListener("keydown", touch, { once: true, capture: true });
  navigator.serviceWorker.addEventListener("controllerchange", () => {
    if (crossOriginIsolated || touched || engine.state.peek().kind !== "closed") return;
    if (firstReload()) location.reload();
  });
  navigator.serviceWorker.register(new URL("sw.js", document.baseURI)).catch((error) => {
    console.warn("No offline use and one thread only: the service worker could not be registered.", error);
  });
}

/** False from the second call in this tab on, also across reloads: a host may never become isolated. */
function firstReload(): boolean {
  try {
    if (sessionStorage.getItem(RELOADED) !== null) return false;
    sessionStorage.setItem(RELOADED, "yes");
    return true;
  } catch {
    return false; // Storage can be switched off; a reload that cannot be remembered might never end.
  }
}
