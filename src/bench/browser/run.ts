/**
 * The benchmark in Chromium. Prints JSON.
 *
 *   npm run bench -- [--only rows,match,page] [--device wasm|webgpu] [--repeats K] [--tokens T]
 *     rows   one prompt in many rows, beside generate and wllama: [--rows 1,4,16,64] [--long P] [--short P] [--gguf FILE]
 *     match  prompts, completions and scores from end to end:     [--match N] [--loop N]
 *     page   the built page until it is usable, and until the first token
 *     long-tasks   how long a match keeps the page's thread busy (left out where nothing is chosen; JSON of its own)
 *
 * Without --gguf (SmolLM2-135M-Instruct as a GGUF file) wllama is left out.
 */

import { parseArgs } from "node:util";
import { LONG_PROMPT, SHORT_PROMPT } from "../prompt";
import { openBenchServer } from "./benchServer";
import { measureMatch } from "./matchPart";
import type { BenchDevice } from "./openedRuntime";
import { measurePage } from "./pagePart";
import { measureRows } from "./rowsPart";

const { values } = parseArgs({
  options: {
    only: { type: "string", default: "rows,match,page" },
    device: { type: "string", default: "wasm" },
    repeats: { type: "string", default: "5" },
    tokens: { type: "string", default: "32" },
    rows: { type: "string", default: "1,4,16,64" },
    long: { type: "string", default: String(LONG_PROMPT) },
    short: { type: "string", default: String(SHORT_PROMPT) },
    gguf: { type: "string" },
    match: { type: "string", default: "100" },
    loop: { type: "string", default: "10" },
  },
});
const only = values.only.split(",");
const device = values.device as BenchDevice;
const repeats = Number(values.repeats);
const tokens = Number(values.tokens);

if (only.includes("long-tasks")) await import("./longTasks");

const server = await openBenchServer(values.gguf);
const common = { device, openPage: server.openPage, repeats, tokens };
const found: Record<string, unknown> = { device };
if (only.includes("rows")) {
  found.rows = await measureRows({
    ...common,
    runtimes: ["own", "generate", ...(values.gguf === undefined ? [] : (["wllama"] as const))],
    rows: values.rows.split(",").map(Number),
    long: Number(values.long),
    short: Number(values.short),
  });
}
if (only.includes("match")) {
  found.match = await measureMatch({
    ...common,
    rows: Number(values.match),
    loopRows: Number(values.loop),
  });
}
await server.close();
if (only.includes("page")) found.page = await measurePage(repeats);
if (Object.keys(found).length > 1) console.log(JSON.stringify(found, null, 1));
