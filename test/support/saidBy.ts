import type { ComponentChildren, VNode } from "preact";

/** The text of a view whose components have no hooks, drawn without a page. */
export function saidBy(view: ComponentChildren): string {
  if (Array.isArray(view)) return view.map(saidBy).join("");
  if (typeof view !== "object" || view === null) return typeof view === "boolean" ? "" : String(view ?? "");
  const { type, props } = view as VNode<{ children?: ComponentChildren }>;
  return saidBy(
    typeof type === "function" ? (type as (given: object) => ComponentChildren)(props) : props.children,
  );
}
