import { playwright } from "@vitest/browser-playwright";
import { defineConfig } from "vitest/config";
import { CHROMIUM_ARGS, findChromium } from "./test/chromium.ts";

const executablePath = findChromium();

export default defineConfig({
  test: {
    // Two cores and models in memory: heavy files run one after another.
    projects: [
      {
        test: {
          name: "unit",
          include: ["test/unit/**/*.test.ts"],
          globalSetup: "test/globalSetup.ts",
          environment: "node",
          testTimeout: 30_000,
        },
      },
      {
        extends: "./vite.config.ts",
        // Found only while a test runs, they would come with a second Preact.
        optimizeDeps: { include: ["preact", "preact/hooks", "@preact/signals", "simple-statistics", "d3"] },
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          browser: {
            enabled: true,
            headless: true,
            screenshotFailures: false,
            provider: playwright({
              launchOptions: { args: CHROMIUM_ARGS, ...(executablePath && { executablePath }) },
            }),
            instances: [{ browser: "chromium" }],
          },
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/e2e/**/*.test.ts"],
          globalSetup: "test/globalSetup.ts",
          environment: "node",
          fileParallelism: false,
          testTimeout: 180_000,
          hookTimeout: 180_000,
          expect: { poll: { timeout: 15_000 } },
        },
      },
    ],
  },
});
