import { signal } from "@preact/signals";
import { expect, test } from "vitest";
import { SkipLines } from "../../src/app/components/SkipLines";
import { saidBy } from "../support/saidBy";

const said = (first: Parameters<typeof SkipLines>[0]["first"] = []): string =>
  saidBy(SkipLines({ bad: 2, first, skip: signal(false) }));

test("lines that cannot be read are told with what their file holds, where there are two files", () => {
  const problem = '"chosen" is missing';
  expect(said([{ line: 3, problem }])).toContain(`Line 3: ${problem}`);
  const both = said(["Helpful", "Harmless"].map((of) => ({ of, line: 3, problem })));
  expect(both).toContain(`Helpful, line 3: ${problem}Harmless, line 3: ${problem}`);
});
