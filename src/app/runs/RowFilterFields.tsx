import { FilterField } from "../components/FilterField";
import { PROMPT_CHOICES, type RowFilter, TARGET_BINS } from "./rowFilter";

interface RowFilterFieldsProps {
  readonly filter: RowFilter;
  /** Whether prompts are of sets that can be told apart. */
  readonly promptSets: boolean;
}

const TARGETS = [
  ["", "all targets"],
  ...TARGET_BINS.map(({ name, label }) => [name, label] as const),
] as const;

/** Which rows figures and plots are made of. */
export function RowFilterFields({ filter, promptSets }: RowFilterFieldsProps) {
  return (
    <>
      {promptSets && <FilterField label="Prompts" setting={filter.prompts} choices={PROMPT_CHOICES} />}
      <FilterField label="Targets" setting={filter.targets} choices={TARGETS} />
    </>
  );
}
