import { useId } from "preact/hooks";
import type { TargetSamplerName } from "../../domain/targets";
import { AdapterField } from "../components/AdapterField";
import { BusyNote } from "../components/BusyNote";
import { ErrorNote } from "../components/ErrorNote";
import { NumberField } from "../components/NumberField";
import { SamplingFields } from "../components/SamplingFields";
import { SeedField } from "../components/SeedField";
import { SelectField } from "../components/SelectField";
import { SetbackNote } from "../endpoint/SetbackNote";
import { engine } from "../engine/engine";
import { RULES } from "../fields";
import { OwnTargetsField } from "../runs/OwnTargetsField";
import { ownTargets } from "../runs/ownTargets";
import { match as settings } from "../settings";
import { MatchEstimate } from "./MatchEstimate";
import { refused, start, state, stop } from "./matchRun";
import { PromptSourceField } from "./PromptSourceField";

const ABOUT: Readonly<Record<TargetSamplerName, string>> = {
  uniform: "Each reward anywhere in 0 to 1, on its own.",
  "in-range": "Pairs of rewards that a reference answer had, so each can be reached.",
  high: "Both rewards in 0.8 to 1.",
  "high-low": "One reward in 0.8 to 1, the other in 0 to 0.2.",
  "one-sd": "Each reward within one standard deviation of the reference mean.",
};

/** What a match takes: how many rows, which targets, which prompts. */
export function MatchForm() {
  const id = useId();
  return (
    <section class="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Do the rewards follow the dials?</h2>
      <p class="small soft">
        Each row draws a target, asks the policy for a completion at that target, and lets the judge score it.
      </p>
      <div class="fields fields-two">
        <NumberField label="Rows" setting={settings.n} rule={RULES.n} hint="10 to 500" />
        <SeedField setting={settings.seed} />
        <AdapterField />
        <SelectField
          label="Targets"
          setting={settings.targets}
          choices={ABOUT}
          disabled={ownTargets.value !== null}
        />
        <div class="wide">
          <OwnTargetsField>asked row by row in place of drawn ones</OwnTargetsField>
        </div>
        <div class="wide">
          <PromptSourceField />
        </div>
      </div>
      <SamplingFields settings={settings} />
      <MatchEstimate />
      {refused.value !== null && <ErrorNote error={refused.value} />}
      <StartButton />
    </section>
  );
}

function StartButton() {
  const busy = engine.busy.value;
  const { kind } = state.value;
  if (busy === "match" && (kind === "loading" || kind === "running")) {
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
      <button type="button" class="primary" disabled={busy !== null} onClick={() => void start()}>
        {engine.ready.value ? `Match ${settings.n.value} rows` : "Load models and match"}
      </button>
      <BusyNote to="start a match" />
    </>
  );
}
