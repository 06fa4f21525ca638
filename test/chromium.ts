/** Finds a Chromium for the browser and end-to-end tests, or installs one. */

import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { chromium } from "playwright-core";

/** Flags for a Chromium without a GPU or a sandbox: WebGPU runs on SwiftShader. */
export const CHROMIUM_ARGS = [
  "--no-sandbox",
  "--enable-unsafe-webgpu",
  "--use-webgpu-adapter=swiftshader",
  "--enable-features=Vulkan",
  // measureUserAgentSpecificMemory() otherwise waits up to twenty seconds for a garbage collection.
  "--enable-blink-features=ForceEagerMeasureMemory",
];

const NAMES = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];

/** Path of a Chromium that starts: CHROMIUM_PATH, the usual names on PATH, or Playwright's cache. */
export function findChromium(): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter);
  const candidates = [
    process.env.CHROMIUM_PATH ?? "",
    ...NAMES.flatMap((name) => folders.map((folder) => join(folder, name))),
    chromium.executablePath(),
  ];
  return candidates.find((path) => path !== "" && existsSync(path) && starts(path));
}

/** A name on PATH may be a stub that only says how to install the browser. */
function starts(path: string): boolean {
  try {
    execFileSync(path, ["--version"], { stdio: "ignore", timeout: 20_000 });
    return true;
  } catch {
    return false;
  }
}

/** Installs Chromium: Debian's package where we may, else Playwright's build. Returns its path. */
export function installChromium(): string {
  if (process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    run("apt-get update && apt-get install -y chromium");
  }
  const installed = findChromium();
  if (installed !== undefined) return installed;
  run("npx playwright-core install chromium");
  const downloaded = findChromium();
  if (downloaded === undefined) {
    throw new Error("no Chromium: install one and set CHROMIUM_PATH to its executable");
  }
  return downloaded;
}

function run(command: string): void {
  try {
    execFileSync("sh", ["-c", command], { stdio: "inherit" });
  } catch {
    console.error(`failed: ${command}`);
  }
}
