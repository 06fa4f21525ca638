import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, sep } from "node:path";
import type { Plugin } from "vite";

/**
 * Not fetched before anybody asks for a model, opens a recorded run, counts tokens or sets up an endpoint; the service
 * worker keeps them when they are first used.
 */
const KEPT_ON_USE = /\.wasm$|\.jsonl$|\/(?:[a-z0-9]+_base|openai)-[^/]*\.js$/;

export interface BuiltFile {
  /** Relative to the page. */
  readonly path: string;
  readonly content: string | Uint8Array;
}

export interface SiteFiles {
  /** Changes with the name or the content of any file. */
  readonly version: string;
  /** What the service worker keeps from the first visit on. */
  readonly files: readonly string[];
  /** What it keeps when it is first used, and takes over from the version before. */
  readonly keptOnUse: readonly string[];
}

export function siteFiles(built: readonly BuiltFile[]): SiteFiles {
  const hash = createHash("sha256");
  for (const { path, content } of built) hash.update(path).update("\0").update(content);
  const paths = built.map(({ path }) => path).filter((path) => path !== "index.html");
  return {
    version: hash.digest("hex").slice(0, 12),
    files: ["./", ...paths.filter((path) => !KEPT_ON_USE.test(path))],
    keptOnUse: paths.filter((path) => KEPT_ON_USE.test(path)),
  };
}

/** The files that Vite copies to the page's folder as they are. */
export function publicFiles(folder: string): BuiltFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => ({ path: path.replaceAll(sep, "/"), content: readFileSync(join(folder, path)) }));
}

/** Writes the lists of the page's files, and a version that changes with any of them, in place of `__SITE__`. */
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
        const bundled = Object.values(bundle)
          .filter((file) => file !== worker)
          .map((file) => ({ path: file.fileName, content: file.type === "chunk" ? file.code : file.source }));
        const site = siteFiles([...bundled, ...publicFiles(publicDir)]);
        worker.code = worker.code.replace("__SITE__", JSON.stringify(site));
      },
    },
  };
}
