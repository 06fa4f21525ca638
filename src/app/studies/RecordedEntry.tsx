import { engine } from "../engine/engine";
import { RunButton } from "../runs/SavedRuns";
import { CompareButton } from "./CompareButton";
import { RECORDED } from "./shown";

/** The recorded run, among those of this browser. */
export function RecordedEntry({ shown, show }: { readonly shown: boolean; readonly show: () => void }) {
  return (
    <li class={shown ? "run active" : "run"}>
      <RunButton shown={shown} running={engine.busy.value === "studies"} name="recorded run" onClick={show} />
      {!shown && <CompareButton id={RECORDED} name="the recorded run" />}
    </li>
  );
}
