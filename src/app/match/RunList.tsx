import { MATCHES } from "../../storage/runs";
import { engine } from "../engine/engine";
import { SavedRuns } from "../runs/SavedRuns";
import { closeRun, open, openRun } from "./matchRun";
import { saved } from "./savedRuns";

/** Matches that this browser keeps. */
export function RunList() {
  return (
    <SavedRuns
      title="Saved runs"
      saved={saved}
      list={MATCHES}
      running={engine.busy.value === "match"}
      shown={open.value?.stored?.id}
      nameOf={({ targets, seed }) => `${targets}, seed ${seed}`}
      rowsOf={({ n }) => n}
      unit="row"
      open={openRun}
      close={closeRun}
    />
  );
}
