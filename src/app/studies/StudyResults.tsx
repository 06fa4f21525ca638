import { useMemo, useRef } from "preact/hooks";
import type { Row } from "../../domain/row";
import type { RunHeader } from "../../domain/run";
import { PUBLISHED } from "../../experiments/studies/published";
import type { Study } from "../../experiments/studies/study";
import type { ConditionSummary, StudySummary } from "../../experiments/studies/summariseStudy";
import { studySummariser } from "../../experiments/studies/summariseStudy";
import type { SamplingParameters } from "../../runtimes/policy";
import { CopyLink } from "../components/CopyLink";
import { ErrorNote } from "../components/ErrorNote";
import { ExportButtons } from "../components/ExportButtons";
import { engine } from "../engine/engine";
import { plural } from "../format";
import { RowDetail } from "../match/RowDetail";
import { PictureButtons } from "../picture/PictureButtons";
import type { PictureAbout } from "../picture/svgPicture";
import { plottedRows } from "../plots/plottedRow";
import { aboutRun, comparedWith } from "../runs/aboutRun";
import { GoOnButton } from "../runs/GoOnButton";
import { filtered, filterText, hasPromptSets } from "../runs/rowFilter";
import { studies as settings } from "../settings";
import { ConditionTable } from "./ConditionTable";
import { DipNote } from "./DipNote";
import { MissingConditions } from "./MissingConditions";
import { PublishedTable } from "./PublishedTable";
import { StaleNote } from "./StaleNote";
import { StudyDifferences } from "./StudyDifferences";
import { StudyFigures } from "./StudyFigures";
import { StudyFilters } from "./StudyFilters";
import { StudyPlots } from "./StudyPlots";
import { StudyProgress } from "./StudyProgress";
import { shown, under } from "./shown";
import { goOn, open, policies, state, unsaved } from "./studyRun";
import { studyRunLink } from "./studyRunLink";
import { TrainingCard } from "./TrainingCard";

