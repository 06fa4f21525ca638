import { useSignal } from "@preact/signals";
import { useEffect, useMemo, useRef } from "preact/hooks";
import { AXES, type Axis } from "../../domain/reward";
import type { MatchResult } from "../../experiments/summariseMatch";
import { AXIS_LABELS } from "../components/Dial";
import { ErrorNote } from "../components/ErrorNote";
import { ExportButtons } from "../components/ExportButtons";
import { FigureTable } from "../components/FigureTable";
import { engine } from "../engine/engine";
import { RULES } from "../fields";
import { duration, plural, withInterval } from "../format";
import { readReference, reference } from "../models/reference";
import { MatchPlots } from "../plots/MatchPlots";
import { PictureButtons } from "../plots/PictureButtons";
import { plottedRows } from "../plots/plottedRow";
import { MoreRows } from "../runs/MoreRows";
import { useClock } from "../runs/useClock";
import { extend, goOn, type OpenMatch, open, result, rows, state, tokens, unsaved } from "./matchRun";
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
  const active = useSignal("");
  const plots = useRef<HTMLDivElement>(null);
  const { request, stored } = opened;
  useEffect(() => {
    void readReference();
  }, []);
  const found = result.value;
  const current = state.value;
  const plotted = useMemo(() => plottedRows(rows.value), [rows.value]);
  const row = plotted.find(({ id }) => id === active.value)?.row;
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
            <PictureButtons name={name} plots={plots} disabled={rows.value.length === 0} />
          </ExportButtons>
        </header>
        <div class="scatters" ref={plots}>
          <MatchPlots
            rows={plotted}
            active={active}
            reachable={reference.value?.joint ?? []}
            caption={(axis) => found && <Caption axis={axis} found={found} />}
          />
        </div>
        {found && <Figures found={found} />}
        <p class="small soft">
          Prompts from {request.source}; {request.targets} targets, seed {request.seed}; temperature{" "}
          {request.sampling.temperature}
          {request.bestOf > 1 && `, best of ${request.bestOf}`}
          {stored && `; policy ${stored.policy}, judge ${stored.judge}`}. Dashed: what was asked. Line: least
          squares. Black bars: mean of each tenth of the targets with its 95 % interval.
        </p>
      </section>
      {row && <RowDetail row={row} active={active} />}
    </>
  );
}

function Caption({ axis, found }: { readonly axis: Axis; readonly found: MatchResult }) {
  const { r, ci, slope, n } = found[axis];
  return (
    <span class="small soft">
      r {withInterval(r, ci)}, slope {withInterval(slope, null)}, n {n}
    </span>
  );
}

/** A column of nothing else is left out. */
const NONE = withInterval(null, null);

/** Every figure of the summary. A dash where the rows do not determine it. */
function Figures({ found }: { readonly found: MatchResult }) {
  const columns: readonly [string, (axis: Axis) => string][] = [
    ["n", (axis) => String(found[axis].n)],
    ["r, 95 %", (axis) => withInterval(found[axis].r, found[axis].ci)],
    ["slope, 95 %", (axis) => withInterval(found[axis].slope, found[axis].slope_ci)],
    ["Spearman", (axis) => withInterval(found[axis].spearman, null)],
    ["Spearman of the bins' means", (axis) => withInterval(found[axis].bins_spearman, null)],
    ["r given length", (axis) => withInterval(found[axis].r_given_length, null)],
    ["r by the second judge", (axis) => withInterval(found[axis].heldout_r, null)],
    ["r, targets shuffled", (axis) => withInterval(found.shuffled[axis].r, found.shuffled[axis].ci)],
  ];
  return (
    <FigureTable
      label="Figures"
      names="Axis"
      lines={AXES}
      nameOf={(axis) => AXIS_LABELS[axis]}
      classOf={(axis) => axis}
      columns={columns.filter(([, text]) => AXES.some((axis) => text(axis) !== NONE))}
    />
  );
}

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
      {current.kind === "done" && <MoreRows key={n} label="Rows" n={n} rule={RULES.n} extend={extend} />}
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

/** Rows that must have come before the time left is told. */
const ENOUGH = 3;

interface Pace {
  readonly tokensPerSecond: number;
  /** Until the run ends at its pace so far; null while too few rows have come to tell. */
  readonly secondsLeft: number | null;
}

/** How fast the run is, once a second; null while it does not run. */
function usePace(): Pace | null {
  const now = useClock(state.value.kind === "running");
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
