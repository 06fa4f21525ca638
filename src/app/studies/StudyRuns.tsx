import type { Study } from "../../experiments/studies/study";
import { engine } from "../engine/engine";
import { moment, plural } from "../format";
import { CompareButton } from "../runs/CompareButton";
import { SavedRuns } from "../runs/SavedRuns";
import { studies as settings } from "../settings";
import { RecordedEntry } from "./RecordedEntry";
import { recordingOf } from "./recordings";
import { saved } from "./savedStudies";
import { allRows, closeStudy, open, openStudy } from "./studyRun";

/** The recorded run and those that this browser keeps; any can be shown, and any other drawn under it. */
export function StudyRuns({ study }: { readonly study: Study }) {
  const shown = open.value?.stored?.id;
  return (
    <SavedRuns
      title="Runs"
      saved={saved}
      running={engine.busy.value === "studies"}
      shown={shown}
      nameOf={({ n, seed }) => `${plural(n, "row")} a condition, seed ${seed}`}
      rowsOf={allRows}
      unit="row"
      open={openStudy}
      close={closeStudy}
      more={({ id, createdAt }) =>
        id !== shown && (
          <CompareButton over={settings.over} id={id} name={`the run of ${moment(createdAt)}`} />
        )
      }
    >
      {recordingOf(study.name).kind !== "none" && (
        <RecordedEntry shown={open.value?.request.study !== study.name} show={closeStudy} />
      )}
    </SavedRuns>
  );
}
