import { useComputed } from "@preact/signals";
import { lossCurve } from "../../domain/lossCurve";
import { isOver } from "../../runtimes/openai/fineTuning";
import { ErrorNote } from "../components/ErrorNote";
import { Scrollable } from "../components/Scrollable";
import { toast } from "../components/Toast";
import { engine } from "../engine/engine";
import { count, timeOfDay } from "../format";
import { prices } from "./connection";
import { cancelJob, follow, type OpenJob, open, takeResult } from "./jobs";
import { LossPlot } from "./LossPlot";

/** The job that is followed: how far it is, its loss, its events, and the model that comes out. */
export function JobDetail() {
  const shown = open.value;
  const curve = useComputed(() => lossCurve(open.value?.events ?? []));
  if (shown === null) return null;
  const { known, job, events, error, cancelError } = shown;
  const { train, validation } = curve.value;
  return (
    <section class="card stack" aria-label="Job">
      <header>
        <h2>{known.id}</h2>
        {job !== null && !isOver(job) && (
          <button type="button" onClick={() => void cancelJob()}>
            Cancel the job
          </button>
        )}
      </header>
      {cancelError !== null && <ErrorNote error={cancelError} />}
      {error !== null && <ErrorNote error={error} tryAgain={() => void follow(known)} />}
      <p role="status">
        <strong>{job?.status.replaceAll("_", " ") ?? "Asking…"}</strong>{" "}
        <span class="soft">
          {known.model}
          {job?.trained_tokens != null && `, ${count(job.trained_tokens)} tokens trained on`}
        </span>
      </p>
      {job?.error?.message && <p class="field-error">{job.error.message}</p>}
      {job?.fine_tuned_model && <Outcome shown={shown} name={job.fine_tuned_model} />}
      {train.length + validation.length > 0 && (
        <figure>
          <figcaption class="small soft">
            Loss a token by step: the line is the training rows
            {validation.length > 0 && <>, the dots those held for validation</>}.
          </figcaption>
          <LossPlot curve={curve.value} />
        </figure>
      )}
      {events.length > 0 && (
        <Scrollable label="Events">
          <ol class="events small">
            {events.toReversed().map(({ id, created_at, message }) => (
              <li key={id}>
                <span class="soft">{timeOfDay(created_at * 1000)}</span> {message}
              </li>
            ))}
          </ol>
        </Scrollable>
      )}
    </section>
  );
}

/** A job that was begun elsewhere, or with a file that this page did not make. */
const CHECK_FORMAT =
  "This page does not know how its training prompts gave rewards: check the reward format above.";

const TYPE_PRICES = "Type its prices above, so that this page can say what it costs.";

function Outcome({ shown, name }: { readonly shown: OpenJob; readonly name: string }) {
  return (
    <div class="note">
      <p>
        <strong class="mono">{name}</strong>
      </p>
      <button
        type="button"
        disabled={engine.busy.value !== null}
        onClick={() => {
          if (!takeResult(shown)) return;
          const checks = [prices.value === null && TYPE_PRICES, !shown.known.format && CHECK_FORMAT];
          toast([`${name} answers in Play, Match and Studies now.`, ...checks.filter(Boolean)].join(" "));
        }}
      >
        Use this model
      </button>
    </div>
  );
}
