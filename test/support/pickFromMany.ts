/** Takes a run's prompts out of many lines: pickFromMany.ts COUNT LENGTH MOST. Prints how many there were, and it took. */

import { tryPrompts } from "../../src/domain/dataLines";
import { pickPrompts, surveyPrompts } from "../../src/experiments/runPrompts";

const [count = 0, length = 0, most = 0] = process.argv.slice(2).map(Number);

async function* lines(): AsyncGenerator<string, void> {
  for (let line = 0; line < count; line++) {
    yield `${JSON.stringify({ prompt: `Question ${line}? `.padEnd(length, "word ") })}\n`;
  }
}

const survey = await surveyPrompts(tryPrompts(lines()));
const { prompts } = await pickPrompts(tryPrompts(lines()), survey, 1, most);
console.log(JSON.stringify([survey.count, prompts.length]));
