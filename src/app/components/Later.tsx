import type { ComponentChildren } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import { inTurn } from "../inTurn";

/**
 * Draws what it holds, and every change that is handed to it, after what stands before it, in a task of its own. What
 * follows a signal by itself is drawn in time, but from then on at once.
 */
export function Later({ children }: { readonly children: ComponentChildren }) {
  const [shown, setShown] = useState<ComponentChildren>(null);
  const latest = useRef(children);
  latest.current = children;
  // One that waits keeps its turn when what it holds changes: where changes come fast, the last in the row is drawn too.
  const takeBack = useRef<(() => void) | null>(null);
  useLayoutEffect(() => {
    takeBack.current ??= inTurn(() => {
      takeBack.current = null;
      setShown(() => latest.current);
    });
  }, [children]);
  useLayoutEffect(() => () => takeBack.current?.(), []);
  return <>{shown}</>;
}
