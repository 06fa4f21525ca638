import { useEffect } from "preact/hooks";
import { engine } from "../engine/engine";
import { manifest, otherAdapters, readManifest } from "../models/manifest";
import { ownAdapters, refreshAdapters } from "../models/ownAdapters";
import { policy as settings } from "../settings";
import { SelectField } from "./SelectField";

/** Which adapter makes the policy; nothing while there is only the shipped one. */
export function AdapterField() {
  useEffect(() => {
    void refreshAdapters();
    if (manifest.peek() === null) void readManifest();
  }, []);
  if (engine.remote.value !== null) return null;
  const shipped = otherAdapters.value.map(({ name, format, axes }) => [
    name,
    `Comes with this page; ${axes.length === 0 ? "knows no rewards" : `rewards in its prompts: ${axes.join(" and ")}, ${format}`}.`,
  ]);
  const own = ownAdapters.value.map(({ name, rank, format }) => [
    name,
    `Your LoRA of rank ${rank}; rewards in its prompts: ${format}.`,
  ]);
  if (shipped.length + own.length === 0 && settings.adapter.value === "") return null;
  return (
    <SelectField
      label="Policy"
      setting={settings.adapter}
      choices={{ "": "The adapter that this page is about.", ...Object.fromEntries([...shipped, ...own]) }}
      names={{ "": "as shipped" }}
      disabled={engine.busy.value !== null}
    />
  );
}
