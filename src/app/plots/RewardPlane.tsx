import type { RewardVector } from "../../domain/reward";
import { decimal } from "../format";
import { FrameLines, unitSquare } from "./plotFrame";

interface RewardPlaneProps {
  readonly target: RewardVector;
  readonly points: readonly { readonly label: string; readonly actual: RewardVector }[];
  /** Place in `points` of the one to stress. */
  readonly active?: number | null;
  readonly onActive?: (index: number | null) => void;
}

const SQUARE = unitSquare(260, [0, 0.5, 1]);
const { width: side, x, y } = SQUARE;

/** The two axes: the target as a ring, each completion's actual rewards as a dot joined to it. */
export function RewardPlane({ target, points, active = null, onActive }: RewardPlaneProps) {
  const summary = points.map(
    ({ label, actual }) =>
      `${label}: helpful ${decimal(actual.helpful)}, harmless ${decimal(actual.harmless)}`,
  );
  return (
    <svg
      class="plot plane"
      viewBox={`0 0 ${side} ${side}`}
      role="img"
      aria-label={`Target: helpful ${decimal(target.helpful)}, harmless ${decimal(target.harmless)}. ${summary.join(". ")}`}
    >
      <FrameLines frame={SQUARE} xTitle="helpful →" yTitle="harmless →" xClass="helpful" yClass="harmless" />
      {points.map(({ label, actual }, index) => (
        <path
          key={label}
          class={index === active ? "miss active" : "miss"}
          d={`M${x(target.helpful)} ${y(target.harmless)}L${x(actual.helpful)} ${y(actual.harmless)}`}
        />
      ))}
      <circle class="target-ring" cx={x(target.helpful)} cy={y(target.harmless)} r="6.5" />
      {points.map(({ label, actual }, index) => (
        <g
          key={label}
          class={index === active ? "actual active" : "actual"}
          transform={`translate(${x(actual.helpful)} ${y(actual.harmless)})`}
          onPointerEnter={() => onActive?.(index)}
          onPointerLeave={() => onActive?.(null)}
        >
          <circle r="7.5" />
          <text dy="0.35em" text-anchor="middle">
            {label}
          </text>
        </g>
      ))}
    </svg>
  );
}
