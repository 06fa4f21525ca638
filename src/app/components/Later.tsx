import type { ComponentChildren } from "preact";
import { useLayoutEffect, useState } from "preact/hooks";
import { inTurn } from "../inTurn";

/**
 * Draws what it holds, and every change of it, after what stands before it, in a task of its own. What it holds should
 * follow no signal by itself: it would be drawn anew at once.
 */
export function Later({ children }: { readonly children: ComponentChildren }) {
  const [shown, setShown] = useState<ComponentChildren>(null);
  useLayoutEffect(() => inTurn(() => setShown(() => children)), [children]);
  return <>{shown}</>;
}
