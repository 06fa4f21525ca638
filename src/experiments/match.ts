/** The match experiment: do the rewards of completions follow the rewards asked for? */

import type { Row } from "../domain/row";
import type { Policy } from "../runtimes/policy";
import type { RewardModel } from "../runtimes/rewardModel";
import { checkMatchOptions } from "./checkMatchOptions";
import type { MatchOptions } from "./matchOptions";
import { rowPlanner } from "./planRow";
import { type SampleStep, sampleRows } from "./sampleRows";
import { scoreRow } from "./scoreRow";
import { type MatchResult, summariseMatch } from "./summariseMatch";
import { type TextFigures, textFigures } from "./textFigures";

export interface MatchProgress {
  readonly kind: "progress";
  /** Rows finished, those done before included. */
  readonly rows: number;
  readonly of: number;
  /** Completions and tokens sampled since this call began. */
  readonly completions: number;
  readonly tokens: number;
}

export interface MatchReport extends MatchResult, TextFigures {}

export type MatchEvent = { readonly kind: "row"; readonly row: Row } | MatchProgress;

/**
 * Samples, scores and yields each row as soon as it is finished; returns the summary of all rows.
 *
 * Target, prompt and seeds of a row depend on (seed, row) alone, so a run that was stopped anywhere
 * and is taken up with `done` ends with the rows that it would have had at once. Rows come in the
 * order in which they finish. The judge scores while the policy goes on.
 * @throws DialError "invalid-option" or "empty-prompt" on bad options, "prompt-too-long" before the first
 *   row, "aborted" on stop, and what policy and judge throw; rows sampled before a policy failed are
 *   scored and yielded first.
 */
export async function* match(
  options: MatchOptions,
  policy: Policy,
  judge: RewardModel,
  heldoutJudge?: RewardModel,
): AsyncGenerator<MatchEvent, MatchReport> {
  checkMatchOptions(options);
  const { n, seed, done = [] } = options;
  const rows = done.filter(({ row }) => row < n);
  const finished = new Set(rows.map(({ row }) => row));
  const missing = Array.from({ length: n }, (_, row) => row).filter((row) => !finished.has(row));

  const plans = missing.map(rowPlanner(options));
  // The candidates of a row have one prompt.
  await policy.check?.(plans.flatMap(({ requests }) => requests.slice(0, 1)));

  const stop = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, stop.signal]) : stop.signal;
  const samples = sampleRows(plans, policy, signal);
  const scoring: Promise<RowScored>[] = [];
  let sampling: Promise<Sampled | SamplingEnded> | null = nextSample(samples);
  let failure: unknown = null;
  let completions = 0;
  let tokens = 0;
  try {
    while (true) {
      yield { kind: "progress", rows: rows.length, of: n, completions, tokens };
      const waiting = [sampling, scoring[0]].filter((promise) => promise != null);
      if (waiting.length === 0) break;
      const event = await Promise.race<Sampled | SamplingEnded | RowScored>(waiting);
      switch (event.kind) {
        case "sampled": {
          sampling = nextSample(samples);
          completions++;
          tokens += event.step.completion.tokens;
          if (event.step.finished === null) break;
          const scored = scoreLater(event.step.finished, judge, heldoutJudge, signal);
          scored.catch(() => {}); // Thrown when its turn comes; until then it is not unhandled.
          scoring.push(scored);
          break;
        }
        case "ended":
          sampling = null;
          failure = event.failure;
          break;
        case "scored":
          scoring.shift();
          rows.push(event.row);
          yield { kind: "row", row: event.row };
      }
    }
    if (failure !== null) throw failure;
    return matchReport(rows, seed);
  } finally {
    stop.abort();
    await sampling;
    await samples.return();
    // Whoever closes the models next must not meet a score on its way.
    await Promise.allSettled(scoring);
  }
}

/** What a run's rows say. @param seed of the run, which shuffles the control. */
export function matchReport(rows: readonly Row[], seed: number): MatchReport {
  return { ...summariseMatch(rows, seed), ...textFigures(rows) };
}

interface Sampled {
  readonly kind: "sampled";
  readonly step: SampleStep;
}

/** Sampling is over: all done (`failure` null), stopped or failed. */
interface SamplingEnded {
  readonly kind: "ended";
  readonly failure: unknown;
}

interface RowScored {
  readonly kind: "scored";
  readonly row: Row;
}

/** The next sample or the end; never rejects, so that it may wait beside the judge. */
async function nextSample(samples: AsyncGenerator<SampleStep, void>): Promise<Sampled | SamplingEnded> {
  try {
    const next = await samples.next();
    return next.done ? { kind: "ended", failure: null } : { kind: "sampled", step: next.value };
  } catch (failure) {
    return { kind: "ended", failure };
  }
}

async function scoreLater(...row: Parameters<typeof scoreRow>): Promise<RowScored> {
  return { kind: "scored", row: (await scoreRow(...row)).row };
}
