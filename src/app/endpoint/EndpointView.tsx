import { EndpointForm } from "./EndpointForm";
import { OwnServers } from "./OwnServers";
import { SpendNote } from "./SpendNote";

/** A model elsewhere: letting it answer. */
export function EndpointView() {
  return (
    <div class="columns">
      <div class="column">
        <EndpointForm />
      </div>
      <div class="column">
        <SpendNote />
        <OwnServers />
      </div>
    </div>
  );
}
