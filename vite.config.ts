import preact from "@preact/preset-vite";
import { defineConfig } from "vite";
import { contentSecurityPolicy } from "./build/contentSecurityPolicy.ts";
import { serviceWorkerFiles } from "./build/serviceWorkerFiles.ts";
import { shipModels } from "./build/shipModels.ts";

/** What makes the page cross-origin isolated, and so gives WASM its threads. Other hosts get it from the service worker. */
export const isolation = {
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Embedder-Policy": "require-corp",
  "Cross-Origin-Resource-Policy": "same-origin",
};

/** Some hosts serve .mjs as no script at all. */
const assetFileNames = ({ names }: { readonly names: readonly string[] }): string =>
  names.some((name) => name.endsWith(".mjs")) ? "assets/[name]-[hash].js" : "assets/[name]-[hash][extname]";

export default defineConfig({
  // Relative addresses, so that dist/ works under any path of any host.
  base: "./",
  plugins: [preact(), contentSecurityPolicy(), shipModels("models", ["recipe"]), serviceWorkerFiles("sw.js")],
  worker: { format: "es", rolldownOptions: { output: { assetFileNames } } },
  build: {
    target: "es2022",
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1500,
    rolldownOptions: {
      input: { index: "index.html", sw: "workers/service.worker.ts" },
      output: {
        entryFileNames: ({ name }) => (name === "sw" ? "sw.js" : "assets/[name]-[hash].js"),
        assetFileNames,
        // One file for the page's first script: seven small ones take longer to arrive. The service worker stays its own.
        codeSplitting: { groups: [{ name: "page", tags: ["$initial"], test: /src|node_modules/ }] },
      },
    },
  },
  // Imported by workers alone, where the development server would find them late and load the page anew.
  optimizeDeps: {
    include: ["d3", "gpt-tokenizer/encoding/cl100k_base", "gpt-tokenizer/encoding/o200k_base"],
  },
  server: { headers: isolation },
  preview: { headers: isolation },
});
