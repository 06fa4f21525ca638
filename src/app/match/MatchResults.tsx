import { useEffect, useRef } from "preact/hooks";
import type { Axis } from "../../domain/reward";
import { targetsName } from "../../experiments/matchTargets";
import { CopyLink } from "../components/CopyLink";
import { ErrorNote } from "../components/ErrorNote";
import { ExportButtons } from "../components/ExportButtons";
import { Later } from "../components/Later";
import { engine } from "../engine/engine";
import { plural, withInterval } from "../format";
import { readReference, reference } from "../models/reference";
import { PictureButtons } from "../picture/PictureButtons";
import type { PictureAbout } from "../picture/svgPicture";
import { MatchPlots } from "../plots/MatchPlots";
import { axesShown } from "../runs/AxisFilter";
import { aboutRun } from "../runs/aboutRun";
import { SECOND } from "../runs/byJudge";
import { ElsewhereNote } from "../runs/ElsewhereNote";
import { GoOnButton } from "../runs/GoOnButton";
import { linkNeeds } from "../runs/linkedFiles";
import { filterText } from "../runs/rowFilter";
import { matchShown as settings } from "../settings";
import { studyLink } from "../studies/studyLink";
import { describe } from "./describe";
import { MatchFigures } from "./MatchFigures";
import { MatchFilters } from "./MatchFilters";
import { MatchProgress } from "./MatchProgress";
import { matchLink } from "./matchLink";
import { elsewhere, goOn, type OpenMatch, open, rows, start, state, unsaved } from "./matchRun";
import { RowDetail } from "./RowDetail";
import { followOver, openRow, plotted, promptSets, result, secondJudge, shownRows, under } from "./shown";

export function MatchResults() {
  const opened = open.value;
  if (!opened && elsewhere.value) return <ElsewhereNote needs={linkNeeds(true)} start={start} />;
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
          <GoOnButton goOn={goOn} label={none ? "Try again" : "Go on with the rest"} />
        </ErrorNote>
      )}
      {unsaved.value !== null && <ErrorNote error={unsaved.value} />}
      <section class="card stack" aria-label="Match">
        <header class="line match-head">
          <MatchProgress opened={opened} />
          <ExportButtons name={name} rows={rows.value} header={stored?.header}>
            <PictureButtons name={name} plots={plots} about={aboutMatch(opened)} disabled={none} />
            <CopyLink
              shows="this match in this browser, and elsewhere the settings that make the same rows on the same kind of device"
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
        <div class="stack" ref={plots}>
          <div class="scatters">
            <MatchPlots
              rows={plotted.value}
              active={settings.row}
              reachable={reference.value?.joint ?? []}
              axes={axesShown(settings.axis)}
              caption={captionOf}
            />
          </div>
          <p class="small soft">
            Prompts from {request.source}, {targetsName(request.targets)} targets, seed {request.seed},
            temperature {request.sampling.temperature}
            {request.bestOf > 1 && `, best of ${request.bestOf}`}
            {request.sampling.guidance !== 1 && `, guidance ${request.sampling.guidance}`}
            {stored && `, policy ${stored.policy}, judge ${stored.judge}`}.
            {under.value && ` Compared with ${describe(under.value.run)}.`}
          </p>
        </div>
        <Later>
          <MatchFigures axes={axesShown(settings.axis)} />
        </Later>
      </section>
      <OpenRow />
    </>
  );
}

function aboutMatch({ request, stored }: OpenMatch): PictureAbout {
  return {
    title: `Match: ${plural(shownRows.value.length, "row")}, ${targetsName(request.targets)} targets`,
    notes: [
      ...(stored ? aboutRun(stored.header) : []),
      filterText(settings, promptSets.value),
      byWhom(),
    ].filter((note) => note !== ""),
  };
}

const byWhom = (): string =>
  secondJudge.value && settings.judge.value === SECOND ? "Rewards by the second judge." : "";

/** Apart from the plots, which need not be drawn anew for it. */
function OpenRow() {
  return openRow.value && <RowDetail {...openRow.value} active={settings.row} />;
}

function captionOf(axis: Axis) {
  const found = result.peek();
  if (!found) return null;
  const { r, ci, slope, n } = found[axis];
  return (
    <span class="small soft">
      r {withInterval(r, ci)}, slope {withInterval(slope, null)}, n {n}
    </span>
  );
}
