import { effect } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { MATCHES } from "../../storage/runs";
import { Later } from "../components/Later";
import { LoadPanel } from "../components/LoadPanel";
import { SpendNote } from "../endpoint/SpendNote";
import { match as settings } from "../settings";
import { MatchForm } from "./MatchForm";
import { MatchResults } from "./MatchResults";
import { open, openRun } from "./matchRun";
import { RunList } from "./RunList";
import { saved } from "./savedRuns";

export function MatchView() {
  useEffect(() => {
    void saved.show(MATCHES);
    return effect(() => {
      const id = settings.run.value;
      // Where the browser keeps nothing, the list of runs says so.
      if (id !== "" && open.peek()?.stored?.id !== id) openRun(id).catch(() => {});
    });
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
