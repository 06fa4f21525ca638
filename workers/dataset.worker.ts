/** The dataset's worker: reads, formats and counts a large file off the page's thread, and keeps its labels. */

import { readPrompts } from "../src/domain/dataLines";
import { Findings } from "../src/domain/dataset/findings";
import { LabelTable } from "../src/domain/dataset/labelTable";
import type { SelectedExample } from "../src/domain/dataset/selectExamples";
import { readSourceRows } from "../src/domain/dataset/sourceRows";
import { DialError } from "../src/domain/errors";
import { checkReference } from "../src/domain/reference";
import { DatasetSession, type Style } from "../src/experiments/dataset/session";
import { writeFiles } from "../src/runtimes/local/datasetFiles";
import type { DatasetWorkerApi, OnRead } from "../src/runtimes/local/datasetWorkerApi";
import { judgeEntry, type Manifest, type ModelFile, scoringFiles } from "../src/runtimes/local/manifest";
import { fetchManifest } from "../src/runtimes/local/modelLoad";
import { Stops } from "../src/runtimes/local/stops";
import { serve } from "../src/runtimes/serve";
import { tokenCounter } from "../src/runtimes/tokenCounter";
import {
  type DatasetFiles,
  readDatasetFiles,
  readLabels,
  removeDatasetFiles,
  saveDatasetFiles,
  saveLabels,
} from "../src/storage/datasets";
import { readModelFile } from "../src/storage/modelFiles";
import { textChunks } from "../src/storage/textChunks";

interface Opened {
  readonly folder: string;
  readonly files: DatasetFiles;
  readonly manifest: Manifest;
  readonly session: DatasetSession;
}

let opened: Opened | undefined;
let unlabelled: AsyncGenerator<readonly SelectedExample[], void> | undefined;
let labelling = new AbortController();
/** Told how far the reading of the data file is. */
let onRead: OnRead | undefined;
const stops = new Stops();

const api: DatasetWorkerApi = {
  async stored() {
    return (await readDatasetFiles()) ?? null;
  },

  open: (folder, files, report) =>
    reading(report, async () => {
      const manifest = await fetchManifest(folder);
      const { data, testPrompts } = files;
      const source = {
        rows: () => readSourceRows(textChunks(data.content, shareOf(data.content.size))),
        testPrompts: testPrompts ? () => readPrompts(textChunks(testPrompts.content)) : undefined,
      };
      const reference = JSON.parse(await readText(folder, judgeEntry(manifest).reference));
      const session = await DatasetSession.open(source, checkReference(reference));
      session.replaceLabels(await knownLabels(judgeKey(manifest)));
      opened = { folder, files, manifest, session };
      unlabelled = undefined;
    }),

  save: () => saveDatasetFiles(open().files),
  overview: (part) => open().session.overview(part),

  checkJudge(models) {
    const files = scoringFiles(judgeEntry(open().manifest), "int8");
    if (files.some(({ path, sha256 }) => models[path] !== sha256)) {
      throw new DialError(
        "model-damaged",
        "the judge has changed since the file was opened; reload the page",
        true,
      );
    }
  },

  async beginLabelling(part, size) {
    await unlabelled?.return();
    labelling = new AbortController();
    unlabelled = open().session.unlabelled(part, size, labelling.signal);
  },

  async nextUnlabelled() {
    if (!unlabelled) throw new DialError("worker-died", "labelling was interrupted; go on with it", true);
    const next = await unlabelled.next();
    return next.done ? null : next.value;
  },

  stopLabelling: () => labelling.abort(),

  async keep(labels) {
    const { session, manifest } = open();
    session.keep(labels);
    await saveLabels(judgeKey(manifest), labels);
  },

  async takeUpLabels() {
    const { session, manifest } = open();
    session.replaceLabels(await knownLabels(judgeKey(manifest)));
  },

  bins: (style) => open().session.bins(style),

  async preview(style, wanted) {
    const rows = [];
    for await (const row of open().session.rows(style, await counterOf(style))) {
      rows.push(row);
      if (rows.length === wanted) break;
    }
    return rows;
  },

  write: (id, style, name, report) =>
    stops.run(id, (signal) =>
      reading(report, async () => {
        const findings = new Findings();
        const rows = open().session.rows(style, await counterOf(style), findings);
        const files = await writeFiles(rows, name, style, signal);
        return { files, findings: findings.list() };
      }),
    ),

  async clear() {
    await removeDatasetFiles();
    opened = undefined;
  },

  stop: (id) => stops.stop(id),
};

function open(): Opened {
  if (!opened) throw new DialError("invalid-option", "no file is open; choose one first", true);
  return opened;
}

async function reading<T>(report: OnRead, work: () => Promise<T>): Promise<T> {
  onRead = report;
  try {
    return await work();
  } finally {
    onRead = undefined;
  }
}

/** Reports each hundredth of the file once. */
function shareOf(size: number): (bytes: number) => void {
  let read = 0;
  let told = 0;
  return (bytes) => {
    read += bytes;
    const share = size === 0 ? 1 : read / size;
    if (share < 1 && share - told < 0.01) return;
    told = share;
    onRead?.(share);
  };
}

/** What the scores of the judge depend on. */
function judgeKey(manifest: Manifest): string {
  return scoringFiles(judgeEntry(manifest), "int8")
    .map(({ sha256 }) => sha256)
    .join(" ");
}

/** A browser that keeps nothing has none; labelling says so when it tries to keep one. */
async function knownLabels(judge: string): Promise<LabelTable> {
  const table = new LabelTable();
  const kept = await readLabels(judge).catch(() => []);
  for (const labels of kept) table.add(labels);
  return table;
}

async function counterOf({ model }: Style) {
  const { folder, manifest } = open();
  return tokenCounter(model.encoding, () => readText(folder, manifest.policy.tokenizer));
}

async function readText(folder: string, file: ModelFile): Promise<string> {
  return new TextDecoder().decode(await readModelFile(folder, file));
}

serve(api);
