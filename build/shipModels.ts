import { cp, stat } from "node:fs/promises";
import { basename, dirname, relative, resolve } from "node:path";
import type { Plugin } from "vite";

/** Copies the shipped models beside the built page. In development Vite serves the folder as it is. */
export function shipModels(folder: string, leftOut: readonly string[]): Plugin {
  let from = "";
  let to = "";
  return {
    name: "ship-models",
    apply: "build",
    configResolved(config) {
      from = resolve(config.root, folder);
      to = resolve(config.root, config.build.outDir, folder);
    },
    async closeBundle() {
      if (!(await stat(from).catch(() => null))) return;
      await cp(from, to, {
        recursive: true,
        filter: (path) =>
          !(dirname(relative(from, path)) === "." && leftOut.includes(basename(path))) &&
          !basename(path).startsWith("."),
      });
    },
  };
}
