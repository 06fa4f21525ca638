import { useEffect } from "preact/hooks";
import { MATCHES } from "../../storage/runs";
import { Later } from "../components/Later";
import { LoadPanel } from "../components/LoadPanel";
import { SpendNote } from "../endpoint/SpendNote";
import { MatchForm } from "./MatchForm";
import { MatchResults } from "./MatchResults";
import { followRun } from "./matchRun";
import { RunList } from "./RunList";
import { saved } from "./savedRuns";

export function MatchView() {
  useEffect(() => {
    void saved.show(MATCHES);
    return followRun();
  }, []);
  return (
    <div class="columns">
      <div class="column">
        <MatchForm />
        <RunList />
      </div>
      <div class="column">
        <SpendNote />
        <LoadPanel runs={[]} />
        <Later>
          <MatchResults />
        </Later>
      </div>
    </div>
  );
}
