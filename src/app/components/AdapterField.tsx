import { useEffect } from "preact/hooks";
import { engine } from "../engine/engine";
import { ownAdapters, refreshAdapters } from "../models/ownAdapters";
import { policy as settings } from "../settings";
import { SelectField } from "./SelectField";

/** Which adapter makes the policy; nothing while there is only the shipped one. */
export function AdapterField() {
  useEffect(() => {
    void refreshAdapters();
  }, []);
  if (engine.remote.value !== null) return null;
  if (ownAdapters.value.length === 0 && settings.adapter.value === "") return null;
  const own = ownAdapters.value.map(({ name, rank, format }) => [
    name,
    `Your LoRA of rank ${rank}; rewards in its prompts: ${format}.`,
  ]);
  return (
    <SelectField
      label="Policy"
      setting={settings.adapter}
      choices={{ "": "The adapter that comes with this page.", ...Object.fromEntries(own) }}
      names={{ "": "as shipped" }}
      disabled={engine.busy.value !== null}
    />
  );
}
