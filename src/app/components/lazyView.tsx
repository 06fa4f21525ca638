import { signal } from "@preact/signals";
import type { JSX } from "preact";
import { useLayoutEffect } from "preact/hooks";
import { ErrorNote } from "./ErrorNote";

type ViewComponent = () => JSX.Element;

/** A view whose code is loaded when it is first opened. */
export function lazyView(load: () => Promise<ViewComponent>): ViewComponent {
  const loaded = signal<ViewComponent | null>(null);
  const error = signal<unknown>(null);
  const open = (): void => {
    error.value = null;
    load().then(
      (view) => {
        loaded.value = view;
      },
      (reason: unknown) => {
        error.value = reason;
      },
    );
  };
  return function LazyView() {
    // Not after the first drawing, which would only put the loading off.
    useLayoutEffect(() => {
      if (loaded.value === null) open();
    }, []);
    const View = loaded.value;
    if (View) return <View />;
    if (error.value === null) return <p class="soft">Opening…</p>;
    return <ErrorNote error={error.value} tryAgain={open} />;
  };
}
