import type { ComponentChildren, FunctionComponent, VNode } from "preact";
import { saidBy } from "./saidBy";

interface ButtonProps {
  readonly disabled?: boolean;
  readonly onClick?: () => void;
}

/** What a button that is drawn is given. */
export function buttonOf(view: ComponentChildren, label: string): ButtonProps | undefined {
  if (Array.isArray(view)) return view.map((part) => buttonOf(part, label)).find((found) => found);
  if (typeof view !== "object" || view === null) return undefined;
  const { type, props } = view as VNode<ButtonProps & { children?: ComponentChildren }>;
  if (typeof type === "function") return buttonOf((type as FunctionComponent<typeof props>)(props), label);
  return type === "button" && saidBy(view) === label ? props : buttonOf(props.children, label);
}
