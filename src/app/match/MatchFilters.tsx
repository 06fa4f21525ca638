import { FilterField } from "../components/FilterField";
import { AxisFilter } from "../runs/AxisFilter";
import { SECOND } from "../runs/byJudge";
import { RowFilterFields } from "../runs/RowFilterFields";
import { matchShown as settings } from "../settings";
import { promptSets, secondJudge } from "./shown";

const JUDGES = [
  ["", "the judge"],
  [SECOND, "the second judge"],
] as const;

/** Which rows of the match figures and plots are made of, and whose rewards. */
export function MatchFilters() {
  return (
    <div class="fields filters">
      <AxisFilter setting={settings.axis} />
      <RowFilterFields filter={settings} promptSets={promptSets.value} />
      {secondJudge.value && <FilterField label="Rewards by" setting={settings.judge} choices={JUDGES} />}
    </div>
  );
}
