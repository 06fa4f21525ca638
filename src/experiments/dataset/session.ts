/** A file on its way to a dataset: read, then labelled, then written, each time streamed from its start. */

import type { CountText } from "../../domain/dataset/countTokens";
import { type Finding, Findings } from "../../domain/dataset/findings";
import { LabelTable, type RawScore } from "../../domain/dataset/labelTable";
import { type RewardBins, rewardBins } from "../../domain/dataset/rewardBins";
import { type NormaliserName, type RewardScale, rewardScale } from "../../domain/dataset/rewardScale";
import {
  openingOf,
  type ReadCounts,
  type SelectedExample,
  selectExamples,
  splitOf,
} from "../../domain/dataset/selectExamples";
import type { SourceRow } from "../../domain/dataset/sourceRows";
import type { TargetModel } from "../../domain/dataset/targetModels";
import type { Dialogue } from "../../domain/dialogue";
import { DialError } from "../../domain/errors";
import type { Split } from "../../domain/fineTuningFile";
import type { BadLine } from "../../domain/jsonLines";
import type { Reference } from "../../domain/reference";
import type { PromptFormat } from "../../domain/rewardPrompt";
import { batches } from "../batches";
import { type WrittenRow, writeRows } from "./writeRows";

/** What is in the files, from their start each time that it is asked for. */
export interface DatasetSource {
  readonly rows: () => AsyncIterable<SourceRow | BadLine>;
  /** Prompts that the policy will be tested on; examples that begin like one are left out. */
  readonly testPrompts?: (() => AsyncIterable<Dialogue>) | undefined;
}

/** What of the file is used. */
export interface Part {
  /** Share of first questions, in [0, 1), whose rows are for validation. */
  readonly validation: number;
  /** The first so many completions are labelled and written; Infinity takes all. */
  readonly limit: number;
}

export interface Style extends Part {
  readonly normaliser: NormaliserName;
  readonly format: PromptFormat;
  readonly model: TargetModel;
}

export interface Overview extends ReadCounts {
  readonly findings: readonly Finding[];
  /** Completions of the part, and those of them that have a label. */
  readonly selected: number;
  readonly labelled: number;
  /** Different first questions of the test prompts. */
  readonly testQuestions: number;
  /** Completions of the part by where they go. */
  readonly splits: Readonly<Record<Split, number>>;
}

export class DatasetSession {
  private readonly keys: number[] = [];
  private readonly openings: number[] = [];
  private readonly findings = new Findings();
  private readonly counts: ReadCounts = { rows: 0, completions: 0 };

  private constructor(
    private readonly source: DatasetSource,
    private readonly testOpenings: ReadonlySet<number>,
    private readonly reference: Reference,
    private labels: LabelTable,
  ) {}

  /**
   * Reads the file once to its end, to know what is in it.
   * @param labels of completions that were labelled before, in this file or another.
   * @throws what the source throws; DialError "empty-prompt" where there are to be test prompts and is none.
   */
  static async open(
    source: DatasetSource,
    reference: Reference,
    labels = new LabelTable(),
  ): Promise<DatasetSession> {
    const openings = new Set<number>();
    if (source.testPrompts) {
      for await (const prompt of source.testPrompts()) openings.add(openingOf(prompt));
      if (openings.size === 0) throw new DialError("empty-prompt", "no test prompts; expected one a line");
    }
    const session = new DatasetSession(source, openings, reference, labels);
    const examples = selectExamples(source.rows(), openings, session.findings, session.counts);
    for await (const { key, opening } of examples) {
      session.keys.push(key);
      session.openings.push(opening);
    }
    return session;
  }

  overview({ validation, limit }: Part): Overview {
    const keys = this.keys.slice(0, limit);
    const openings = this.openings.slice(0, limit);
    const held = openings.filter((opening) => splitOf(opening, validation) === "validation").length;
    return {
      ...this.counts,
      findings: this.findings.list(),
      testQuestions: this.testOpenings.size,
      selected: keys.length,
      labelled: keys.filter((key) => this.labels.has(key)).length,
      splits: { train: keys.length - held, validation: held },
    };
  }

  /** The first line that could not be read. */
  firstMalformed(): BadLine | undefined {
    const bad = this.findings.list().find(({ kind }) => kind === "malformed")?.first[0];
    return bad && { line: bad.line, problem: bad.message };
  }

  /**
   * Lists of `size` examples of the part that have no label yet.
   * @throws DialError "aborted" on stop, also while labelled ones are skipped.
   */
  unlabelled({ limit }: Part, size: number, signal?: AbortSignal): AsyncGenerator<SelectedExample[], void> {
    const isLabelled = (key: number): boolean => this.labels.has(key);
    const missing = async function* (examples: AsyncIterable<SelectedExample>) {
      for await (const example of examples) {
        if (signal?.aborted) throw new DialError("aborted", "labelling was stopped", true);
        if (!isLabelled(example.key)) yield example;
      }
    };
    return batches(missing(this.examples(limit)), size);
  }

  keep(labels: Parameters<LabelTable["add"]>[0]): void {
    this.labels.add(labels);
  }

  /** Puts other labels in place of those that there are. */
  replaceLabels(labels: LabelTable): void {
    this.labels = labels;
  }

  /** Rewards of the labels that there are. */
  bins(style: Style): RewardBins {
    const scale = this.scale(style);
    return rewardBins(this.scores(style.limit).map(({ raw }) => scale(raw)));
  }

  /**
   * The rows of the part that have a label.
   * @param findings gets what is left out.
   */
  rows(style: Style, count: CountText, findings = new Findings()): AsyncGenerator<WrittenRow, void> {
    const { format, validation, limit, model } = style;
    const rowStyle = {
      format,
      validation,
      count,
      target: model.target,
      scale: this.scale(style),
      maxTokens: model.context,
    };
    return writeRows(this.examples(limit, findings), this.labels, rowStyle, findings);
  }

  private scale({ normaliser, validation, limit }: Style): RewardScale {
    const training = this.scores(limit).filter(({ opening }) => splitOf(opening, validation) === "train");
    return rewardScale(
      normaliser,
      this.reference,
      training.map(({ raw }) => raw),
    );
  }

  private scores(limit: number): { readonly opening: number; readonly raw: RawScore }[] {
    return this.keys.slice(0, limit).flatMap((key, index) => {
      const raw = this.labels.get(key);
      return raw ? [{ raw, opening: this.openings[index] as number }] : [];
    });
  }

  private async *examples(limit: number, findings = new Findings()): AsyncGenerator<SelectedExample, void> {
    if (this.keys.length === 0) return;
    // Only a limit ends the reading early: what stands after the last example may still be a finding.
    let left = limit < this.keys.length ? limit : Number.POSITIVE_INFINITY;
    for await (const example of selectExamples(this.source.rows(), this.testOpenings, findings)) {
      yield example;
      if (--left === 0) return;
    }
  }
}
