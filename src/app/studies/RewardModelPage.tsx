import { useEffect } from "preact/hooks";
import { placeOf } from "../../experiments/studies/judgePairs";
import { REWARD_MODEL } from "../../experiments/studies/judgeStudies";
import { JUDGE_RUNS } from "../../storage/judgeRuns";
import { judgeFiguresToCsv, pairsToCsv, pairsToJsonLines } from "../../storage/pairFiles";
import { ErrorNote } from "../components/ErrorNote";
import { download } from "../download";
import { engine } from "../engine/engine";
import { moment } from "../format";
import { readManifest } from "../models/manifest";
import { CompareButton } from "../runs/CompareButton";
import { ElsewhereNote } from "../runs/ElsewhereNote";
import { GoOnButton } from "../runs/GoOnButton";
import { SavedRuns } from "../runs/SavedRuns";
import { studies as settings } from "../settings";
import { JudgeFigures } from "./JudgeFigures";
import { JudgeProgress } from "./JudgeProgress";
import {
  closeJudgeRun,
  elsewhere,
  files,
  followJudgeRun,
  goOn,
  type OpenJudgeRun,
  open,
  openJudgeRun,
  pairs,
  saved,
  start,
  state,
  summary,
  unsaved,
} from "./judgeRun";
import { followJudgeOver, readRecorded, recorded, under } from "./judgeShown";
import { PairDetail } from "./PairDetail";
import { PairsForm } from "./PairsForm";
import { RecordedEntry } from "./RecordedEntry";
import { RecordingNote } from "./RecordingNote";
import { ScoreDialogue } from "./ScoreDialogue";
import { StaleNote } from "./StaleNote";
import { StudyIntroCard } from "./StudyIntroCard";

/** How far the judge can be trusted: recorded figures, and one's own pairs. */
export function RewardModelPage() {
  useEffect(() => {
    void readManifest();
    void engine.refreshPlan();
    void readRecorded();
    void saved.show(JUDGE_RUNS);
    if (settings.run.peek() === "") closeJudgeRun(); // Another page may have left one.
    const leave = [followJudgeOver(), followJudgeRun()];
    return () => {
      for (const end of leave) end();
    };
  }, []);
  const opened = open.value;
  const shown = opened?.stored?.id;
  return (
    <div class="columns study-columns">
      <StudyIntroCard study={REWARD_MODEL} />
      <div class="column study-result">
        {elsewhere.value && (
          <ElsewhereNote
            needs={{ missing: Object.keys(files.value).length > 0 ? [] : ["its pairs"], foreign: [] }}
            start={start}
          />
        )}
        {opened ? <Own opened={opened} /> : <Recorded />}
      </div>
      <div class="column study-run">
        <PairsForm />
        <SavedRuns
          title="Runs"
          saved={saved}
          running={engine.busy.value === "studies"}
          shown={shown}
          nameOf={({ source }) => source}
          rowsOf={({ n }) => n}
          unit="pair"
          open={openJudgeRun}
          close={closeJudgeRun}
          more={({ id, createdAt }) =>
            id !== shown && (
              <CompareButton over={settings.over} id={id} name={`the run of ${moment(createdAt)}`} />
            )
          }
        >
          {recorded.value.kind !== "none" && <RecordedEntry shown={opened === null} show={closeJudgeRun} />}
        </SavedRuns>
        <ScoreDialogue />
      </div>
    </div>
  );
}

/** The run of this browser. */
function Own({ opened }: { readonly opened: OpenJudgeRun }) {
  const current = state.value;
  const found = summary.value;
  const pair = pairs.value.find((one) => placeOf(one) === settings.row.value);
  const header = opened.stored?.header;
  return (
    <>
      {current.kind === "failed" && (
        <ErrorNote error={current.error}>
          <GoOnButton goOn={goOn} />
        </ErrorNote>
      )}
      {unsaved.value !== null && <ErrorNote error={unsaved.value} />}
      <JudgeFigures
        summary={found}
        pairs={pairs.value}
        other={under.value}
        header={header}
        head={<JudgeProgress />}
      >
        <button
          type="button"
          disabled={found === null}
          onClick={() => download("judged-pairs.csv", "text/csv", pairsToCsv(pairs.value))}
        >
          CSV
        </button>
        <button
          type="button"
          disabled={found === null}
          onClick={() =>
            download("judged-pairs.jsonl", "application/jsonl", pairsToJsonLines(pairs.value, header))
          }
        >
          JSON Lines
        </button>
      </JudgeFigures>
      {pair && <PairDetail pair={pair} active={settings.row} />}
    </>
  );
}

/** The figures that ship: of pairs that may not. */
function Recorded() {
  const recording = recorded.value;
  if (recording.kind !== "there") {
    return (
      <RecordingNote
        recording={recording}
        none="No run was recorded for the judge that ships. Score pairs of your own."
        read={readRecorded}
      />
    );
  }
  const { run } = recording;
  return (
    <>
      <JudgeFigures
        summary={run.summary}
        pairs={[]}
        other={under.value}
        header={run.header}
        head={
          <p class="grow">
            <strong>Recorded run</strong>{" "}
            <span class="small soft">
              made by <code>npm run record</code>; its pairs do not ship, so no point opens one
            </span>
          </p>
        }
      >
        <button
          type="button"
          onClick={() => download("reward-model.csv", "text/csv", judgeFiguresToCsv(run.summary))}
        >
          CSV
        </button>
        <button
          type="button"
          onClick={() => download("reward-model.json", "application/json", `${JSON.stringify(run)}\n`)}
        >
          JSON
        </button>
      </JudgeFigures>
      <StaleNote header={run.header} />
    </>
  );
}
