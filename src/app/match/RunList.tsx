import { engine } from "../engine/engine";
import { CompareButton } from "../runs/CompareButton";
import { SavedRuns } from "../runs/SavedRuns";
import { matchShown } from "../settings";
import { describe } from "./describe";
import { closeRun, open, openRun } from "./matchRun";
import { saved } from "./savedRuns";

/** Matches that this browser keeps. */
export function RunList() {
  const shown = open.value?.stored?.id;
  return (
    <SavedRuns
      title="Saved runs"
      saved={saved}
      running={engine.busy.value === "match"}
      shown={shown}
      nameOf={describe}
      rowsOf={({ n }) => n}
      unit="row"
      open={openRun}
      close={closeRun}
      more={(run) =>
        shown !== undefined &&
        run.id !== shown && <CompareButton over={matchShown.over} id={run.id} name={describe(run)} />
      }
    />
  );
}
