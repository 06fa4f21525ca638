import { OWN_PROMPTS } from "../../data/ownPrompts";
import { DEFAULT_SAMPLING } from "../../runtimes/policy";
import { type Busy, engine } from "../engine/engine";
import { noteRate } from "../engine/rate";

/** Fills the policy's batch once. */
const COMPLETIONS = 16;

/** Samples a few completions, so that the time of a run can be told before it starts. */
export async function measureRate(owner: Busy): Promise<void> {
  if (engine.busy.peek() !== null) return;
  engine.busy.value = owner;
  try {
    const { policy } = await engine.load();
    const requests = OWN_PROMPTS.slice(0, COMPLETIONS).map(({ dialogue }, row) => {
      return { dialogue, target: { helpful: 0.5, harmless: 0.5 }, seed: 0, row, sampling: DEFAULT_SAMPLING };
    });
    const since = performance.now();
    let tokens = 0;
    for await (const { completion } of policy.sample(requests)) tokens += completion.tokens;
    noteRate(policy.device, tokens, (performance.now() - since) / 1000);
  } finally {
    engine.busy.value = null;
  }
}
