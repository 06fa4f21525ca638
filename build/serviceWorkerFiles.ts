import { createHash } from "node:crypto";
import { readdirSync } from "node:fs";
import type { Plugin } from "vite";

/** Too large to fetch before anybody asks for a model; the service worker keeps them when they are first used. */
const KEPT_ON_USE = /\.wasm$/;

/**
 * Writes the list of built files, and a version that changes with any of them, into the service worker
 * in place of `__SITE__`.
 */
export function serviceWorkerFiles(fileName: string): Plugin {
  let publicDir = "";
  return {
    name: "service-worker-files",
    apply: "build",
    enforce: "post",
    configResolved(config) {
      publicDir = config.publicDir;
    },
    generateBundle: {
      order: "post",
      handler(_options, bundle) {
        const worker = bundle[fileName];
        if (worker?.type !== "chunk") return;
        const hash = createHash("sha256");
        const files = ["./"];
        for (const file of Object.values(bundle)) {
          if (file === worker) continue;
          hash.update(file.fileName).update(file.type === "chunk" ? file.code : file.source);
          if (file.fileName !== "index.html" && !KEPT_ON_USE.test(file.fileName)) files.push(file.fileName);
        }
        files.push(...readdirSync(publicDir));
        const site = { version: hash.digest("hex").slice(0, 12), files };
        worker.code = worker.code.replace("__SITE__", JSON.stringify(site));
      },
    },
  };
}
