import { useId } from "preact/hooks";
import { ownPrompts } from "../../data/ownPrompts";
import { GRID, runnable } from "../../experiments/studies/definitions";
import type { Study } from "../../experiments/studies/study";
import { BusyNote } from "../components/BusyNote";
import { ErrorNote } from "../components/ErrorNote";
import { NumberField } from "../components/NumberField";
import { SamplingFields } from "../components/SamplingFields";
import { SeedField } from "../components/SeedField";
import { SetbackNote } from "../endpoint/SetbackNote";
import { engine } from "../engine/engine";
import { RULES } from "../fields";
import { PromptSourceField } from "../match/PromptSourceField";
import { OwnTargetsField } from "../runs/OwnTargetsField";
import { studies as settings } from "../settings";
import { StudyEstimate } from "./StudyEstimate";
import { answering, refused, start, state, stop } from "./studyRun";

/** What a run in this tab takes. */
export function StudyForm({ study }: { readonly study: Study }) {
  const id = useId();
  return (
    <section class="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Run it here</h2>
      <div class="fields fields-two">
        <NumberField
          label="Rows a condition"
          setting={settings.n}
          rule={RULES.studyRows}
          hint={study.onePrompt ? `${GRID * GRID} go once through the grid` : "2 to 500"}
        />
        <SeedField setting={settings.seed} />
        <div class="wide">{study.onePrompt ? <PromptField study={study} /> : <PromptSourceField />}</div>
        <div class="wide">
          <OwnTargetsField>{asConditions(study)}</OwnTargetsField>
        </div>
      </div>
      <SamplingFields settings={settings} />
      <StudyEstimate study={study} />
      {refused.value !== null && <ErrorNote error={refused.value} />}
      <RunButton study={study} />
    </section>
  );
}

function PromptField({ study }: { readonly study: Study }) {
  const id = useId();
  return (
    <div class="field">
      <label class="label" for={id}>
        Your prompt
      </label>
      <textarea
        id={id}
        rows={2}
        placeholder={ownPrompts(study)[0]?.[0]?.text}
        value={settings.prompt.value}
        onInput={(event) => {
          settings.prompt.value = event.currentTarget.value;
        }}
      />
      <span class="small soft">
        Left empty, the one that is shown is asked. One alone: a front of several prompts would show which of
        them are easy.
      </span>
    </div>
  );
}

/** A study that compares policies asks each of them for the user's own targets. */
function asConditions(study: Study): string {
  const own = [{ helpful: 1 }];
  const offered = answering.value;
  const more = offered && runnable(study, offered, own).length > runnable(study, offered).length;
  return more ? "asked in a condition of their own" : "asked in every condition";
}

function RunButton({ study }: { readonly study: Study }) {
  const busy = engine.busy.value;
  const offered = answering.value;
  const canRun = offered !== null && runnable(study, offered).length > 0;
  const { kind } = state.value;
  if (busy === "studies" && (kind === "loading" || kind === "running")) {
    return (
      <>
        <button type="button" class="primary" onClick={stop}>
          Stop
        </button>
        <SetbackNote />
      </>
    );
  }
  return (
    <>
      <button type="button" class="primary" disabled={busy !== null || !canRun} onClick={() => void start()}>
        {engine.ready.value ? "Run it here" : "Load models and run"}
      </button>
      <BusyNote to="start a study" />
    </>
  );
}
