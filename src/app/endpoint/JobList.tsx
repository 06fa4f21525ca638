import { useEffect } from "preact/hooks";
import { ErrorNote } from "../components/ErrorNote";
import { focusAfter } from "../focusAfter";
import { moment } from "../format";
import { here } from "./endpointSettings";
import {
  find,
  findError,
  follow,
  followOtherTabs,
  forget,
  isOpen,
  type KnownJob,
  known,
  nameOf,
} from "./jobs";

/** Jobs that this browser remembers, and the way to find those that it does not. */
export function JobList() {
  useEffect(followOtherTabs, []);
  return (
    <section class="card stack" aria-labelledby="jobs-title">
      <header>
        <h2 id="jobs-title">Jobs</h2>
        <button type="button" disabled={here.value === null} onClick={() => void find()}>
          Find jobs
        </button>
      </header>
      {findError.value !== null && <ErrorNote error={findError.value} />}
      {known.value.length === 0 ? (
        <p class="small soft">None yet. A job started here is remembered, and found again after a reload.</p>
      ) : (
        <ul class="runs">
          {known.value.map((job) => (
            <Entry key={nameOf(job)} job={job} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Entry({ job }: { readonly job: KnownJob }) {
  const shown = isOpen(job);
  const elsewhere = here.value !== job.baseUrl;
  return (
    <li class={shown ? "run active" : "run"}>
      <button
        type="button"
        class="quiet run-open"
        aria-current={shown ? "true" : undefined}
        disabled={elsewhere}
        onClick={() => void follow(job)}
      >
        <span>{job.id}</span>
        <span class="small soft">
          {job.model}, {moment(job.createdAt * 1000)}
          {elsewhere && `. Set the base URL to ${job.baseUrl} to follow it`}
        </span>
      </button>
      <button
        type="button"
        class="quiet"
        onClick={({ currentTarget }) => {
          const focusNext = focusAfter(currentTarget);
          forget(job);
          focusNext();
        }}
      >
        Forget<span class="visually-hidden"> {job.id}; it goes on there</span>
      </button>
    </li>
  );
}
