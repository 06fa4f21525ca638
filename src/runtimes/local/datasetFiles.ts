import { DialError } from "../../domain/errors";
import type { FineTuningFile, Split } from "../../domain/fineTuningFile";
import type { Style } from "../../experiments/dataset/session";
import type { WrittenRow } from "../../experiments/dataset/writeRows";
import { BlobWriter } from "../../storage/blobWriter";

/** Words in a file's name by which the datasets library of the training commands takes it for a split. */
const SPLIT_WORD =
  /(^|[-._ 0-9])(train|training|validation|valid|val|dev|test|testing|eval|evaluation)([-._ 0-9]|$)/i;

/**
 * Collects rows into a file for training and, where there are rows for it, one for validation.
 * @param name of the data file; the new names begin with it, less its ending, where that names no split.
 * @throws DialError "invalid-option" where there is no row to train on, "aborted" on stop.
 */
export async function writeFiles(
  rows: AsyncIterable<WrittenRow>,
  name: string,
  { model, format }: Pick<Style, "model" | "format">,
  signal: AbortSignal,
): Promise<FineTuningFile[]> {
  const parts = {
    train: { writer: new BlobWriter(), rows: 0, tokens: 0 },
    validation: { writer: new BlobWriter(), rows: 0, tokens: 0 },
  };
  for await (const row of rows) {
    if (signal.aborted) throw new DialError("aborted", "writing was stopped", true);
    const part = parts[row.split];
    part.writer.append(row.text);
    part.rows++;
    part.tokens += row.tokens;
  }
  if (parts.train.rows === 0) {
    throw new DialError("invalid-option", "no labelled row to train on; label some completions first");
  }
  const stem = stemOf(name);
  return (["train", "validation"] satisfies Split[])
    .filter((split) => parts[split].rows > 0)
    .map((split) => {
      const { writer, rows, tokens } = parts[split];
      const content = writer.finish("application/jsonl");
      return {
        name: `${stem}-${split}.jsonl`,
        split,
        target: model.target,
        format,
        model: model.name,
        content,
        rows,
        tokens,
      };
    });
}

/** "train-validation.jsonl" would be read into both splits. */
function stemOf(name: string): string {
  const stem = name.replace(/(\.(jsonl|ndjson|json|csv|txt))?(\.gz)?$/i, "");
  return SPLIT_WORD.test(stem) ? "data" : stem;
}
