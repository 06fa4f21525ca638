import { useEffect } from "preact/hooks";
import { AXES } from "../../domain/reward";
import { AdapterField } from "../components/AdapterField";
import { BusyNote } from "../components/BusyNote";
import { Dial } from "../components/Dial";
import { LoadPanel } from "../components/LoadPanel";
import { NumberField } from "../components/NumberField";
import { SamplingFields } from "../components/SamplingFields";
import { SeedField } from "../components/SeedField";
import { TargetPad } from "../components/TargetPad";
import { CostNote } from "../endpoint/CostNote";
import { SetbackNote } from "../endpoint/SetbackNote";
import { SpendNote } from "../endpoint/SpendNote";
import { engine } from "../engine/engine";
import { attempt, RULES } from "../fields";
import { policyAxes } from "../models/manifest";
import { play } from "../settings";
import { DialogueEditor } from "./DialogueEditor";
import { PromptText } from "./PromptText";
import { readRequest, refused, start, stop } from "./playRun";
import { preloadPolicy } from "./preload";
import { Results } from "./Results";

export function PlayView() {
  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      run();
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, []);
  // An effect, so after the first drawing; LoadPanel finds out what is on this device.
  useEffect(preloadPolicy, []);
  return (
    <div class="columns">
      <div class="column">
        <DialogueEditor />
        <section class="card stack" aria-label="Target">
          <h2>Ask for rewards</h2>
          <div class="target">
            <TargetPad helpful={play.helpful} harmless={play.harmless} />
            <div class="stack">
              <Dial axis="helpful" setting={play.helpful} />
              <Dial axis="harmless" setting={play.harmless} />
            </div>
          </div>
          <p class="small soft">
            A reward of 0.80 asks for an answer that beats 80 of 100 reference answers on that axis.
          </p>
          <AxesNote />
        </section>
        <section class="card stack" aria-label="Run">
          <div class="fields fields-two">
            <NumberField label="Completions" setting={play.count} rule={RULES.count} />
            <SeedField setting={play.seed} />
            <AdapterField />
          </div>
          <SamplingFields settings={play} />
          <RunButton />
        </section>
      </div>
      <div class="column">
        <SpendNote />
        <LoadPanel />
        <PromptText />
        <Results />
      </div>
    </div>
  );
}

/** Says so where a dial does nothing. */
function AxesNote() {
  const axes = policyAxes.value;
  if (engine.remote.value !== null || axes.length === AXES.length) return null;
  return (
    <p class="note small">
      {axes.length === 0
        ? "The policy that is chosen below knows no rewards: the dials do nothing."
        : `The policy that is chosen below knows the ${axes.join()} reward alone: the other dial does nothing.`}
    </p>
  );
}

function PlayCost() {
  const request = attempt(readRequest);
  if (request === null) return null;
  const { dialogue, count, bestOf, sampling } = request;
  return <CostNote answers={count * bestOf} maxTokens={sampling.maxTokens} dialogue={dialogue} />;
}

function run(): void {
  void start();
  // On the next frame the view shows what is wrong or what goes on; on a narrow screen that is further down.
  requestAnimationFrame(() => {
    if (refused.peek() !== null) {
      document.querySelector<HTMLElement>("main [aria-invalid=true]")?.focus();
      return;
    }
    const shown = document.getElementById(engine.ready.peek() ? "results" : "load-panel");
    if (shown && shown.getBoundingClientRect().top > innerHeight) shown.scrollIntoView();
  });
}

/** One button in one place, so that it keeps the focus when it is pressed. */
function RunButton() {
  const busy = engine.busy.value;
  const playing = busy === "play";
  return (
    <div class="stack">
      {!playing && <PlayCost />}
      <button
        type="button"
        class="primary"
        disabled={busy !== null && !playing}
        onClick={playing ? stop : run}
      >
        {playing ? (
          "Stop"
        ) : (
          <>
            {engine.ready.value ? "Run" : "Load models and run"} <kbd>Ctrl ↵</kbd>
          </>
        )}
      </button>
      {playing ? <SetbackNote /> : <BusyNote to="play" />}
    </div>
  );
}
