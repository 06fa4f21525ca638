import { OWN_PROMPTS } from "../../data/ownPrompts";
import { DEFAULT_SAMPLING } from "../../runtimes/policy";
import { unlessAborted } from "../../runtimes/unlessAborted";
import { engine } from "../engine/engine";
import { noteRate } from "../engine/rate";
import { exclusiveRun, type RunEnd } from "./exclusiveRun";

/** Fills the policy's batch once. */
const COMPLETIONS = 16;

const measuring = exclusiveRun("measure");

export const stopMeasuring = measuring.stop;

/** Samples a few completions, so that the time of a run can be told before it starts. @param told as of exclusiveRun. */
export function measureRate(told: (end: RunEnd) => void): Promise<void> {
  return measuring.run(async (signal) => {
    const { policy } = await unlessAborted(engine.load(), signal);
    const requests = OWN_PROMPTS.slice(0, COMPLETIONS).map(({ dialogue }, row) => {
      return { dialogue, target: { helpful: 0.5, harmless: 0.5 }, seed: 0, row, sampling: DEFAULT_SAMPLING };
    });
    const since = performance.now();
    let tokens = 0;
    for await (const { completion } of policy.sample(requests, { signal })) tokens += completion.tokens;
    noteRate(policy.device, tokens, (performance.now() - since) / 1000);
  }, told);
}
