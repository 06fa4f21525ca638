/** Endings of the files that are read, as an input accepts them. */

/** Rows of a data set: questions and answers, or pairs. */
export const ROW_FILES = ".jsonl,.ndjson,.json,.csv,.gz";
/** Prompts, which may be plain text, too. */
export const PROMPT_FILES = `${ROW_FILES},.txt`;
