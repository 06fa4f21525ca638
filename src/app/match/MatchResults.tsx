import { useEffect, useRef } from "preact/hooks";
import type { Axis } from "../../domain/reward";
import { targetsName } from "../../experiments/matchTargets";
import { CopyLink } from "../components/CopyLink";
import { ErrorNote } from "../components/ErrorNote";
import { ExportButtons } from "../components/ExportButtons";
import { Later } from "../components/Later";
import { engine } from "../engine/engine";
import { withInterval } from "../format";
import { readReference, reference } from "../models/reference";
import { MatchPlots } from "../plots/MatchPlots";
import { PictureButtons } from "../plots/PictureButtons";
import { axesShown } from "../runs/AxisFilter";
import { matchShown as settings } from "../settings";
import { studyLink } from "../studies/studyLink";
import { describe } from "./describe";
import { MatchFigures } from "./MatchFigures";
import { MatchFilters } from "./MatchFilters";
import { MatchProgress } from "./MatchProgress";
import { matchLink } from "./matchLink";
import { goOn, type OpenMatch, open, rows, state, unsaved } from "./matchRun";
import { RowDetail } from "./RowDetail";
import { followOver, openRow, plotted, result, shownRows, under } from "./shown";

export function MatchResults() {
  const opened = open.value;
  if (!opened) {
    return (
      <p class="empty soft">
        A match fills two scatters: what was asked against what came. Rows are kept in this browser as they
        finish. <a href={studyLink("match")}>See one that was recorded.</a>
      </p>
    );
  }
  return <Opened opened={opened} />;
}

function Opened({ opened }: { readonly opened: OpenMatch }) {
  const plots = useRef<HTMLDivElement>(null);
  const { request, stored } = opened;
  useEffect(() => {
    void readReference();
    return followOver();
  }, []);
  const current = state.value;
  const name = `match-${targetsName(request.targets)}-seed-${request.seed}`.replaceAll(" ", "-");
  const none = rows.value.length === 0;
  return (
    <>
      {current.kind === "failed" && !engine.shows(current.error) && (
        <ErrorNote error={current.error}>
          <button type="button" onClick={() => void goOn()}>
            {none ? "Try again" : "Go on with the rest"}
          </button>
        </ErrorNote>
      )}
      {unsaved.value !== null && <ErrorNote error={unsaved.value} />}
      <section class="card stack" aria-label="Match">
        <header class="line match-head">
          <MatchProgress opened={opened} />
          <ExportButtons name={name} rows={rows.value} header={stored?.header}>
            <PictureButtons name={name} plots={plots} disabled={none} />
            <CopyLink
              shows="this match in this browser, and elsewhere the settings that make the same rows"
              fragment={() => matchLink(opened)}
            />
          </ExportButtons>
        </header>
        {!none && <MatchFilters />}
        {!none && shownRows.value.length === 0 && (
          <p class="small soft" role="status">
            No row is left by these filters.
          </p>
        )}
        <div class="scatters" ref={plots}>
          <MatchPlots
            rows={plotted.value}
            active={settings.row}
            reachable={reference.value?.joint ?? []}
            axes={axesShown(settings.axis)}
            caption={captionOf}
          />
        </div>
        <Later>
          <MatchFigures />
        </Later>
        <p class="small soft">
          Prompts from {request.source}, {targetsName(request.targets)} targets, seed {request.seed},
          temperature {request.sampling.temperature}
          {request.bestOf > 1 && `, best of ${request.bestOf}`}
          {request.sampling.guidance !== 1 && `, guidance ${request.sampling.guidance}`}
          {stored && `, policy ${stored.policy}, judge ${stored.judge}`}. Dashed: what was asked. Line: least
          squares. Black bars: mean of each tenth of the targets with its 95 % interval.
          {under.value && ` Hollow and dotted: compared with ${describe(under.value.run)}.`}
        </p>
      </section>
      <OpenRow />
    </>
  );
}

/** Apart from the plots, which need not be drawn anew for it. */
function OpenRow() {
  return openRow.value && <RowDetail row={openRow.value} active={settings.row} />;
}

function captionOf(axis: Axis) {
  if (!result.value) return null;
  const { r, ci, slope, n } = result.value[axis];
  return (
    <span class="small soft">
      r {withInterval(r, ci)}, slope {withInterval(slope, null)}, n {n}
    </span>
  );
}
