/** Reads a model's files in a worker and reports how far that is. */

import { DialError } from "../../domain/errors";
import { readModelFile } from "../../storage/modelFiles";
import type { ReadFile } from "./loadPolicy";
import { checkManifest, hashesOf, type Manifest, type ModelFile } from "./manifest";
import type { LoadProgress } from "./progress";

/** Reports come this often at most, in ms. */
const REPORT_EVERY = 100;

/**
 * @param cachedOnly takes the browser's copy as it is, where there is one, without asking the host whether it is new.
 * @throws DialError "model-missing" or "model-damaged".
 */
export async function fetchManifest(folder: string, cachedOnly = false): Promise<Manifest> {
  const address = new URL("manifest.json", folder);
  let value: unknown;
  try {
    const response = await fetch(address, { cache: cachedOnly ? "force-cache" : "no-cache" });
    if (!response.ok) throw new Error(`the server answered ${response.status}`);
    value = await response.json();
  } catch (error) {
    throw new DialError(
      "model-missing",
      `models/manifest.json could not be read (${(error as Error).message})`,
      true,
    );
  }
  return checkManifest(value);
}

/** Reads any of `files`, each once, and adds up their bytes. */
export class ModelLoad {
  private readonly totalBytes: number;
  private receivedBytes = 0;
  private reported = 0;

  /** @param cachedOnly see readModelFile. */
  constructor(
    private readonly folder: string,
    private readonly files: readonly ModelFile[],
    private readonly report: (progress: LoadProgress) => void,
    private readonly cachedOnly = false,
  ) {
    this.totalBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  readonly read: ReadFile = async (path) => {
    const file = this.files.find((candidate) => candidate.path === path);
    if (!file) throw new Error(`${path} is not part of this load`);
    const bytes = await readModelFile(this.folder, file, {
      cachedOnly: this.cachedOnly,
      onBytes: (count) => {
        this.receivedBytes += count;
        if (performance.now() - this.reported > REPORT_EVERY) this.step(`Reading ${path}`);
      },
    });
    if (this.receivedBytes >= this.totalBytes) this.step("Preparing the model");
    return bytes;
  };

  /** sha256 of each file, by path. */
  hashes(): Record<string, string> {
    return hashesOf(this.files);
  }

  private step(step: string): void {
    this.reported = performance.now();
    this.report({ step, receivedBytes: this.receivedBytes, totalBytes: this.totalBytes });
  }
}
