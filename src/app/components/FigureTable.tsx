import type { ComponentChildren } from "preact";
import { Scrollable } from "./Scrollable";

interface FigureTableProps<Line> {
  readonly label: string;
  /** Head of the column of names. */
  readonly names: string;
  readonly lines: readonly Line[];
  readonly nameOf: (line: Line) => string;
  /** Class of a line's name. */
  readonly classOf?: (line: Line) => string;
  /** Head and content of every other column. */
  readonly columns: readonly (readonly [string, (line: Line) => ComponentChildren])[];
}

/** A line of figures for each thing that is named. */
export function FigureTable<Line>({ label, names, lines, nameOf, classOf, columns }: FigureTableProps<Line>) {
  return (
    <Scrollable label={label}>
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">{names}</th>
            {columns.map(([title]) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {lines.map((line) => (
            <tr key={nameOf(line)}>
              <th scope="row" class={classOf?.(line)}>
                {nameOf(line)}
              </th>
              {columns.map(([title, content]) => (
                <td key={title}>{content(line)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  );
}
