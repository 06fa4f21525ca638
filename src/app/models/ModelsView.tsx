import { useSignal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import type { PlannedFile } from "../../runtimes/local/browser";
import { LoadPanel } from "../components/LoadPanel";
import { Scrollable } from "../components/Scrollable";
import { toast } from "../components/Toast";
import { engine } from "../engine/engine";
import { followCached } from "../engine/followCached";
import { bytes, plural } from "../format";
import { linkTo } from "../settings";
import { ManifestNote } from "./ManifestNote";
import { Metrics } from "./Metrics";
import { manifest, readManifest } from "./manifest";
import { type ManifestFile, manifestFiles } from "./manifestFiles";
import { manifestMetrics } from "./manifestMetrics";
import { OwnAdapters } from "./OwnAdapters";

type CachedFile = ManifestFile & Pick<PlannedFile, "cached">;

/** What ships, what of it is cached, and where it runs. */
export function ModelsView() {
  const files = useSignal<readonly CachedFile[]>([]);
  useEffect(() => {
    void readManifest();
    return followCached(
      () => manifestFiles(manifest.value),
      (found) => {
        files.value = found;
      },
    );
  }, [files]);
  return (
    <div class="column models">
      <LoadPanel />
      <Device />
      <OwnAdapters />
      <ManifestNote read={() => void readManifest()} />
      {files.value.length > 0 && (
        <>
          <Files files={files.value} />
          <Metrics tables={manifestMetrics(manifest.value)} />
        </>
      )}
    </div>
  );
}

function Device() {
  const state = engine.state.value;
  const plan = engine.plan.value;
  return (
    <section class="card stack" aria-labelledby="device-title">
      <h2 id="device-title">Device</h2>
      {state.kind === "ready" ? (
        <dl class="facts">
          <dt>Policy</dt>
          <dd>
            <strong>{state.models.policy.name}</strong>{" "}
            <span class="soft">{state.models.policy.deviceReason}</span>
          </dd>
          <dt>Judge</dt>
          <dd>
            <strong>{state.models.judge.name}</strong>{" "}
            <span class="soft">{state.models.judge.deviceReason}</span>
          </dd>
          <dt>Threads</dt>
          <dd>
            {crossOriginIsolated
              ? `The page is cross-origin isolated: WASM may use threads, this machine has ${plural(navigator.hardwareConcurrency, "core")}.`
              : "One: the page is not cross-origin isolated. Reload it, so that its service worker can change that."}
          </dd>
        </dl>
      ) : (
        <p>{plan.kind === "known" ? plan.plan.device.reason : "WebGPU where it works, else WASM."}</p>
      )}
      <p class="small soft">
        To force one, open the page with <a href={`?device=wasm${linkTo("models")}`}>?device=wasm</a> or{" "}
        <a href={`?device=webgpu${linkTo("models")}`}>?device=webgpu</a>.
      </p>
    </section>
  );
}

function Files({ files }: { readonly files: readonly CachedFile[] }) {
  const total = files.reduce((sum, file) => sum + file.bytes, 0);
  const kept = files.filter(({ cached }) => cached).reduce((sum, file) => sum + file.bytes, 0);
  return (
    <section class="card" aria-labelledby="files-title">
      <header>
        <h2 id="files-title">Files</h2>
        <div class="line">
          <span class="small soft">
            {plural(files.length, "file")}, {bytes(total)}; {bytes(kept)} cached
          </span>
          <button type="button" disabled={kept === 0 || engine.busy.value !== null} onClick={clear}>
            Clear the cache
          </button>
        </div>
      </header>
      <Scrollable label="Files of the models">
        <table class="numbers">
          <thead>
            <tr>
              <th scope="col">File</th>
              <th scope="col">Size</th>
              <th scope="col">Cached</th>
              <th scope="col">Licence</th>
              <th scope="col">sha256</th>
              <th scope="col">Source</th>
            </tr>
          </thead>
          <tbody>
            {files.map((file) => (
              <tr key={file.path}>
                <th scope="row" class="mono">
                  {file.path}
                </th>
                <td title={`${file.bytes} bytes`}>{bytes(file.bytes)}</td>
                <td>{file.cached ? "yes" : "no"}</td>
                <td>{file.licence}</td>
                <td class="mono sha">{file.sha256}</td>
                <td>{file.source}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scrollable>
    </section>
  );
}

function clear(): void {
  engine.clearCache().then(
    () => toast("The models are no longer on this device. They are downloaded again with the next load."),
    (error: unknown) => toast(error instanceof Error ? error.message : String(error)),
  );
}
