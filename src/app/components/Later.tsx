import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";

/** Draws what it holds after what stands before it, in a task of its own, so that no single one takes long. */
export function Later({ children }: { readonly children: ComponentChildren }) {
  const [turn, setTurn] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setTurn(true));
    return () => clearTimeout(timer);
  }, []);
  return <>{turn && children}</>;
}
