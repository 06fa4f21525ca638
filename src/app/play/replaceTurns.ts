import { toast } from "../components/Toast";
import { exampleOf } from "./examples";
import { setTurns, turns } from "./turns";

/** Puts other turns into the editor; where something typed was there, Undo gives it back. */
export function replaceTurns(texts: readonly string[], said: string): void {
  const before = turns.peek();
  setTurns(texts);
  if (exampleOf(before) || before.every((text) => text.trim() === "")) return;
  toast(said, () => setTurns(before));
}
