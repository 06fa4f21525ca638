import type { ComponentChildren } from "preact";
import type { Row } from "../../domain/row";
import type { RunHeader } from "../../domain/run";
import { toCsv, toJsonLines } from "../../storage/rowFiles";
import { download } from "../download";

interface ExportButtonsProps {
  /** Of the file, without its ending. */
  readonly name: string;
  readonly rows: readonly Row[];
  /** First line of the JSON Lines file, where the rows are a run. */
  readonly header?: RunHeader | undefined;
  /** More formats. */
  readonly children?: ComponentChildren;
}

export function ExportButtons({ name, rows, header, children }: ExportButtonsProps) {
  const empty = rows.length === 0;
  return (
    <fieldset class="line exports">
      <legend class="visually-hidden">Export</legend>
      <button type="button" disabled={empty} onClick={() => download(`${name}.csv`, "text/csv", toCsv(rows))}>
        CSV
      </button>
      <button
        type="button"
        disabled={empty}
        onClick={() => download(`${name}.jsonl`, "application/jsonl", toJsonLines(rows, header))}
      >
        JSON Lines
      </button>
      {children}
    </fieldset>
  );
}
