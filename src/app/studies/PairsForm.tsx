import { useId } from "preact/hooks";
import { AXES, type Axis } from "../../domain/reward";
import { BusyNote } from "../components/BusyNote";
import { AXIS_LABELS } from "../components/Dial";
import { ErrorNote } from "../components/ErrorNote";
import { FileDrop } from "../components/FileDrop";
import { ROW_FILES } from "../components/fileEndings";
import { SkipLines } from "../components/SkipLines";
import { downloadText } from "../engine/downloadText";
import { engine } from "../engine/engine";
import { duration, plural } from "../format";
import { linkTo } from "../settings";
import {
  chooseFile,
  files,
  malformed,
  pairSeconds,
  reading,
  refused,
  skipMalformed,
  start,
  state,
  stop,
} from "./judgeRun";

/** What a run in this tab takes: a file of pairs an axis, and what that will cost. */
export function PairsForm() {
  const busy = engine.busy.value;
  const { kind } = state.value;
  const running = busy === "studies" && (kind === "loading" || kind === "running");
  const none = AXES.every((axis) => files.value[axis] === undefined);
  return (
    <section class="card stack" aria-labelledby="pairs-title">
      <h2 id="pairs-title">Run it here</h2>
      <p class="small soft">
        Pairs as JSON Lines or CSV, gzipped or not, of any size: <code>prompt_dialogue</code>,{" "}
        <code>chosen</code>, <code>rejected</code>, or hh-rlhf as it is published. Nothing is sampled here, so
        there are no prompts or targets to give: the judge scores replies that are there. Answers without a
        pair are scored on the <a href={linkTo("dataset")}>Dataset</a> page.
      </p>
      {AXES.map((axis) => (
        <PairsFile key={axis} axis={axis} />
      ))}
      <SkipLines
        bad={malformed.value}
        first={AXES.flatMap((axis) =>
          (files.value[axis]?.survey.firstBad ?? []).map((bad) => ({ ...bad, of: AXIS_LABELS[axis] })),
        )}
        skip={skipMalformed}
      />
      {refused.value !== null && <ErrorNote error={refused.value} />}
      <Cost />
      {running ? (
        <button type="button" class="primary" onClick={stop}>
          Stop
        </button>
      ) : (
        <button
          type="button"
          class="primary"
          disabled={busy !== null || none || reading.value !== null}
          onClick={() => void start()}
        >
          Score the pairs
        </button>
      )}
      {!running && <BusyNote to="score pairs" />}
    </section>
  );
}

function PairsFile({ axis }: { readonly axis: Axis }) {
  const id = useId();
  const chosen = files.value[axis];
  return (
    <FileDrop
      label={`Pairs chosen as more ${axis}`}
      action="Load a file"
      accept={ROW_FILES}
      labelledBy={id}
      onFiles={([file]) => file && void chooseFile(axis, file)}
      buttons={
        chosen && (
          <button
            type="button"
            onClick={() => {
              const { [axis]: _, ...rest } = files.value;
              files.value = rest;
            }}
          >
            Remove<span class="visually-hidden"> {chosen.file.name}</span>
          </button>
        )
      }
    >
      <p id={id} class="small">
        <strong class={axis}>{AXIS_LABELS[axis]}</strong>{" "}
        <span class="soft">
          {chosen
            ? `${plural(chosen.survey.count, "pair")} from ${chosen.file.name}`
            : `pairs where people chose the more ${axis} reply`}
        </span>
      </p>
    </FileDrop>
  );
}

/** What scoring the chosen files takes, before it starts. */
function Cost() {
  const n = AXES.reduce((sum, axis) => sum + (files.value[axis]?.survey.count ?? 0), 0);
  return (
    <p class="small soft" role="status">
      {reading.value !== null && `Reading ${reading.value}… `}
      {n > 0 && `${plural(n, "pair")} to score. `}
      {downloadText(engine.plan.value, ({ model }) => model !== "policy")}
      {n > 0 &&
        (pairSeconds.value === null
          ? "This device has not been measured: the first pairs tell the time."
          : `About ${duration(n * pairSeconds.value)}.`)}
    </p>
  );
}
