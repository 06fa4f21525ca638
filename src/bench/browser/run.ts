/**
 * The sampler beside its peers in Chromium: npm run bench -- [--device wasm|webgpu] [--gguf FILE] [--repeats K] [--tokens T]
 *
 * Prints JSON. Without --gguf (SmolLM2-135M-Instruct as a GGUF file) wllama is left out.
 */

import { createReadStream, readFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { type BrowserContext, chromium, type Page } from "playwright-core";
import { createServer, type Plugin } from "vite";
import { CHROMIUM_ARGS, findChromium } from "../../../test/chromium";
import { bench, type Contestant } from "../../experiments/bench";
import { benchPrompt, LONG_PROMPT, SHORT_PROMPT } from "../prompt";
import type { BenchDevice } from "./openedRuntime";
import type { OpenedPage, Runtime } from "./page";

const ROWS = [1, 4, 16, 64];
const ROOFLINE_ROWS = 16;

const { values } = parseArgs({
  options: {
    device: { type: "string", default: "wasm" },
    gguf: { type: "string" },
    repeats: { type: "string", default: "5" },
    tokens: { type: "string", default: "32" },
    rows: { type: "string", default: ROWS.join() },
  },
});
const device = values.device as BenchDevice;
const serveGguf: Plugin = {
  name: "gguf",
  configureServer({ middlewares }) {
    const { gguf } = values;
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
      "onnxruntime-web/jspi",
      "simple-statistics",
      "valibot",
    ],
  },
});
await server.listen();
const address = `${server.resolvedUrls?.local[0]}src/bench/browser/index.html`;
const executablePath = findChromium();
const browser = await chromium.launch({ args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) });

const runtimes: Runtime[] = ["own", "generate", ...(values.gguf === undefined ? [] : (["wllama"] as const))];
const pages: Page[] = [];
const contestants: Contestant[] = [];
let inputs: OpenedPage["inputs"] = [];
for (const runtime of runtimes) {
  process.stderr.write(`opening ${runtime}\n`);
  const page = await openPage(await browser.newContext());
  const found = await page.evaluate(
    ([name, on, graphInputs]) => globalThis.bench.open(name, on, graphInputs),
    [runtime, device, inputs] as const,
  );
  inputs = found.inputs;
  pages.push(page);
  found.contestants.forEach(({ name, mostRows }, index) => {
    contestants.push({
      name,
      mostRows,
      run: (...work) => page.evaluate(([at, w]) => globalThis.bench.run(at, ...w), [index, work] as const),
    });
  });
}

const tokenizer = readFileSync("models/policy/tokenizer.json", "utf8");
const running = bench(contestants, {
  longPrompt: benchPrompt(tokenizer, LONG_PROMPT),
  shortPrompt: benchPrompt(tokenizer, SHORT_PROMPT),
  rows: values.rows.split(",").map(Number),
  tokens: Number(values.tokens),
  repeats: Number(values.repeats),
});
let next = await running.next();
for (; !next.done; next = await running.next()) {
  process.stderr.write(`${next.value.runs}/${next.value.of} runs\n`);
}
const least = await (pages[0] as Page).evaluate((rows) => globalThis.bench.leastStep(rows), ROOFLINE_ROWS);
const step = next.value.figures[`step_ms_${ROOFLINE_ROWS}`]?.median;
const memory: Record<string, number> = {};
for (const [index, page] of pages.entries()) {
  const bytes = await page.evaluate(() => globalThis.bench.memory());
  memory[runtimes[index] as string] = Math.round(bytes / 2 ** 20);
}
const roofline = least === null || step === undefined ? null : { least_ms: least, share: least / step };
console.log(JSON.stringify({ device, ...next.value, roofline, memory_mib: memory }, null, 1));
await browser.close();
await server.close();

async function openPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  page.setDefaultTimeout(0);
  page.on("crash", () => process.stderr.write("the page crashed\n"));
  page.on("pageerror", (error) => process.stderr.write(`${error.stack}\n`));
  page.on("console", (message) => message.type() === "error" && process.stderr.write(`${message.text()}\n`));
  await page.goto(address);
  await page.waitForFunction(() => "bench" in globalThis);
  return page;
}
