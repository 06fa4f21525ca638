/**
 * Keeps the place of the keyboard in a list whose entry goes.
 * @param button in that entry.
 * @returns to call once it is gone: the next entry gets the focus, else the one before, else the nearest heading above.
 */
export function focusAfter(button: HTMLElement): () => void {
  const entry = button.closest("li");
  const neighbours = [entry?.nextElementSibling, entry?.previousElementSibling];
  const headings = [...document.querySelectorAll<HTMLElement>("h2")].filter(
    (heading) => heading.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING,
  );
  return () => {
    requestAnimationFrame(() => {
      if (document.activeElement !== document.body) return;
      const neighbour = neighbours.find((element) => element?.isConnected);
      const next = neighbour?.querySelector<HTMLElement>("button:enabled");
      if (next) return next.focus();
      const heading = headings.findLast((element) => element.isConnected);
      if (!heading) return;
      heading.tabIndex = -1;
      heading.focus();
    });
  };
}
