/** The command line: the experiments of the page, headless, over onnxruntime-node. */

import { setMaxListeners } from "node:events";
import { nodeModels } from "./nodeModels";
import { outcomeOf } from "./outcome";
import { progressOn } from "./progress";
import { run } from "./run";

setMaxListeners(0); // One signal stops every row in flight, which are more than the ten that Node warns of.
const stop = new AbortController();
process.once("SIGINT", () => stop.abort());
process.once("SIGTERM", () => stop.abort());
// A reader that has seen enough, such as head, is no error.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? 0 : 1));

const models = nodeModels();
const progress = progressOn(process.stderr);
try {
  const text = await run(process.argv.slice(2), {
    models,
    print: (value) => {
      if (process.stdout.isTTY) progress.clear();
      process.stdout.write(`${JSON.stringify(value)}\n`);
    },
    progress: progress.show,
    signal: stop.signal,
  });
  progress.end();
  if (text !== null) process.stdout.write(`${text}\n`);
} catch (error) {
  progress.end();
  const { status, text } = outcomeOf(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = status;
} finally {
  await models.close();
}
// The time that a busy server asked for may be an hour, and the SDK's timer for it cannot be ended.
if (stop.signal.aborted) process.exit();
