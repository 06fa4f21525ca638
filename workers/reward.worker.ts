/** The judge's worker: loads the reward model and scores with it, on WASM always. */

import { DialError } from "../src/domain/errors";
import { type LoadedJudge, loadJudge } from "../src/runtimes/local/loadJudge";
import { judgeEntry, judgeFiles } from "../src/runtimes/local/manifest";
import { fetchManifest, ModelLoad } from "../src/runtimes/local/modelLoad";
import { ortWasm } from "../src/runtimes/local/ort";
import { Stops } from "../src/runtimes/local/stops";
import { createWasmSession } from "../src/runtimes/local/wasmSession";
import type { RewardWorkerApi } from "../src/runtimes/local/workerApi";
import { runtimeFailure } from "../src/runtimes/runtimeFailure";
import { serve } from "../src/runtimes/serve";

let loaded: LoadedJudge | undefined;
const stops = new Stops();

const api: RewardWorkerApi = {
  async open({ folder, name }, onProgress) {
    const wasm = ortWasm();
    wasm.catch(() => {}); // Thrown where it is waited for; until then it is not unhandled.
    const manifest = await fetchManifest(folder);
    const load = new ModelLoad(folder, judgeFiles(judgeEntry(manifest, name), "int8"), onProgress);
    loaded = await loadJudge(manifest, name, "int8", load.read, async (files) =>
      createWasmSession(await wasm, files),
    );
    return {
      name: loaded.judge.name,
      device: "wasm",
      deviceReason: "WASM: a small encoder gains nothing from a GPU.",
      models: load.hashes(),
      reference: loaded.reference,
    };
  },

  async score(id, examples) {
    const judge = loaded?.judge;
    if (!judge) throw new DialError("model-missing", "the judge is not loaded", true);
    try {
      return await stops.run(id, (signal) => judge.score(examples, { signal }));
    } catch (error) {
      throw runtimeFailure("scoring", error);
    }
  },

  stop: (id) => stops.stop(id),
};

serve(api);
