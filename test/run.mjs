/**
 * The whole test suite: types, lint, then each Vitest project, one after another.
 *
 *   node test/run.mjs [PART...] [-- VITEST ARGUMENT...]     parts: types lint unit browser e2e
 *
 * The last line is `N passed, N failed` and, where there are any, `, N skipped`.
 */

import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { register } from "tsx/esm/api";

register();
const { findChromium, installChromium } = await import("./chromium.ts");

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const output = join(root, "test", ".output");
const CHECKS = { types: ["tsc", "--noEmit"], lint: ["biome", "check", "."] };
const PROJECTS = ["unit", "browser", "e2e"];
const PARTS = [...Object.keys(CHECKS), ...PROJECTS];

const args = process.argv.slice(2);
const split = args.indexOf("--");
const chosen = split < 0 ? args : args.slice(0, split);
const vitestArgs = split < 0 ? [] : args.slice(split + 1);
const unknown = chosen.filter((part) => !PARTS.includes(part));
if (unknown.length > 0) {
  console.error(`error: unknown part ${unknown.join(", ")}; expected any of ${PARTS.join(", ")}`);
  process.exit(2);
}

const total = { passed: 0, failed: 0, skipped: 0 };
for (const part of chosen.length > 0 ? PARTS.filter((name) => chosen.includes(name)) : PARTS) {
  console.log(`\n== ${part}`);
  const { passed, failed, skipped } = part in CHECKS ? check(CHECKS[part]) : project(part);
  total.passed += passed;
  total.failed += failed;
  total.skipped += skipped;
}

const skipped = total.skipped > 0 ? `, ${total.skipped} skipped` : "";
console.log(`\n${total.passed} passed, ${total.failed} failed${skipped}`);
process.exitCode = total.failed > 0 ? 1 : 0;

/** Runs a checker; it counts as one test. */
function check([command, ...parameters]) {
  const right = start(command, parameters) === 0;
  return { passed: right ? 1 : 0, failed: right ? 0 : 1, skipped: 0 };
}

/** Runs a Vitest project and counts its tests from the JSON report. */
function project(name) {
  if (name !== "unit") process.env.CHROMIUM_PATH = findChromium() ?? installChromium();
  const report = join(output, `${name}.json`);
  mkdirSync(output, { recursive: true });
  rmSync(report, { force: true });
  const parameters = ["run", "--project", name, "--reporter=default", "--reporter=json"];
  const status = start("vitest", [...parameters, `--outputFile.json=${report}`, ...vitestArgs]);
  const { passed, failed, skipped } = count(report);
  // Errors outside any test (a file that does not load, an unhandled rejection) show in the status alone.
  return { passed, failed: status !== 0 && failed === 0 ? 1 : failed, skipped };
}

function count(report) {
  let results;
  try {
    results = JSON.parse(readFileSync(report, "utf8"));
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
  const broken = results.testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && assertionResults.every((result) => result.status !== "failed"),
  );
  return {
    passed: results.numPassedTests,
    failed: results.numFailedTests + broken.length,
    skipped: results.numPendingTests + results.numTodoTests,
  };
}

function start(command, parameters) {
  const executable = join(root, "node_modules", ".bin", command);
  return spawnSync(executable, parameters, { cwd: root, stdio: "inherit" }).status;
}
