/** The cells of a line whose cells hold no separator: trimmed, without the quotes that a spreadsheet may put around them. */
export function plainCells(line: string, separator: string): string[] {
  return line.split(separator).map((cell) => cell.trim().replace(/^"(.*)"$/, "$1"));
}
