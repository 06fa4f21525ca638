import { AXES, type Axis } from "../../domain/reward";
import { AXIS_LABELS } from "../components/Dial";
import { FilterField } from "../components/FilterField";
import { studies as settings } from "../settings";

const CHOICES = [["", "both rewards"], ...AXES.map((axis) => [axis, AXIS_LABELS[axis]] as const)] as const;

/** Which of the two rewards is shown. */
export function AxisFilter() {
  return <FilterField label="Axis" setting={settings.axis} choices={CHOICES} />;
}

/** Whether the filter leaves an axis. */
export function axisShown(axis: Axis): boolean {
  return settings.axis.value === "" || settings.axis.value === axis;
}
