import type { Finding, FindingKind } from "../../domain/dataset/findings";
import { count } from "../format";

const TITLES: Readonly<Record<FindingKind, string>> = {
  malformed: "Lines that cannot be read",
  unsplit: "Damaged pairs, whose transcripts share no prompt",
  empty: "Completions without text",
  duplicate: "Duplicates of an answer to the same prompt",
  leaked: "Rows that begin with a test prompt",
  "too-long": "Rows that are too long for the model",
  instructions: "System messages; their rows are used without them",
};

/** What is left out, kind by kind, each with its first lines. */
export function FindingList({ findings }: { readonly findings: readonly Finding[] }) {
  if (findings.length === 0) return <p class="small soft">Nothing is left out.</p>;
  return (
    <div>
      <h3>Left out</h3>
      {findings.map(({ kind, count: n, first }) => (
        <details key={kind}>
          <summary>
            {TITLES[kind]} <span class="soft">{count(n)}</span>
          </summary>
          <ul class="small found">
            {first.map(({ line, message }, index) => (
              <li key={index}>
                <strong>Line {line}:</strong> {message}
              </li>
            ))}
            {n > first.length && <li class="soft">and {count(n - first.length)} more</li>}
          </ul>
        </details>
      ))}
    </div>
  );
}
