/** Starts ONNX Runtime in a browser, from files of this site. */

import moduleUrl from "onnxruntime-web/ort-wasm-simd-threaded.mjs?url";
import { type OrtWasm, startOrtWasm } from "./ortWasm";
import { RUNTIME_URLS } from "./runtimeFile";

const MOST_THREADS = 4;

/** Threads need shared memory, which a page gets only when it is cross-origin isolated. */
export function threadCount(): number {
  return crossOriginIsolated ? Math.min(navigator.hardwareConcurrency, MOST_THREADS) : 1;
}

let started: Promise<OrtWasm> | undefined;

/** The plain WASM build (14 MB), started once a realm. */
export function ortWasm(): Promise<OrtWasm> {
  started ??= import(/* @vite-ignore */ moduleUrl).then((module) =>
    startOrtWasm(module.default, RUNTIME_URLS.wasm, threadCount()),
  );
  return started;
}
