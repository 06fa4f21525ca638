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
    const needed = !crossOriginIsolated && sessionStorage.getItem(RELOADED) === null;
    if (!needed || touched || engine.state.peek().kind !== "closed") return;
    sessionStorage.setItem(RELOADED, "yes");
    location.reload();
  });
  navigator.serviceWorker.register(new URL("sw.js", document.baseURI)).catch((error) => {
    console.warn("No offline use and one thread only: the service worker could not be registered.", error);
  });
}
