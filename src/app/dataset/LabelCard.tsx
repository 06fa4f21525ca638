import { useEffect, useId, useState } from "preact/hooks";
import { ErrorNote } from "../components/ErrorNote";
import { NumberField } from "../components/NumberField";
import { toast } from "../components/Toast";
import { engine } from "../engine/engine";
import { RULES } from "../fields";
import { bytes, count, duration } from "../format";
import { dataset as settings } from "../settings";
import { files, malformed, overview, reading, skipMalformed, style, unsaved } from "./datasetFile";
import { forgetLabels } from "./forgetLabels";
import { startLabelling, state, stopLabelling } from "./labelRun";

/** Step 2: the judge reads every completion. */
export function LabelCard() {
  const id = useId();
  const found = overview.value;
  const current = state.value;
  const busy = current.kind === "loading" || current.kind === "running";
  return (
    <section class="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>2. Label the completions</h2>
      <p class="small soft">
        The judge of this page scores each one. Labels are kept as they come: stop, reload or open the file
        again, and none is made twice.
      </p>
      <NumberField
        label="Completions, at most"
        setting={settings.limit}
        rule={RULES.limit}
        hint="Empty: all. Otherwise the first of the file."
        disabled={busy}
      />
      {files.value && found && (
        <>
          <div class="line">
            <p class="grow-text">
              <strong>{count(found.labelled)}</strong> of {count(found.selected)} labelled <Status />
            </p>
            {found.labelled > 0 && (
              <button
                type="button"
                class="quiet"
                disabled={busy || reading.value !== null || style.value === null}
                onClick={() => void forget()}
              >
                Forget all labels
              </button>
            )}
          </div>
          <progress
            max={Math.max(1, found.selected)}
            value={found.labelled}
            aria-label="Completions labelled"
          />
        </>
      )}
      {current.kind === "failed" && <ErrorNote error={current.error} />}
      <LabelButton />
    </section>
  );
}

function LabelButton() {
  const current = state.value;
  if (current.kind === "loading" || current.kind === "running") {
    return (
      <button type="button" class="primary" onClick={stopLabelling}>
        Stop
      </button>
    );
  }
  const found = overview.value;
  const ready = files.value !== null && found !== null && style.value !== null;
  const whole = ready && found.labelled === found.selected;
  const blocked = malformed.value > 0 && !skipMalformed.value;
  return (
    <>
      <button
        type="button"
        class="primary"
        disabled={!ready || whole || blocked}
        onClick={() => void startLabelling()}
      >
        {whole && found.selected > 0 ? "All labelled" : ready && found.labelled > 0 ? "Go on" : "Label"}
      </button>
      {blocked && <p class="small soft">First say what to do about the lines that cannot be read.</p>}
    </>
  );
}

async function forget(): Promise<void> {
  try {
    const undo = await forgetLabels();
    toast("The labels of every file are no longer on this device.", () => void undo());
  } catch (error) {
    unsaved.value = error;
  }
}

const CLOCK_MS = 1000;
/** Completions that must have been labelled before the time left is told. */
const ENOUGH = 32;

function Status() {
  const [now, setNow] = useState(0);
  const current = state.value;
  useEffect(() => {
    if (current.kind !== "running") return;
    const timer = setInterval(() => setNow(performance.now()), CLOCK_MS);
    return () => clearInterval(timer);
  }, [current.kind]);
  if (current.kind === "loading") {
    const engineState = engine.state.value;
    const progress = engineState.kind === "loading" ? engineState.progress : null;
    return (
      <span class="soft" role="status">
        loading the judge
        {progress && `, ${bytes(progress.receivedBytes)} of ${bytes(progress.totalBytes)}`}
      </span>
    );
  }
  const found = overview.value;
  if (current.kind !== "running" || !found) return null;
  const made = found.labelled - current.labelledBefore;
  const seconds = (now - current.since) / 1000;
  const left = ((found.selected - found.labelled) * seconds) / made;
  return (
    <span class="soft">
      {made >= ENOUGH && seconds > 0
        ? `${Math.round(made / seconds)} a second, about ${duration(left)} left`
        : "running"}
    </span>
  );
}
