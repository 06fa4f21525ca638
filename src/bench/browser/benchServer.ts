/** Serves the benchmark's pages to a Chromium with WebGPU. */

import { createReadStream } from "node:fs";
import { chromium, type Page } from "playwright-core";
import { createServer, type Plugin } from "vite";
import { CHROMIUM_ARGS, findChromium } from "../../../test/chromium";
import { say } from "./parts";

export interface BenchServer {
  /** A page in a browser context of its own. */
  openPage(): Promise<Page>;
  close(): Promise<void>;
}

/** @param gguf path of the file that wllama loads. */
export async function openBenchServer(gguf: string | undefined): Promise<BenchServer> {
  const serveGguf: Plugin = {
    name: "gguf",
    configureServer({ middlewares }) {
      if (gguf !== undefined)
        middlewares.use("/bench.gguf", (_, response) => createReadStream(gguf).pipe(response));
    },
  };
  const server = await createServer({
    plugins: [serveGguf],
    configFile: "vite.config.ts",
    cacheDir: "node_modules/.cache/reward-dial/bench",
    logLevel: "error",
    server: { port: 0 },
    // Found only when a page asks for them, they would load the page anew.
    optimizeDeps: {
      include: [
        "@huggingface/tokenizers",
        "@huggingface/transformers",
        "@wllama/wllama/esm/index.js",
        "comlink",
        "onnxruntime-web/jspi",
        "simple-statistics",
        "valibot",
      ],
    },
  });
  const executablePath = findChromium();
  const launch = async () => {
    await server.listen();
    return chromium.launch({ args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) });
  };
  const browser = await launch().catch(async (error) => {
    await server.close();
    throw error;
  });
  const address = `${server.resolvedUrls?.local[0]}src/bench/browser/index.html`;
  return {
    async openPage() {
      const page = await (await browser.newContext()).newPage();
      page.setDefaultTimeout(0);
      page.on("crash", () => say("the page crashed"));
      page.on("pageerror", (error) => say(error.stack ?? error.message));
      page.on("console", (message) => message.type() === "error" && say(message.text()));
      await page.goto(address);
      await page.waitForFunction(() => "bench" in globalThis);
      return page;
    },
    async close() {
      await browser.close();
      await server.close();
    },
  };
}
