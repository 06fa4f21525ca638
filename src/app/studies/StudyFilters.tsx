import type { Study } from "../../experiments/studies/study";
import type { ConditionSummary } from "../../experiments/studies/summariseStudy";
import { FilterField } from "../components/FilterField";
import { studies as settings } from "../settings";
import { AxisFilter } from "./AxisFilter";
import { TARGET_BINS } from "./shown";

interface StudyFiltersProps {
  readonly study: Study;
  readonly conditions: readonly ConditionSummary[];
  /** Name of the condition whose rows are drawn. */
  readonly chosen: string;
  /** Whether prompts are of sets that can be told apart. */
  readonly promptSets: boolean;
}

const PROMPTS = [
  ["", "all prompts"],
  ["helpful", "asking for help"],
  ["harmless", "probing for harm"],
] as const;

const TARGETS = [
  ["", "all targets"],
  ...TARGET_BINS.map(({ name, label }) => [name, label] as const),
] as const;

/** Which rows figures and plots are made of, and whose rows are drawn. */
export function StudyFilters({ study, conditions, chosen, promptSets }: StudyFiltersProps) {
  const filled = conditions.filter(({ n }) => n > 0).map(({ name }) => [name, name] as const);
  return (
    <div class="fields filters">
      {!study.onePrompt && (
        <>
          <FilterField label="Rows of" value={chosen} setting={settings.condition} choices={filled} />
          <AxisFilter />
          {promptSets && <FilterField label="Prompts" setting={settings.prompts} choices={PROMPTS} />}
        </>
      )}
      <FilterField label="Targets" setting={settings.targets} choices={TARGETS} />
    </div>
  );
}
