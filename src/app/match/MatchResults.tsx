import { useSignal } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { AXES, type Axis } from "../../domain/reward";
import type { AxisMatch, MatchResult } from "../../experiments/summariseMatch";
import { AXIS_LABELS } from "../components/Dial";
import { ErrorNote } from "../components/ErrorNote";
import { ExportButtons } from "../components/ExportButtons";
import { Scrollable } from "../components/Scrollable";
import { download } from "../download";
import { engine } from "../engine/engine";
import { decimal, duration, plural } from "../format";
import { svgPicture } from "../svgPicture";
import { MatchScatter } from "./MatchScatter";
import { goOn, type OpenMatch, open, result, rows, state, tokens, unsaved } from "./matchRun";
import { RowDetail } from "./RowDetail";

export function MatchResults() {
  const opened = open.value;
  if (!opened) {
    return (
      <p class="empty soft">
        A match fills two scatters: what was asked against what came. Rows are kept in this browser as they
        finish.
      </p>
    );
  }
  return <Opened opened={opened} />;
}

function Opened({ opened }: { readonly opened: OpenMatch }) {
  const active = useSignal<number | null>(null);
  const plots = useRef<HTMLDivElement>(null);
  const { request, stored } = opened;
  const found = result.value;
  const current = state.value;
  const row = rows.value.find((candidate) => candidate.row === active.value);
  const name = `match-${request.targets}-seed-${request.seed}`;
  return (
    <>
      {current.kind === "failed" && !engine.shows(current.error) && (
        <ErrorNote error={current.error}>
          <button type="button" onClick={() => void goOn()}>
            {rows.value.length > 0 ? "Go on with the rest" : "Try again"}
          </button>
        </ErrorNote>
      )}
      {unsaved.value !== null && <ErrorNote error={unsaved.value} />}
      <section class="card stack" aria-label="Match">
        <header class="line match-head">
          <Progress opened={opened} />
          <ExportButtons name={name} rows={rows.value} header={stored?.header}>
            <button
              type="button"
              disabled={rows.value.length === 0}
              onClick={() => {
                const pictures = [...(plots.current?.querySelectorAll("svg") ?? [])];
                download(`${name}.svg`, "image/svg+xml", svgPicture(pictures));
              }}
            >
              SVG
            </button>
          </ExportButtons>
        </header>
        <div class="scatters" ref={plots}>
          {AXES.map((axis) => (
            <figure key={axis}>
              <figcaption>
                <strong class={axis}>{AXIS_LABELS[axis]}</strong>{" "}
                {found && <Caption axis={axis} found={found} />}
              </figcaption>
              <MatchScatter axis={axis} rows={rows.value} active={active} />
            </figure>
          ))}
        </div>
        {found && <Figures found={found} />}
        <p class="small soft">
          {plural(request.prompts.length, "prompt")} from {request.source}; {request.targets} targets, seed{" "}
          {request.seed}; temperature {request.sampling.temperature}
          {request.bestOf > 1 && `, best of ${request.bestOf}`}
          {stored && `; policy ${stored.policy}, judge ${stored.judge}`}. Dashed: what was asked. Line: least
          squares.
        </p>
      </section>
      {row && <RowDetail row={row} />}
    </>
  );
}

function Caption({ axis, found }: { readonly axis: Axis; readonly found: MatchResult }) {
  const { r, ci, slope, n } = found[axis];
  return (
    <span class="small soft">
      r {figure(r)} {range(ci)}, slope {figure(slope)}, n {n}
    </span>
  );
}

/** Every figure of the summary. A dash where the rows do not determine it. */
function Figures({ found }: { readonly found: MatchResult }) {
  const columns: readonly [string, (match: AxisMatch, axis: Axis) => string][] = [
    ["n", ({ n }) => String(n)],
    ["r, 95 %", ({ r, ci }) => `${figure(r)} ${range(ci)}`],
    ["slope, 95 %", ({ slope, slope_ci }) => `${figure(slope)} ${range(slope_ci)}`],
    ["Spearman", ({ spearman }) => figure(spearman)],
    ["r given length", ({ r_given_length }) => figure(r_given_length)],
    ["r, targets shuffled", (_, axis) => figure(found.shuffled[axis].r)],
  ];
  return (
    <Scrollable label="Figures">
      <table class="numbers">
        <thead>
          <tr>
            <th scope="col">Axis</th>
            {columns.map(([title]) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {AXES.map((axis) => (
            <tr key={axis}>
              <th scope="row" class={axis}>
                {AXIS_LABELS[axis]}
              </th>
              {columns.map(([title, value]) => (
                <td key={title}>{value(found[axis], axis)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scrollable>
  );
}

const figure = (value: number | null): string => (value === null ? "–" : decimal(value));
const range = (ci: readonly [number, number] | null): string =>
  ci === null ? "" : `[${decimal(ci[0])}, ${decimal(ci[1])}]`;

function Progress({ opened }: { readonly opened: OpenMatch }) {
  const { n } = opened.request;
  const done = rows.value.length;
  const current = state.value;
  const pace = usePace();
  return (
    <div class="stack grow match-progress">
      <div class="line">
        <p>
          <strong>
            {done} of {plural(n, "row")}
          </strong>{" "}
          <span class="soft" role="status">
            {STATUS[current.kind]}
          </span>{" "}
          {pace && (
            <span class="soft">
              {Math.round(pace.tokensPerSecond)} tokens/s
              {pace.secondsLeft !== null && `, about ${duration(pace.secondsLeft)} left`}
            </span>
          )}
        </p>
        {(current.kind === "stopped" || (current.kind === "failed" && engine.shows(current.error))) &&
          done < n && (
            <button type="button" onClick={() => void goOn()}>
              Go on
            </button>
          )}
      </div>
      <progress max={n} value={done} aria-label="Rows finished" />
    </div>
  );
}

const STATUS = {
  loading: "loading the models",
  running: "running",
  stopped: "stopped",
  done: "done",
  failed: "interrupted",
} as const;

const CLOCK_MS = 1000;
/** Rows that must have come before the time left is told. */
const ENOUGH = 3;

interface Pace {
  readonly tokensPerSecond: number;
  /** Until the run ends at its pace so far; null while too few rows have come to tell. */
  readonly secondsLeft: number | null;
}

/** How fast the run is, once a second; null while it does not run. */
function usePace(): Pace | null {
  const [now, setNow] = useState(0);
  const running = state.value.kind === "running";
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setNow(performance.now()), CLOCK_MS);
    return () => clearInterval(timer);
  }, [running]);
  if (state.value.kind !== "running" || !open.value) return null;
  const { since, rowsBefore } = state.value;
  const made = rows.value.length - rowsBefore;
  const seconds = (now - since) / 1000;
  if (seconds <= 0) return null;
  const left = open.value.request.n - rows.value.length;
  return {
    tokensPerSecond: tokens.value / seconds,
    secondsLeft: made < ENOUGH ? null : (left * seconds) / made,
  };
}
