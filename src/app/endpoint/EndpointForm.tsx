import type { PromptFormat } from "../../domain/rewardPrompt";
import { checkBaseUrl, checkKey, checkModelName, type EndpointKind } from "../../runtimes/openai/endpoint";
import { ErrorNote } from "../components/ErrorNote";
import { NumberField } from "../components/NumberField";
import { SelectField } from "../components/SelectField";
import { TextField } from "../components/TextField";
import { engine } from "../engine/engine";
import { RULES } from "../fields";
import { plural } from "../format";
import { activate, deactivate, inUse, refused, trial, tryConnection } from "./connection";
import { here, keepKey, key, otherKeys, settings } from "./endpointSettings";

const KINDS: Readonly<Record<EndpointKind, string>> = {
  chat: "A message a turn.",
  completions: "One transcript to go on with, as in the study.",
};

/** Where its prompts have the rewards: as in the examples that it was trained on. */
const FORMATS: Readonly<Record<PromptFormat, string>> = {
  bottom: "The rewards after the last question.",
  top: "The rewards before everything else.",
  duplicate: "The rewards after the last question, ten times.",
  times100: "The rewards after the last question, from 0 to 100.",
  joint: "The mean of the rewards after the last question.",
  none: "No rewards: a model that was never trained on them.",
};

/** Where the endpoint is, what it is asked for, and what it costs. */
export function EndpointForm() {
  return (
    <section class="card stack" aria-labelledby="endpoint-title">
      <h2 id="endpoint-title">Let another model answer</h2>
      <p class="small soft">
        Any server that speaks OpenAI's API can take the place of the policy in this tab: a provider's, or
        llama.cpp, vLLM, Ollama or LM Studio on a machine of yours. Prompts and key go to this address and
        nowhere else. The judge stays in this tab.
      </p>
      <TextField
        label="Base URL"
        setting={settings.baseUrl}
        check={checkBaseUrl}
        placeholder="http://127.0.0.1:8080/v1"
      />
      <KeyField />
      <TryButton />
      <TextField
        label="Model"
        setting={settings.model}
        check={checkModelName}
        choices={trial.value.kind === "answered" ? trial.value.models : []}
        hint="As the endpoint calls it"
      />
      <div class="fields fields-two">
        <SelectField label="Kind of endpoint" setting={settings.kind} choices={KINDS} />
        <SelectField label="Reward format" setting={settings.format} choices={FORMATS} />
        <NumberField
          label="Price of prompts"
          setting={settings.promptPrice}
          rule={RULES.price}
          hint={PRICE}
        />
        <NumberField
          label="Price of answers"
          setting={settings.completionPrice}
          rule={RULES.price}
          hint={PRICE}
        />
        <NumberField label="Requests at once" setting={settings.parallel} rule={RULES.parallel} />
      </div>
      {refused.value !== null && <ErrorNote error={refused.value} />}
      <UseButtons />
    </section>
  );
}

const PRICE = "US $ a million tokens";

function KeyField() {
  return (
    <div class="stack key">
      <TextField
        label="Key"
        secret
        setting={key}
        check={checkKey}
        disabled={here.value === null}
        hint={keyHint()}
      />
      <label class="check small">
        <input
          type="checkbox"
          checked={keepKey.value}
          onChange={(event) => {
            keepKey.value = event.currentTarget.checked;
          }}
        />
        Keep it in this tab over a reload. Otherwise it is forgotten with the page.
      </label>
    </div>
  );
}

function keyHint(): string {
  if (here.value === null) return "First the base URL: a key goes to the address that it was typed for";
  const { host } = new URL(here.value);
  const others = otherKeys.value.map((origin) => new URL(origin).host);
  if (key.value === "" && others.length > 0)
    return `Type the one for ${host}; that of ${others.join(", ")} stays there`;
  return `For ${host} alone. Empty where the server wants none`;
}

function TryButton() {
  const { value } = trial;
  return (
    <>
      <div class="line">
        <button type="button" disabled={value.kind === "asking"} onClick={() => void tryConnection()}>
          Test the connection
        </button>
        <span class="small soft" role="status">
          {value.kind === "asking" && "Asking…"}
          {value.kind === "answered" && `It answers, and offers ${plural(value.models.length, "model")}.`}
        </span>
      </div>
      {value.kind === "failed" && <ErrorNote error={value.error} />}
    </>
  );
}

function UseButtons() {
  const busy = engine.busy.value !== null;
  const endpoint = inUse.value;
  return (
    <>
      <div class="line">
        <button type="button" class="primary" disabled={busy} onClick={activate}>
          {endpoint === null ? "Use it in Play, Match and Studies" : "Use what is set now"}
        </button>
        {endpoint !== null && (
          <button type="button" disabled={busy} onClick={deactivate}>
            Back to the model of this tab
          </button>
        )}
      </div>
      {busy && <p class="small soft">A run is under way. Stop it to change who answers.</p>}
    </>
  );
}
