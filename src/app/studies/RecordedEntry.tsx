import { engine } from "../engine/engine";
import { CompareButton } from "../runs/CompareButton";
import { RunButton } from "../runs/SavedRuns";
import { studies as settings } from "../settings";
import { RECORDED } from "./shown";

/** The recorded run, among those of this browser. */
export function RecordedEntry({ shown, show }: { readonly shown: boolean; readonly show: () => void }) {
  return (
    <li class={shown ? "run active" : "run"}>
      <RunButton shown={shown} running={engine.busy.value === "studies"} name="recorded run" onClick={show} />
      {!shown && <CompareButton over={settings.over} id={RECORDED} name="the recorded run" />}
    </li>
  );
}
