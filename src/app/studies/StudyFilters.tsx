import type { Study } from "../../experiments/studies/study";
import type { ConditionSummary } from "../../experiments/studies/summariseStudy";
import { FilterField } from "../components/FilterField";
import { AxisFilter } from "../runs/AxisFilter";
import { RowFilterFields } from "../runs/RowFilterFields";
import { studies as settings } from "../settings";

interface StudyFiltersProps {
  readonly study: Study;
  readonly conditions: readonly ConditionSummary[];
  /** Name of the condition whose rows are drawn. */
  readonly chosen: string;
  /** Whether prompts are of sets that can be told apart. */
  readonly promptSets: boolean;
}

/** Which rows figures and plots are made of, and whose rows are drawn. */
export function StudyFilters({ study, conditions, chosen, promptSets }: StudyFiltersProps) {
  const filled = conditions.filter(({ n }) => n > 0).map(({ name }) => [name, name] as const);
  return (
    <div class="fields filters">
      {!study.onePrompt && (
        <>
          <FilterField label="Rows of" value={chosen} setting={settings.condition} choices={filled} />
          <AxisFilter setting={settings.axis} />
        </>
      )}
      <RowFilterFields filter={settings} promptSets={promptSets} />
    </div>
  );
}
