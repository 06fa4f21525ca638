/** The dataset's worker: reads, formats and counts a large file off the page's thread, and keeps its labels. */

import { readPrompts } from "../src/domain/dataLines";
import { Findings } from "../src/domain/dataset/findings";
import { LabelTable } from "../src/domain/dataset/labelTable";
import type { SelectedExample } from "../src/domain/dataset/selectExamples";
import { readSourceRows } from "../src/domain/dataset/sourceRows";
import { DialError } from "../src/domain/errors";
import { ofFile } from "../src/domain/ofFile";
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
  type DatasetFile,
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

/** Gives what is open, read by then. */
let open = nothingOpen;
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
      const opened = await read(folder, files);
      open = async () => opened;
      unlabelled = undefined;
    }),

  async reopen(folder, files) {
    let opened: Promise<Opened> | undefined;
    open = () => {
      opened ??= read(folder, files);
      return opened;
    };
  },

  save: async () => saveDatasetFiles((await open()).files),
  overview: async (part) => (await open()).session.overview(part),

  async checkJudge(models) {
    const files = scoringFiles(judgeEntry((await open()).manifest), "int8");
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
    const { session } = await open();
    unlabelled = session.unlabelled(part, size, labelling.signal);
  },

  async nextUnlabelled() {
    if (!unlabelled) throw new DialError("worker-died", "labelling was interrupted; go on with it", true);
    const next = await unlabelled.next();
    return next.done ? null : next.value;
  },

  stopLabelling: () => labelling.abort(),

  async keep(labels) {
    const { session, manifest } = await open();
    session.keep(labels);
    await saveLabels(judgeKey(manifest), labels);
  },

  async takeUpLabels() {
    const { session, manifest } = await open();
    session.replaceLabels(await knownLabels(judgeKey(manifest)));
  },

  bins: async (style) => (await open()).session.bins(style),

  async preview(style, wanted) {
    const opened = await open();
    const rows = [];
    for await (const row of opened.session.rows(style, await counterOf(style, opened))) {
      rows.push(row);
      if (rows.length === wanted) break;
    }
    return rows;
  },

  write: (id, style, name, report) =>
    stops.run(id, (signal) =>
      reading(report, async () => {
        const findings = new Findings();
        const opened = await open();
        const rows = opened.session.rows(style, await counterOf(style, opened), findings);
        const files = await writeFiles(rows, name, style, signal);
        return { files, findings: findings.list() };
      }),
    ),

  async clear() {
    await removeDatasetFiles();
    open = nothingOpen;
  },

  stop: (id) => stops.stop(id),
};

async function nothingOpen(): Promise<Opened> {
  throw new DialError("invalid-option", "no file is open; choose one first", true);
}

async function read(folder: string, files: DatasetFiles): Promise<Opened> {
  const { data, testPrompts } = files;
  const source = {
    rows: () => inFile(data, readSourceRows, shareOf(data.content.size)),
    testPrompts: testPrompts ? () => inFile(testPrompts, readPrompts) : undefined,
  };
  const manifest = await fetchManifest(folder);
  const reference = JSON.parse(await readText(folder, judgeEntry(manifest).reference));
  const session = await DatasetSession.open(source, checkReference(reference));
  session.replaceLabels(await knownLabels(judgeKey(manifest)));
  return { folder, files, manifest, session };
}

async function* inFile<Item>(
  { name, content }: DatasetFile,
  readItems: (chunks: AsyncIterable<string>) => AsyncIterable<Item>,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<Item, void> {
  try {
    yield* readItems(textChunks(content, onBytes));
  } catch (error) {
    throw ofFile(name, error);
  }
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

async function counterOf({ model }: Style, { folder, manifest }: Opened) {
  return tokenCounter(model.encoding, () => readText(folder, manifest.policy.tokenizer));
}

async function readText(folder: string, file: ModelFile): Promise<string> {
  return new TextDecoder().decode(await readModelFile(folder, file));
}

serve(api);
