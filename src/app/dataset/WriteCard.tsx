import { useId } from "preact/hooks";
import type { NormaliserName } from "../../domain/dataset/rewardScale";
import { PRICES_AS_OF, PRICES_SOURCE, TARGET_MODELS } from "../../domain/dataset/targetModels";
import type { PromptFormat } from "../../domain/rewardPrompt";
import { ErrorNote } from "../components/ErrorNote";
import { NumberField } from "../components/NumberField";
import { SelectField } from "../components/SelectField";
import { RULES } from "../fields";
import { count } from "../format";
import { prices, dataset as settings } from "../settings";
import { malformed, overview, skipMalformed, style } from "./datasetFile";
import { makeFiles, stopWriting, writeState } from "./finishedDataset";
import { SHAPES } from "./shapes";

const MODELS = Object.fromEntries(
  TARGET_MODELS.map(({ name, target, context }) => [
    name,
    `${SHAPES[target]} ${count(context)} tokens a row at most.`,
  ]),
);

const FORMATS: Readonly<Record<PromptFormat, string>> = {
  bottom: "The rewards stand after the question.",
  top: "The rewards stand before the dialogue.",
  duplicate: "After the question, ten times over.",
  times100: "After the question, as whole numbers from 0 to 100.",
  joint: "After the question, one number: the mean of both.",
  none: "No rewards: plain cloning of the completions.",
};

const NORMALISERS: Readonly<Record<NormaliserName, string>> = {
  quantile: "0 to 1: the share of reference answers that score lower. What the dials of this page ask for.",
  "min-max": "0 to 1, from the lowest score among the training rows to the highest.",
  standard: "Standard deviations from the mean of the training rows.",
  none: "Raw scores, as the judge gives them.",
};

/** Step 3: how the rows are written, and for which model. */
export function WriteCard() {
  const id = useId();
  return (
    <section class="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>3. Write the rows</h2>
      <SelectField label="Model to train" setting={settings.model} choices={MODELS} />
      <SelectField label="Rewards in the prompt" setting={settings.format} choices={FORMATS} />
      <SelectField label="Normaliser" setting={settings.normaliser} choices={NORMALISERS} />
      <div class="fields fields-two">
        <NumberField
          label="Held for validation"
          setting={settings.validation}
          rule={RULES.validation}
          hint="Share of first questions, 0 to 0.5"
        />
        <NumberField label="Epochs" setting={settings.epochs} rule={RULES.epochs} hint="For the cost" />
      </div>
      <Prices />
      {writeState.value.kind === "failed" && <ErrorNote error={writeState.value.error} />}
      <WriteButton />
    </section>
  );
}

function Prices() {
  return (
    <details>
      <summary>
        Prices <span class="soft">US dollars for a million tokens trained on</span>
      </summary>
      <div class="stack">
        <p class="small soft">
          {PRICES_SOURCE}, noted in {PRICES_AS_OF}. Prices change and models go: check them with your provider
          and correct them here.
        </p>
        <div class="fields fields-wide">
          {TARGET_MODELS.filter(({ target }) => target !== "local").map(({ name }) => (
            <NumberField
              key={name}
              label={name}
              setting={prices[name] as (typeof settings)["epochs"]}
              rule={RULES.price}
            />
          ))}
        </div>
      </div>
    </details>
  );
}

function WriteButton() {
  const current = writeState.value;
  const writing = current.kind === "writing";
  const found = overview.value;
  const blocked = malformed.value > 0 && !skipMalformed.value;
  const ready = found !== null && found.labelled > 0 && style.value !== null && !blocked;
  return (
    <>
      {writing && <progress value={current.share} aria-label="Share of the file written" />}
      <button
        type="button"
        class="primary"
        disabled={!writing && !ready}
        onClick={() => (writing ? stopWriting() : void makeFiles())}
      >
        {writing ? "Stop" : "Make the files"}
      </button>
      {found !== null && found.labelled > 0 && found.labelled < found.selected && (
        <p class="small soft">Of the labelled completions; those without a label are left out.</p>
      )}
    </>
  );
}