/** The run that is shown: its figures, plots, tables and rows. */
export function StudyResults({ study }: { readonly study: Study }) {
  const active = settings.row;
  const plots = useRef<HTMLDivElement>(null);
  const run = shown.value;
  const other = under.value;
  const opened = open.value?.request.study === study.name ? open.value : null;
  const offered = opened?.request.policies ?? policies.value;
  const [set, targets] = [settings.prompts.value, settings.targets.value];
  const promptSets = useMemo(
    () => !study.onePrompt && hasPromptSets(run?.rows ?? []),
    [study.onePrompt, run],
  );
  const rows = useMemo(
    () => filtered(run?.rows ?? [], settings, promptSets),
    [run, set, targets, promptSets],
  );
  const otherRows = useMemo(
    () => filtered(other?.rows ?? [], settings, promptSets),
    [other, set, targets, promptSets],
  );
  const ownTargets = opened?.request.ownTargets;
  const [summarise, summariseOther] = useMemo(() => [studySummariser(), studySummariser()] as const, []);
  const summary = useMemo<StudySummary | null>(
    () => offered && summarise(study, offered, rows, run?.seed ?? 0, ownTargets),
    [study, offered, rows, run?.seed, ownTargets],
  );
  const otherSummary = useMemo<StudySummary | null>(
    () => (offered && other ? summariseOther(study, offered, otherRows, other.seed, ownTargets) : null),
    [study, offered, otherRows, other, ownTargets],
  );
  const chosen = summary ? chosenCondition(study, summary) : undefined;
  const name = chosen?.name;
  const plotted = useMemo(() => {
    const drawn = ({ condition }: Row): boolean => study.onePrompt || condition === name;
    return plottedRows(rows.filter(drawn), otherRows.filter(drawn));
  }, [study, rows, otherRows, name]);
  if (!summary) return null;
  const chosenRow = plotted.find(({ id }) => id === active.value);
  const current = state.value;
  const fileName = `study-${study.name}`;
  const about: PictureAbout = {
    title: `${study.title}: ${run?.label}, ${plural(rows.length, "row")}`,
    notes: [
      ...(run?.header ? aboutRun(run.header) : []),
      filterText(settings, promptSets),
      study.onePrompt || name === undefined ? "" : `Points: the rows of ${name}.`,
      other?.header
        ? comparedWith(`the ${other.label}, ${plural(otherRows.length, "row")}`, other.header)
        : "",
    ].filter((note) => note !== ""),
  };
  return (
    <>
      {opened && current.kind === "failed" && !engine.shows(current.error) && (
        <ErrorNote error={current.error}>
          <GoOnButton goOn={goOn} />
        </ErrorNote>
      )}
      {unsaved.value !== null && <ErrorNote error={unsaved.value} />}
      {run && (
        <section class="card stack" aria-label="Result">
          <header class="line match-head">
            {opened ? (
              <StudyProgress study={study} opened={opened} />
            ) : (
              <p class="grow">
                <strong>Recorded run</strong>{" "}
                <span class="small soft">
                  {plural(run.rows.length, "row")}, {settingsOf(run.header)}made by{" "}
                  <code>npm run record</code>
                </span>
              </p>
            )}
            <ExportButtons name={fileName} rows={run.rows} header={run.header}>
              <PictureButtons name={fileName} plots={plots} about={about} disabled={rows.length === 0} />
              <CopyLink
                shows={
                  opened
                    ? "this run in this browser, and elsewhere the settings that make the same rows on the same kind of device"
                    : "this study with these settings and filters"
                }
                {...(opened && { fragment: () => studyRunLink(opened) })}
              />
            </ExportButtons>
          </header>
          {!opened && run.header && <StaleNote header={run.header} />}
          <div class="stack" ref={plots}>
            <StudyFigures study={study} summary={summary} other={otherSummary} />
            <DipNote summary={summary} />
            {!study.onePrompt && <StudyDifferences study={study} summary={summary} other={otherSummary} />}
            <StudyFilters
              study={study}
              conditions={summary.conditions}
              chosen={name ?? ""}
              promptSets={promptSets}
            />
            {run.rows.length > 0 && rows.length === 0 && (
              <p class="small soft" role="status">
                No row is left by these filters.
              </p>
            )}
            <StudyPlots study={study} summary={summary} rows={plotted} active={active} chosen={chosen} />
          </div>
        </section>
      )}
      {!run && study.at !== undefined && PUBLISHED[study.name] && (
        <section class="card" aria-label="Published result">
          <StudyFigures study={study} summary={summary} other={null} />
        </section>
      )}
      {chosenRow && <RowDetail row={chosenRow.row} other={chosenRow.other} active={active} />}
      {run && study.at === "round" && name !== undefined && (
        <TrainingCard name={name} rows={run.rows.filter(({ condition }) => condition === name)} />
      )}
      {run && <ConditionTable study={study} summary={summary} />}
      <PublishedTable study={study} summary={summary} hasRun={run !== null} other={otherSummary} />
      <MissingConditions conditions={summary.conditions} />
    </>
  );
}

/** How a recorded run was sampled, as its header says. */
function settingsOf(header: RunHeader | undefined): string {
  const { seed, sampling } = header?.options ?? {};
  const tokens = (sampling as Partial<SamplingParameters> | undefined)?.maxTokens;
  return tokens === undefined ? "" : `seed ${seed}, ${tokens} tokens at most, `;
}

/** The condition whose rows are drawn: the one picked, or the first with rows. */
function chosenCondition(study: Study, { conditions }: StudySummary): ConditionSummary | undefined {
  const filled = conditions.filter(({ n }) => n > 0);
  const usual = study.compares === "mean" ? filled.at(-1) : filled[0];
  return filled.find(({ name }) => name === settings.condition.value) ?? usual;
}
