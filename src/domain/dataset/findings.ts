/** What is wrong with rows of a dataset, counted by kind, with the first lines of each. */

/**
 * malformed: the line cannot be read. unsplit: the transcripts of a published pair share no prompt. empty: a completion
 * without text. duplicate: the same completion to the same prompt came before. leaked: its first question is one of the
 * test prompts. too-long: more tokens than the model takes. instructions: a system message, without which its row is used.
 */
export const FINDING_KINDS = [
  "malformed",
  "unsplit",
  "empty",
  "duplicate",
  "leaked",
  "too-long",
  "instructions",
] as const;
export type FindingKind = (typeof FINDING_KINDS)[number];

export interface FoundAt {
  readonly line: number;
  readonly message: string;
}

export interface Finding {
  readonly kind: FindingKind;
  readonly count: number;
  /** The first few, in the order of the file. */
  readonly first: readonly FoundAt[];
}

const SHOWN = 10;

export class Findings {
  private readonly counts = new Map<FindingKind, number>();
  private readonly first = new Map<FindingKind, FoundAt[]>();

  add(kind: FindingKind, line: number, message: string): void {
    this.counts.set(kind, this.count(kind) + 1);
    const shown = this.first.get(kind) ?? [];
    if (shown.length < SHOWN) this.first.set(kind, [...shown, { line, message }]);
  }

  count(kind: FindingKind): number {
    return this.counts.get(kind) ?? 0;
  }

  /** The kinds that were found. */
  list(): Finding[] {
    return FINDING_KINDS.filter((kind) => this.count(kind) > 0).map((kind) => ({
      kind,
      count: this.count(kind),
      first: this.first.get(kind) ?? [],
    }));
  }
}
