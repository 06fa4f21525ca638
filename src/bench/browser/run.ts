/** The benchmark in Chromium. Prints JSON. */

import { choice, type Options, readOptions, wholeNumber } from "../../cli/arguments";
import { outcomeOf } from "../../cli/outcome";
import { LONG_PROMPT, SHORT_PROMPT } from "../prompt";
import { openBenchServer } from "./benchServer";
import { measureMatch } from "./matchPart";
import { measurePage } from "./pagePart";
import { measureRows } from "./rowsPart";

const HELP = `npm run bench -- [--only PARTS] [--device wasm|webgpu] [--repeats K] [--tokens T]

PARTS, commas between, rows,match,page where none are chosen:
  rows         one prompt in many rows, beside generate and wllama: [--rows 1,4,16,64] [--long P] [--short P] [--gguf FILE]
  match        prompts, completions and scores from end to end:     [--match N] [--loop N]
  page         the built page until it is usable, and until the first token
  long-tasks   how long a match keeps the page's thread busy; JSON of its own

Without --gguf (SmolLM2-135M-Instruct as a GGUF file) wllama is left out.`;

const OPTIONS = {
  help: "flag",
  only: "text",
  device: "text",
  repeats: "text",
  tokens: "text",
  rows: "text",
  long: "text",
  short: "text",
  gguf: "text",
  match: "text",
  loop: "text",
} as const;

const PARTS = ["rows", "match", "page", "long-tasks"] as const;

try {
  const options = readOptions(process.argv.slice(2), OPTIONS);
  if (options.help) console.log(HELP);
  else await bench(options);
} catch (error) {
  const { status, text } = outcomeOf(error);
  console.error(text);
  process.exitCode = status;
}

async function bench(options: Options<typeof OPTIONS>): Promise<void> {
  const count = (name: string, text: string | undefined, otherwise: number) =>
    wholeNumber(name, text, 1, otherwise);
  const only = (options.only ?? "rows,match,page").split(",").map((part) => choice("only", part, PARTS));
  const device = choice("device", options.device ?? "wasm", ["wasm", "webgpu"]);
  const repeats = count("repeats", options.repeats, 5);
  const tokens = count("tokens", options.tokens, 32);
  const rows = (options.rows ?? "1,4,16,64").split(",").map((text) => count("rows", text, 1));
  const [long, short] = [
    count("long", options.long, LONG_PROMPT),
    count("short", options.short, SHORT_PROMPT),
  ];
  const [matchRows, loopRows] = [count("match", options.match, 100), count("loop", options.loop, 10)];

  if (only.includes("long-tasks")) await import("./longTasks");
  const found: Record<string, unknown> = { device };
  if (only.includes("rows") || only.includes("match")) {
    const server = await openBenchServer(options.gguf);
    try {
      const common = { device, openPage: server.openPage, repeats, tokens };
      if (only.includes("rows")) {
        found.rows = await measureRows({
          ...common,
          runtimes: ["own", "generate", ...(options.gguf === undefined ? [] : (["wllama"] as const))],
          rows,
          long,
          short,
        });
      }
      if (only.includes("match")) found.match = await measureMatch({ ...common, rows: matchRows, loopRows });
    } finally {
      await server.close();
    }
  }
  if (only.includes("page")) found.page = await measurePage(repeats);
  if (Object.keys(found).length > 1) console.log(JSON.stringify(found, null, 1));
}
