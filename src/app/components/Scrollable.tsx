import type { ComponentChildren } from "preact";

interface ScrollableProps {
  readonly label: string;
  readonly children: ComponentChildren;
}

/** Something wide or long that scrolls by itself, by keyboard too. */
export function Scrollable({ label, children }: ScrollableProps) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: without it the keyboard could not scroll.
    <section class="scrollable" tabIndex={0} aria-label={label}>
      {children}
    </section>
  );
}
