import type { Signal } from "@preact/signals";
import { useId } from "preact/hooks";
import type { Study } from "../../experiments/studies/study";
import type { ConditionSummary } from "../../experiments/studies/summariseStudy";
import { studies as settings } from "../settings";
import { TARGET_BINS } from "./shown";

interface StudyFiltersProps {
  readonly study: Study;
  readonly conditions: readonly ConditionSummary[];
  /** Name of the condition whose rows are drawn. */
  readonly chosen: string;
}

const PROMPTS = [
  ["", "all prompts"],
  ["helpful", "asking for help"],
  ["harmless", "probing for harm"],
] as const;

/** Which rows figures and plots are made of, and whose rows are drawn. */
export function StudyFilters({ study, conditions, chosen }: StudyFiltersProps) {
  const filled = conditions.filter(({ n }) => n > 0).map(({ name }) => [name, name] as const);
  return (
    <div class="fields filters">
      {!study.onePrompt && (
        <>
          <Choice label="Rows of" value={chosen} setting={settings.condition} choices={filled} />
          <Choice
            label="Prompts"
            value={settings.prompts.value}
            setting={settings.prompts}
            choices={PROMPTS}
          />
        </>
      )}
      <Choice
        label="Targets"
        value={settings.targets.value}
        setting={settings.targets}
        choices={[["", "all targets"], ...TARGET_BINS.map(({ name, label }) => [name, label] as const)]}
      />
    </div>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly setting: Signal<string>;
  readonly choices: readonly (readonly [value: string, text: string])[];
}

function Choice({ label, value, setting, choices }: ChoiceProps) {
  const id = useId();
  return (
    <div class="field">
      <label class="label" for={id}>
        {label}
      </label>
      <select
        id={id}
        value={value}
        onChange={(event) => {
          setting.value = event.currentTarget.value;
        }}
      >
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}
