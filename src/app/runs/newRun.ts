import { newSeed } from "../fields";

/** What tells a run that begins now from all others. */
export function newRun(): { readonly id: string; readonly createdAt: number } {
  const createdAt = Date.now();
  return { id: `${createdAt.toString(36)}-${newSeed().toString(36)}`, createdAt };
}
