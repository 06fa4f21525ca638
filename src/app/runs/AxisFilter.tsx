import type { Signal } from "@preact/signals";
import { AXES, type Axis } from "../../domain/reward";
import { AXIS_LABELS } from "../components/Dial";
import { FilterField } from "../components/FilterField";

const CHOICES = [["", "both rewards"], ...AXES.map((axis) => [axis, AXIS_LABELS[axis]] as const)] as const;

/** Which of the two rewards is shown. */
export function AxisFilter({ setting }: { readonly setting: Signal<string> }) {
  return <FilterField label="Axis" setting={setting} choices={CHOICES} />;
}

/** The axes that the filter leaves. */
export function axesShown(setting: Signal<string>): readonly Axis[] {
  return AXES.filter((axis) => setting.value === "" || setting.value === axis);
}
