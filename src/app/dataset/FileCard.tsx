import { useId } from "preact/hooks";
import { ErrorNote } from "../components/ErrorNote";
import { FileDrop } from "../components/FileDrop";
import { PROMPT_FILES, ROW_FILES } from "../components/fileEndings";
import { toast } from "../components/Toast";
import { bytes, count, plural } from "../format";
import {
  cancelReading,
  clear,
  fileError,
  files,
  openData,
  overview,
  reading,
  setTestPrompts,
  unsaved,
} from "./datasetFile";
import { FindingList } from "./FindingList";
import { state } from "./labelRun";
import { SkipMalformed } from "./SkipMalformed";

/** Step 1: which file, and what is in it. */
export function FileCard() {
  const id = useId();
  const open = files.value;
  const busy = reading.value !== null || state.value.kind === "loading" || state.value.kind === "running";
  return (
    <section class="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>1. Open a file</h2>
      <FileDrop
        label="Data file"
        action={open ? "Open another" : "Choose a file"}
        accept={ROW_FILES}
        disabled={busy}
        onFiles={([file]) => void openData(file as File)}
        buttons={
          open && (
            <button type="button" class="quiet" disabled={busy} onClick={() => void forget()}>
              Clear<span class="visually-hidden"> the file</span>
            </button>
          )
        }
      >
        {open ? (
          <p>
            <strong>{open.data.name}</strong> <span class="soft">{bytes(open.data.content.size)}</span>
          </p>
        ) : (
          <p class="soft">Drop a file of questions and answers here. It stays in this browser.</p>
        )}
      </FileDrop>
      <Reading />
      {fileError.value !== null && <ErrorNote error={fileError.value} />}
      {unsaved.value !== null && <ErrorNote error={unsaved.value} />}
      {open && <Contents />}
      {open && <TestPrompts disabled={busy} />}
      {!open && <Shapes />}
    </section>
  );
}

function Reading() {
  const current = reading.value;
  if (current === null) return null;
  return (
    <div class="stack">
      <div class="line">
        <p class="grow" role="status">
          Reading {current.name}…
        </p>
        <button type="button" onClick={cancelReading}>
          Cancel
        </button>
      </div>
      <progress value={current.share} aria-label="Share of the file read" />
    </div>
  );
}

function Contents() {
  const found = overview.value;
  if (!found) return null;
  const { rows, completions, selected, splits, findings } = found;
  return (
    <>
      <dl class="facts">
        <dt>Rows</dt>
        <dd>{count(rows)}</dd>
        <dt>Completions</dt>
        <dd>
          {count(completions)}, <strong>{count(selected)}</strong> of them used
        </dd>
        <dt>Split</dt>
        <dd>
          {count(splits.train)} to train, {count(splits.validation)} to validate
        </dd>
      </dl>
      <FindingList findings={findings} />
      <SkipMalformed />
    </>
  );
}

function TestPrompts({ disabled }: { readonly disabled: boolean }) {
  const id = useId();
  const tests = files.value?.testPrompts ?? null;
  const found = overview.value;
  return (
    <details open={tests !== null}>
      <summary>
        Test prompts <span class="soft">{tests ? tests.name : "none"}</span>
      </summary>
      <div class="stack">
        <p class="small soft" id={`${id}-about`}>
          Prompts that the trained policy will be tested on: one a line, as text or{" "}
          <code>{'{"prompt": "…"}'}</code>, or CSV with a column <code>prompt</code>. Rows that begin with one
          of them are left out.
        </p>
        <FileDrop
          label="Test prompts"
          action={tests ? "Choose others" : "Choose a file"}
          accept={PROMPT_FILES}
          disabled={disabled}
          labelledBy={`${id}-about`}
          onFiles={([file]) => void setTestPrompts(file as File)}
          buttons={
            tests && (
              <button
                type="button"
                class="quiet"
                disabled={disabled}
                onClick={() => void setTestPrompts(null)}
              >
                Remove
              </button>
            )
          }
        >
          <p class={tests ? undefined : "soft"}>{tests ? tests.name : "No test prompts."}</p>
          {tests && found && (
            <p class="small soft">{plural(found.testQuestions, "different first question")}</p>
          )}
        </FileDrop>
      </div>
    </details>
  );
}

function Shapes() {
  return (
    <details>
      <summary>What a file may look like</summary>
      <ul class="small stack">
        <li>
          hh-rlhf as it is published, <code>.jsonl.gz</code>:{" "}
          <code>{'{"chosen": "\\n\\nHuman: …", "rejected": "\\n\\nHuman: …"}'}</code>
        </li>
        <li>
          Pairs: <code>{'{"prompt": "…", "chosen": "…", "rejected": "…"}'}</code>, or with a transcript as{" "}
          <code>prompt_dialogue</code>.
        </li>
        <li>
          Single answers: <code>{'{"prompt": "…", "completion": "…"}'}</code>
        </li>
        <li>
          Chats: <code>{'{"messages": [{"role": "user", "content": "…"}, …]}'}</code>, the last message the
          assistant's.
        </li>
        <li>CSV with columns of the same names. Any of them gzipped.</li>
      </ul>
    </details>
  );
}

async function forget(): Promise<void> {
  try {
    const undo = await clear();
    toast("The file is no longer on this device. Its labels are kept.", () => void undo());
  } catch (error) {
    toast(error instanceof Error ? error.message : String(error));
  }
}
