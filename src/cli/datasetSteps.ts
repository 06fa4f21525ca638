/** The two long steps of making a dataset: labelling completions, then writing the rows. */

import type { Findings } from "../domain/dataset/findings";
import { DialError } from "../domain/errors";
import { labelExamples } from "../experiments/dataset/labelExamples";
import type { DatasetSession, Style } from "../experiments/dataset/session";
import type { RewardModel } from "../runtimes/rewardModel";
import { tokenCounter } from "../runtimes/tokenCounter";
import type { CliIo } from "./io";
import type { LabelFile } from "./labelFile";
import { writeNewFile } from "./newFile";

/** Completions labelled in one call of the judge. */
const BATCH = 32;

export async function labelCompletions(
  session: DatasetSession,
  style: Style,
  judge: RewardModel,
  file: LabelFile | null,
  { progress, signal }: CliIo,
): Promise<void> {
  const { selected, labelled } = session.overview(style);
  const since = performance.now();
  let done = labelled;
  for await (const labels of labelExamples(session.unlabelled(style, BATCH, signal), judge, signal)) {
    session.keep(labels);
    await file?.append(labels);
    done += labels.keys.length;
    const left = ((selected - done) * (performance.now() - since)) / 1000 / (done - labelled);
    progress(`${done}/${selected} completions labelled, about ${Math.round(left)} s left`);
  }
}

export interface WrittenCounts {
  /** Rows for training, and those for validation. */
  readonly written: number;
  readonly validation: number;
  /** UTF-8 bytes and tokens of the rows for training. */
  readonly bytes: number;
  readonly tokens: number;
}

/**
 * Writes the files whole or not at all.
 * @throws DialError "invalid-option" where there is no row to train on, or a path cannot be written.
 */
export async function writeDataset(
  session: DatasetSession,
  style: Style,
  findings: Findings,
  { out, validationOut }: { readonly out: string; readonly validationOut: string | null },
  { models, signal }: CliIo,
): Promise<WrittenCounts> {
  const count = await tokenCounter(style.model.encoding, models.readPolicyTokenizer);
  const counts = { written: 0, validation: 0, bytes: 0, tokens: 0 };
  type Append = (text: string) => Promise<void>;
  const writeRows = async (train: Append, validation: Append): Promise<void> => {
    for await (const { split, text, tokens } of session.rows(style, count, findings)) {
      if (signal.aborted) throw new DialError("aborted", "writing was stopped", true);
      if (split === "validation") {
        counts.validation++;
        await validation(text);
      } else {
        counts.written++;
        counts.bytes += Buffer.byteLength(text);
        counts.tokens += tokens;
        await train(text);
      }
    }
    if (counts.written === 0) throw new DialError("invalid-option", "no row to train on; nothing to write");
  };
  const nowhere = async (): Promise<void> => {};
  await writeNewFile(out, (train) =>
    validationOut === null
      ? writeRows(train, nowhere)
      : writeNewFile(validationOut, (validation) => writeRows(train, validation)),
  );
  return counts;
}
