/** Keeps the place of the keyboard where the button that was pressed goes. */

/**
 * In a list whose entry goes.
 * @param button in that entry.
 * @returns to call once it is gone: the next entry gets the focus, else the one before, else what `focusAbove` says.
 */
export function focusAfter(button: HTMLElement): () => void {
  const entry = button.closest("li");
  const neighbours = [entry?.nextElementSibling, entry?.previousElementSibling];
  const above = placesAbove(button);
  return () => {
    requestAnimationFrame(() => {
      if (document.activeElement !== document.body) return;
      const neighbour = neighbours.find((element) => element?.isConnected);
      const next = neighbour?.querySelector<HTMLElement>("button:enabled");
      if (next) return next.focus();
      focusOn(above.findLast((element) => element.isConnected));
    });
  };
}

/** Gives the focus to the nearest heading or named section above. @param element what goes. */
export function focusAbove(element: HTMLElement): void {
  focusOn(placesAbove(element).at(-1));
}

/** Gives the focus to what takes none by itself. */
export function focusOn(element: HTMLElement | null | undefined, options?: FocusOptions): void {
  if (!element) return;
  element.tabIndex = -1;
  element.focus(options);
}

function placesAbove(element: HTMLElement): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>("h2, section[aria-label]")].filter(
    (place) => place.compareDocumentPosition(element) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
}
