import { EndpointForm } from "./EndpointForm";
import { JobDetail } from "./JobDetail";
import { JobList } from "./JobList";
import { KeptAnswers } from "./KeptAnswers";
import { OwnServers } from "./OwnServers";
import { SpendNote } from "./SpendNote";
import { TrainForm } from "./TrainForm";

/** A model elsewhere: letting it answer, and training one. */
export function EndpointView() {
  return (
    <div class="columns">
      <div class="column">
        <EndpointForm />
        <TrainForm />
      </div>
      <div class="column">
        <SpendNote />
        <KeptAnswers />
        <OwnServers />
        <JobList />
        <JobDetail />
      </div>
    </div>
  );
}
