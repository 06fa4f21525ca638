import { DialError } from "../../domain/errors";
import { readModelFile } from "../../storage/modelFiles";
import { checkLayout } from "./layout";
import { fetchManifest } from "./modelLoad";
import { modelFolder } from "./openOptions";
import { type GivenFile, type ReadAdapter, readAdapter } from "./ownAdapter";

/** More than any LoRA of the base has; a file as large as a model is not read into the page. */
const MOST_BYTES = 100_000_000;

/**
 * Reads and checks the files of an adapter against the graph that this page runs.
 * @throws DialError "invalid-adapter" saying what does not fit, "model-missing" where the graph's layout is not there.
 */
export async function readGivenAdapter(weights: File, config: File | null): Promise<ReadAdapter> {
  for (const file of [weights, config]) {
    if (file && file.size > MOST_BYTES) {
      throw new DialError(
        "invalid-adapter",
        `${file.name} cannot be used: it is too large for a LoRA of this base`,
      );
    }
  }
  const folder = modelFolder();
  const { policy } = await fetchManifest(folder);
  const { layout } = policy.graphs.int8;
  const text = new TextDecoder().decode(await readModelFile(folder, layout));
  const known = checkLayout(layout.path, JSON.parse(text));
  return readAdapter(await bytesOf(weights), config && (await bytesOf(config)), known, policy.name);
}

async function bytesOf(file: File): Promise<GivenFile> {
  return { name: file.name, bytes: new Uint8Array(await file.arrayBuffer()) };
}
