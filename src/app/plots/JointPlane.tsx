import type { Signal } from "@preact/signals";
import type { ComponentChildren } from "preact";
import { useMemo } from "preact/hooks";
import type { RewardVector, Target } from "../../domain/reward";
import { decimal } from "../format";
import { PointPlot } from "./PointPlot";
import { UNIT_SQUARE } from "./plotFrame";
import { inkClass, type PlottedRow, pointName } from "./plottedRow";

interface JointPlaneProps {
  readonly rows: readonly PlottedRow[];
  readonly active: Signal<string>;
  /** Rewards that reference completions had: where somebody got to. */
  readonly reachable: readonly (readonly [number, number])[];
  readonly classOf?: (row: PlottedRow) => string;
  /** Above the points, on the plane's scales. */
  readonly over?: ComponentChildren;
}

/** Places in the plane; beyond [0, 1] they stay on its edge. */
export const planeX = (helpful: number): number => UNIT_SQUARE.x(Math.min(1, Math.max(0, helpful)));
export const planeY = (harmless: number): number => UNIT_SQUARE.y(Math.min(1, Math.max(0, harmless)));

/** Both actual rewards of each completion, and the targets; the open one is joined to its own. */
export function JointPlane({ rows, active, reachable, classOf = inkClass, over }: JointPlaneProps) {
  const cloud = useMemo(
    () => reachable.map(([helpful, harmless]) => `M${planeX(helpful)} ${planeY(harmless)}h0.01`).join(""),
    [reachable],
  );
  const points = useMemo(
    () =>
      rows
        .map((plotted) => ({
          id: plotted.id,
          x: plotted.row.actual.helpful,
          y: plotted.row.actual.harmless,
          class: classOf(plotted),
          text: `${pointName(plotted)}, came ${pair(plotted.row.actual)}`,
        }))
        .sort((a, b) => a.x - b.x),
    [rows, classOf],
  );
  const targets = useMemo(() => [...new Set(rows.flatMap(({ row }) => cross(row.target)))].join(""), [rows]);
  const open = rows.find(({ id }) => id === active.value);
  const target = open && whole(open.row.target);
  return (
    <PointPlot
      label="Both rewards: points of what came"
      frame={UNIT_SQUARE}
      xTitle="helpful →"
      yTitle="harmless →"
      xClass="helpful"
      yClass="harmless"
      points={points}
      active={active}
      over={
        <>
          {over}
          {open && target && (
            <>
              <path
                class="miss active"
                d={`M${planeX(target.helpful)} ${planeY(target.harmless)}L${planeX(open.row.actual.helpful)} ${planeY(open.row.actual.harmless)}`}
              />
              <circle class="target-ring" cx={planeX(target.helpful)} cy={planeY(target.harmless)} r="6.5" />
            </>
          )}
        </>
      }
    >
      <path class="reachable" d={cloud} />
      <path class="asked" d={targets} />
    </PointPlot>
  );
}

/** Of a target on both axes. */
function cross(target: Target): string[] {
  const place = whole(target);
  return place ? [`M${planeX(place.helpful) - 3} ${planeY(place.harmless)}h6m-3 -3v6`] : [];
}

function whole({ helpful, harmless }: Target): RewardVector | null {
  return helpful === undefined || harmless === undefined ? null : { helpful, harmless };
}

const pair = ({ helpful, harmless }: RewardVector): string =>
  `helpful ${decimal(helpful)}, harmless ${decimal(harmless)}`;
