import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import { TARGET_MODELS } from "../../domain/dataset/targetModels";
import { checkModelName } from "../../runtimes/openai/endpoint";
import { ErrorNote } from "../components/ErrorNote";
import { FileDrop } from "../components/FileDrop";
import { NumberField } from "../components/NumberField";
import { TextField } from "../components/TextField";
import { finishedFiles } from "../dataset/finishedDataset";
import { RULES } from "../fields";
import { bytes, count, dollars } from "../format";
import { linkTo } from "../settings";
import { settings } from "./endpointSettings";
import { SetbackNote } from "./SetbackNote";
import {
  type ChosenFile,
  cancel,
  checkSuffix,
  type Quote,
  quote,
  start,
  step,
  takeMade,
  training,
  trainingPrice,
  validation,
} from "./trainingRun";

const MODELS = TARGET_MODELS.filter(({ target }) => target !== "local").map(({ name }) => name);
const AUTOMATIC = "Empty: automatic";

/** A fine-tuning job: its files, its settings, and its cost before anything is sent. */
export function TrainForm() {
  return (
    <section class="card stack" aria-labelledby="train-title">
      <h2 id="train-title">Train a model there</h2>
      <p class="small soft">
        For providers that fine-tune: a file of rows with rewards in their prompts, as{" "}
        <a href={linkTo("dataset")}>Dataset</a> makes them, goes to the address above. The cost is said, and
        nothing is sent, before you confirm it.
      </p>
      <FileField label="Training file" chosen={training} split="train" />
      <FileField label="Validation file, if any" chosen={validation} split="validation" />
      <TextField
        label="Model to train"
        setting={settings.trainModel}
        check={checkModelName}
        choices={MODELS}
      />
      <div class="fields fields-two">
        <NumberField label="Epochs" setting={settings.epochs} rule={RULES.epochs} />
        <NumberField
          label="Price of training"
          setting={trainingPrice()}
          rule={RULES.price}
          hint="US $ a million tokens"
        />
        <NumberField
          label="Batch size"
          setting={settings.batchSize}
          rule={RULES.batchSize}
          hint={AUTOMATIC}
        />
        <NumberField
          label="Learning rate multiplier"
          setting={settings.learningRateMultiplier}
          rule={RULES.learningRateMultiplier}
          hint={AUTOMATIC}
        />
      </div>
      <TextField
        label="Suffix"
        setting={settings.suffix}
        check={checkSuffix}
        hint="In the name of the model that comes out"
      />
      <Progress />
    </section>
  );
}

interface FileFieldProps {
  readonly label: string;
  readonly chosen: Signal<ChosenFile | null>;
  readonly split: "train" | "validation";
}

function FileField({ label, chosen, split }: FileFieldProps) {
  const id = useId();
  const made = finishedFiles.value.find((file) => file.split === split && file.target !== "local");
  const file = chosen.value;
  const choose = (next: ChosenFile | null): void => {
    chosen.value = next;
    cancel();
  };
  return (
    <div class="field">
      <span class="label" id={id}>
        {label}
      </span>
      <FileDrop
        label={`${label} in JSON Lines`}
        action="Choose a file"
        accept=".jsonl,.ndjson"
        labelledBy={id}
        onFiles={([next]) => next && choose({ name: next.name, content: next })}
        buttons={
          <>
            {made && made.content !== file?.content && (
              <button type="button" onClick={() => takeMade(made)}>
                Use {made.name} of Dataset
              </button>
            )}
            {file && (
              <button type="button" onClick={() => choose(null)}>
                Take out<span class="visually-hidden"> {file.name}</span>
              </button>
            )}
          </>
        }
      >
        <p>
          {file ? (
            <>
              {file.name} <span class="soft">{bytes(file.content.size)}</span>
            </>
          ) : (
            <span class="soft">None</span>
          )}
        </p>
      </FileDrop>
    </div>
  );
}

/** How far it is, and the button for what comes next. */
export function Progress() {
  const current = step.value;
  switch (current.kind) {
    case "working":
      return (
        <>
          <div class="line">
            <p class="grow" role="status">
              {current.what}…
            </p>
            {current.stoppable && (
              <button type="button" onClick={cancel}>
                Cancel
              </button>
            )}
          </div>
          <SetbackNote />
        </>
      );
    case "quoted":
      return <Confirm quote={current.quote} />;
    default:
      return (
        <>
          {current.kind === "failed" && <ErrorNote error={current.error} />}
          <div class="line">
            <button type="button" class="primary" onClick={() => void quote()}>
              What would it cost?
            </button>
          </div>
        </>
      );
  }
}

function Confirm({ quote }: { readonly quote: Quote }) {
  const { training: file, validation: held, request, rows, tokens, price, cost, baseUrl } = quote;
  const { batchSize, learningRateMultiplier, suffix } = request;
  const chosen = [
    batchSize !== null && `batch size ${batchSize}`,
    learningRateMultiplier !== null && `learning rate multiplier ${learningRateMultiplier}`,
    suffix !== "" && `suffix ${suffix}`,
  ].filter((part) => part !== false);
  return (
    <div class="note" role="alert">
      <p>
        <strong>About {dollars(cost)}</strong> for {request.epochs} × {count(tokens)} tokens in {count(rows)}{" "}
        rows at ${price} a million, as you have set it; the bill is the provider's. {file.name}
        {held && ` and ${held.name}`} will be sent to {new URL(baseUrl).host} to train {request.model}
        {chosen.length > 0 && ` with ${chosen.join(", ")}`}.
      </p>
      <div class="line">
        <button type="button" class="primary" onClick={() => void start(quote)}>
          Send and train
        </button>
        <button type="button" onClick={cancel}>
          Not now
        </button>
      </div>
    </div>
  );
}
