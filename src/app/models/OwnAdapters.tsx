import { useEffect, useId } from "preact/hooks";
import { PROMPT_FORMATS } from "../../domain/rewardPrompt";
import type { OwnAdapter, ReadAdapter } from "../../runtimes/local/ownAdapter";
import { ErrorNote } from "../components/ErrorNote";
import { FileDrop } from "../components/FileDrop";
import { SelectField } from "../components/SelectField";
import { TextField } from "../components/TextField";
import { toast } from "../components/Toast";
import { engine } from "../engine/engine";
import { focusAfter } from "../focusAfter";
import { decimal, plural } from "../format";
import { policy as settings } from "../settings";
import {
  addAdapter,
  checked,
  checkName,
  dropFiles,
  giveFiles,
  given,
  newFormat,
  newName,
} from "./newAdapter";
import { adapterError, ownAdapters, refreshAdapters, removeAdapter } from "./ownAdapters";

const FORMATS = Object.fromEntries(
  PROMPT_FORMATS.map((name) => [name, "Where the rewards stand in the prompts that it was trained on."]),
);

/** LoRA adapters from outside: checked, kept in this browser, used by Play and Match. */
export function OwnAdapters() {
  const id = useId();
  const { weights, config } = given.value;
  useEffect(() => {
    void refreshAdapters();
  }, []);
  return (
    <section class="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Your own adapters</h2>
      <p class="small soft">
        A LoRA of SmolLM2-135M as PEFT saves it, rank 16 at most: drop its{" "}
        <code>adapter_model.safetensors</code> and its <code>adapter_config.json</code> here, and it is a
        policy in Play and Match, and takes the shipped one's place in Studies. The Dataset page writes data
        and commands to train one.
      </p>
      <FileDrop
        label="Adapter files"
        action="Choose files"
        accept=".safetensors,.json"
        multiple
        onFiles={(files) => void giveFiles(files)}
        buttons={
          weights && (
            <button type="button" class="quiet" onClick={dropFiles}>
              Remove
            </button>
          )
        }
      >
        <p class={weights ? undefined : "soft"}>
          {weights ? [weights, config].flatMap((file) => file?.name ?? []).join(", ") : "No files chosen."}
        </p>
      </FileDrop>
      {adapterError.value !== null && <ErrorNote error={adapterError.value} />}
      {checked.value && <NewAdapter found={checked.value} />}
      {ownAdapters.value.length > 0 && (
        <ul class="runs">
          {ownAdapters.value.map((adapter) => (
            <Entry key={adapter.name} adapter={adapter} />
          ))}
        </ul>
      )}
    </section>
  );
}

function NewAdapter({ found }: { readonly found: ReadAdapter }) {
  return (
    <div class="stack">
      <dl class="facts">
        <dt>Rank</dt>
        <dd>
          {found.rank}, scaled by {decimal(found.scale)}
        </dd>
        <dt>Changes</dt>
        <dd>
          {found.modules.join(", ")} in {plural(found.layers.length, "layer")}
        </dd>
        <dt>Trained on</dt>
        <dd>{found.trainedOn ?? "not told; its shapes are SmolLM2-135M's"}</dd>
      </dl>
      <div class="fields fields-two">
        <TextField label="Name" setting={newName} check={checkName} />
        <SelectField label="Rewards in the prompt" setting={newFormat} choices={FORMATS} />
      </div>
      <div class="line">
        <button type="button" disabled={engine.busy.value !== null} onClick={() => void addAdapter()}>
          Add the adapter
        </button>
      </div>
    </div>
  );
}

function Entry({ adapter }: { readonly adapter: OwnAdapter }) {
  const { name, rank, format, files } = adapter;
  const used = settings.adapter.value === name;
  const busy = engine.busy.value !== null;
  return (
    <li class="run adapter">
      <div>
        <p>
          <strong>{name}</strong>{" "}
          <span class="small soft">
            {used && "in use, "}rank {rank}, rewards {format}
          </span>
        </p>
        <p class="mono sha soft">{Object.values(files)[0]}</p>
      </div>
      <button
        type="button"
        disabled={busy}
        onClick={() => {
          settings.adapter.value = used ? "" : name;
        }}
      >
        {used ? "Use the shipped one" : "Use"}
        <span class="visually-hidden"> {used ? `instead of ${name}` : name}</span>
      </button>
      <button
        type="button"
        class="quiet"
        disabled={busy}
        onClick={({ currentTarget }) => void remove(adapter).then(focusAfter(currentTarget))}
      >
        Delete<span class="visually-hidden"> adapter {name}</span>
      </button>
    </li>
  );
}

async function remove(adapter: OwnAdapter): Promise<void> {
  try {
    const restore = await removeAdapter(adapter);
    // A run that has begun since keeps the policy that it began with.
    toast(`Deleted the adapter ${adapter.name}.`, () => void restore(engine.busy.peek() === null));
  } catch (error) {
    adapterError.value = error;
  }
}
