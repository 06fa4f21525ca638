import { signal } from "@preact/signals";
import { useEffect } from "preact/hooks";
import { countAnswers, removeAnswers, restoreAnswers } from "../../storage/answers";
import { toast } from "../components/Toast";
import { plural } from "../format";
import { unkept, usage } from "./connection";

/** Answers kept in this browser. */
const kept = signal(0);

async function refresh(work: Promise<void> = Promise.resolve()): Promise<void> {
  try {
    await work;
    kept.value = await countAnswers();
  } catch (error) {
    unkept.value = error;
  }
}

async function forget(): Promise<void> {
  const answers = await removeAnswers();
  toast("Forgotten. The same questions are paid for again.", () => void refresh(restoreAnswers(answers)));
}

/** How many answers need not be paid for again, and the way to be rid of them. Nothing while there are none. */
export function KeptAnswers() {
  const { answers } = usage.value;
  useEffect(() => {
    void refresh();
  }, [answers]);
  if (kept.value === 0) return null;
  return (
    <section class="note" aria-label="Kept answers">
      <p>
        {plural(kept.value, "answer")} kept in this browser:{" "}
        <span class="soft">asked again, they cost nothing.</span>
      </p>
      <button type="button" onClick={() => void refresh(forget())}>
        Forget them
      </button>
    </section>
  );
}
