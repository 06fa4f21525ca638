/**
 * How long the page's thread is busy at a time in a match of 500 rows, opened, filtered and running:
 * npm run bench -- --only long-tasks
 *
 * Prints JSON. The page is the built one over the shipped models. A few rows are made, repeated to most of a run in the
 * browser's store, and the last ones are made while a trace is taken. `wall` is what a user feels; `processor` leaves out
 * what else the machine did meanwhile. Both are milliseconds of single tasks of the page's main thread.
 */

import { openSite } from "../../../test/e2e/site";
import type { Row } from "../../domain/row";
import type { StoredRun } from "../../storage/runs";
import { mainThreadTasks, type Task } from "./trace";

const MADE = 10;
const ROWS = 500;
const LEFT = 20;
const TOKENS = 48;
/** Milliseconds after which a user feels that a page is busy. */
const LONG = 50;
const CATEGORIES = [
  "devtools.timeline",
  "disabled-by-default-devtools.timeline",
  "disabled-by-default-v8.cpu_profiler",
];

const site = await openSite();
const page = await site.context.newPage();
page.setDefaultTimeout(600_000);
try {
  // What is handed to the page was compiled to name its functions by this helper.
  await page.addInitScript("globalThis.__name = (named) => named");
  const found: Record<string, unknown> = {};

  await page.goto(`${site.url}#/match?match.n=${MADE}&match.maxTokens=${TOKENS}`);
  await page.getByRole("button", { name: "Load models and match" }).click();
  await page.getByText("done", { exact: true }).waitFor();
  const id = await page.evaluate(repeatRows, { rows: ROWS - LEFT, of: ROWS });

  await page.goto("about:blank");
  found.opened = await traced(async () => {
    await page.goto(`${site.url}#/match?match.run=${id}`);
    await rowsDrawn(ROWS - LEFT);
  });
  const match = page.getByRole("region", { name: "Match", exact: true });
  found.filtered = await traced(async () => {
    for (const label of ["Axis", "Prompts", "Targets"]) {
      for (const index of [1, 2, 0]) await match.getByLabel(label, { exact: true }).selectOption({ index });
    }
  });
  found.walked = await traced(async () => {
    await page.getByRole("slider", { name: /^Helpful: points of target/ }).focus();
    for (let step = 0; step < 30; step++) await page.keyboard.press("ArrowRight");
  });
  found.running = await traced(async () => {
    await page.getByRole("button", { name: "Go on", exact: true }).click();
    await rowsDrawn(ROWS);
    await page.getByText("done", { exact: true }).waitFor();
  });
  console.log(JSON.stringify({ long: LONG, ...found }, null, 1));
} finally {
  await site.close();
}

async function rowsDrawn(count: number): Promise<void> {
  await page.waitForFunction(
    (wanted) => {
      const bar = document.querySelector<HTMLProgressElement>('progress[aria-label="Rows finished"]');
      return (bar?.value ?? 0) >= wanted && document.querySelectorAll(".point").length > 0;
    },
    count,
    { polling: 200 },
  );
}

async function traced(work: () => Promise<void>): Promise<unknown> {
  const browser = site.context.browser() as NonNullable<ReturnType<typeof site.context.browser>>;
  await browser.startTracing(page, { categories: CATEGORIES });
  await work();
  await page.waitForTimeout(500); // What was asked last is drawn.
  return summary(mainThreadTasks(await browser.stopTracing()));
}

function summary(tasks: readonly Task[]): unknown {
  const most = (times: readonly number[]): number => Math.round(Math.max(0, ...times));
  return {
    tasks: tasks.length,
    longest: {
      wall: most(tasks.map(({ wall }) => wall)),
      processor: most(tasks.map(({ processor }) => processor)),
    },
    long: tasks
      .filter(({ wall }) => wall > LONG)
      .map(({ wall, processor, inside, functions }) => ({
        wall: Math.round(wall),
        processor: Math.round(processor),
        inside,
        functions,
      })),
  };
}

/** Makes the one run that the browser keeps one of `of` rows, of which it has `rows`. Runs in the page. */
async function repeatRows({ rows, of }: { rows: number; of: number }): Promise<string> {
  const request = <Result>(asked: IDBRequest<Result>): Promise<Result> =>
    new Promise((resolve, reject) => {
      asked.onsuccess = () => resolve(asked.result);
      asked.onerror = () => reject(asked.error);
    });
  const db = await request(indexedDB.open("reward-dial"));
  const transaction = db.transaction(["runs", "rows"], "readwrite");
  const [runs, kept] = [transaction.objectStore("runs"), transaction.objectStore("rows")];
  const [run] = (await request(runs.getAll())) as [StoredRun];
  const made = ((await request(kept.getAll())) as { row: Row }[]).map(({ row }) => row);
  const { id, header } = run;
  runs.put({ ...run, n: of, header: { ...header, options: { ...header.options, n: of } } });
  for (let row = 0; row < rows; row++) {
    const like = made[row % made.length] as Row;
    const [helpful, harmless] = [(row * 0.618) % 1, (row * 0.414) % 1];
    const actual = {
      helpful: (helpful + like.actual.helpful) / 2,
      harmless: (harmless + like.actual.harmless) / 2,
    };
    const completion = `${like.completion} ${row}`;
    kept.put({
      run: id,
      place: [row],
      row: { ...like, row, target: { helpful, harmless }, actual, completion },
    });
  }
  await new Promise((resolve) => {
    transaction.oncomplete = resolve;
  });
  db.close();
  return id;
}
