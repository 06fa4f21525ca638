import { useId } from "preact/hooks";
import { trainingCost } from "../../domain/dataset/targetModels";
import { trainingCommand } from "../../domain/dataset/trainingCommand";
import { copy } from "../clipboard";
import { FigureTable } from "../components/FigureTable";
import { downloadFile } from "../download";
import { attempt, RULES, readNumber } from "../fields";
import { bytes, count, dollars } from "../format";
import { linkTo, prices } from "../settings";
import { FindingList } from "./FindingList";
import { type FinishedDataset, finished } from "./finishedDataset";

/** The files, what is in them and what training on them costs. */
export function FinishedFiles() {
  const id = useId();
  const made = finished.value;
  if (!made) return null;
  const { files, findings, style } = made;
  return (
    <section class="card stack" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Files for {style.model.name}</h2>
      <p class="small soft">
        Rewards: {style.format}, {style.normaliser}.
      </p>
      <FigureTable
        label="Files"
        names="File"
        lines={files}
        nameOf={({ name }) => name}
        classOf={() => "mono"}
        columns={[
          ["Rows", ({ rows }) => count(rows)],
          ["Tokens", ({ tokens }) => count(tokens)],
          ["Size", ({ content }) => bytes(content.size)],
          [
            "Save",
            ({ name, content }) => (
              <button type="button" onClick={() => downloadFile(name, content)}>
                Save<span class="visually-hidden"> {name}</span>
              </button>
            ),
          ],
        ]}
      />
      <Cost made={made} />
      <FindingList findings={findings} />
      {style.model.target === "local" && <OwnGpu made={made} />}
    </section>
  );
}

function Cost({ made: { files, style, epochs } }: { readonly made: FinishedDataset }) {
  const { model } = style;
  if (model.target === "local") return null;
  const text = prices[model.name]?.value ?? "";
  const price = attempt(() => readNumber(text, RULES.price));
  const tokens = files[0]?.tokens ?? 0;
  if (price === null) return <p class="field-error">The price of {model.name} is not a number.</p>;
  return (
    <p>
      Training: <strong>about {dollars(trainingCost(tokens, epochs, price))}</strong>{" "}
      <span class="soft">
        for {epochs} × {count(tokens)} tokens at ${price} a million. An estimate: check the price with the
        provider. Next: <a href={linkTo("endpoint")}>train on them at an endpoint</a>, or save them and train
        elsewhere.
      </span>
    </p>
  );
}

function OwnGpu({ made: { files, style, epochs } }: { readonly made: FinishedDataset }) {
  const splits = files.map(({ split }) => split);
  const command = trainingCommand(splits, style.model, epochs);
  return (
    <div class="stack">
      <h3>Train on your own GPU</h3>
      <p class="small soft">
        Save the files above into a folder <code>data</code>, and beside it{" "}
        <a href="models/policy/tokenizer.json" download>
          tokenizer.json
        </a>
        , which knows the reward tokens. Then, in a Unix shell there (on a GPU without bfloat16, with{" "}
        <code>--bf16 False --fp16</code> added), these commands train; drop{" "}
        <code>adapter/adapter_model.safetensors</code> on the <a href={linkTo("models")}>Models</a> page to
        try what comes out.
      </p>
      <pre class="written">{command}</pre>
      <div class="line">
        <button type="button" onClick={() => void copy(command)}>
          Copy the commands
        </button>
      </div>
    </div>
  );
}
