import { useEffect } from "preact/hooks";
import { restore } from "./datasetFile";
import { FileCard } from "./FileCard";
import { FinishedFiles } from "./FinishedFiles";
import { LabelCard } from "./LabelCard";
import { LabelledRows } from "./LabelledRows";
import { followLabels } from "./labelledRows";
import { WriteCard } from "./WriteCard";

/** From a file of completions to a file that a policy can be fine-tuned on, in three steps. */
export function DatasetView() {
  useEffect(() => {
    void restore();
    return followLabels();
  }, []);
  return (
    <div class="columns">
      <div class="column">
        <FileCard />
        <LabelCard />
        <WriteCard />
      </div>
      <div class="column">
        <LabelledRows />
        <FinishedFiles />
      </div>
    </div>
  );
}
