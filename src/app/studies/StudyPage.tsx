import { useLayoutEffect } from "preact/hooks";
import type { Study } from "../../experiments/studies/study";
import { studyList } from "../../storage/studyRuns";
import { LoadPanel } from "../components/LoadPanel";
import { SpendNote } from "../endpoint/SpendNote";
import { ManifestNote } from "../models/ManifestNote";
import { readManifest } from "../models/manifest";
import { readReference } from "../models/reference";
import { ElsewhereNote } from "../runs/ElsewhereNote";
import { linkNeeds } from "../runs/linkedFiles";
import { studies as settings } from "../settings";
import { RecordingNote } from "./RecordingNote";
import { readRecording, recordingOf } from "./recordings";
import { StudyForm } from "./StudyForm";
import { StudyIntroCard } from "./StudyIntroCard";
import { StudyResults } from "./StudyResults";
import { StudyRuns } from "./StudyRuns";
import { saved } from "./savedStudies";
import { followOver, shown } from "./shown";
import { followStudyFiles, studyFiles } from "./studyFiles";
import { closeStudy, elsewhere, followStudy, start } from "./studyRun";

/** What ships, and what the judge's reference answers had. */
function readModels(): void {
  void readManifest();
  void readReference();
}

/** One study: what was asked, its recorded run, and the way to run it here. */
export function StudyPage({ study }: { readonly study: Study }) {
  const { name } = study;
  // Not after the first drawing, which would only put the reading off.
  useLayoutEffect(() => {
    readModels();
    void readRecording(name);
    void saved.show(studyList(name));
    if (settings.run.peek() === "") closeStudy(); // Another page may have left one.
    const leave = [followOver(), followStudy(), followStudyFiles(study)];
    return () => {
      for (const end of leave) end();
    };
  }, [study, name]);
  const recording = recordingOf(name);
  return (
    <div class="columns study-columns">
      <StudyIntroCard study={study} />
      <div class="column study-result">
        {elsewhere.value && <ElsewhereNote needs={linkNeeds(!study.onePrompt)} start={start} />}
        <ManifestNote read={readModels} />
        {(shown.value === null || recording.kind === "failed") && (
          <RecordingNote
            recording={recording}
            none="No run of this study was recorded for the policies that ship."
            read={() => readRecording(name)}
          />
        )}
        <StudyResults study={study} />
      </div>
      <div class="column study-run">
        <StudyForm study={study} />
        <StudyRuns study={study} />
        <SpendNote />
        <LoadPanel runs={studyFiles.value} />
      </div>
    </div>
  );
}
