import type { Signal } from "@preact/signals";
import { useMemo } from "preact/hooks";
import { dominatedArea, paretoFront } from "../../domain/pareto";
import type { RewardVector } from "../../domain/reward";
import { TRADE_OFF, YOUR_TARGETS } from "../../experiments/studies/definitions";
import { decimal } from "../format";
import { reference } from "../models/reference";
import { JointPlane, planeX, planeY } from "../plots/JointPlane";
import type { PlottedRow } from "../plots/plottedRow";

interface TradeOffPlaneProps {
  readonly rows: readonly PlottedRow[];
  readonly active: Signal<string>;
}

interface Kind {
  readonly condition: string;
  /** What it is called, and the sign of its points. */
  readonly asked: string;
  readonly sign: string;
  readonly colour: string;
}

const KINDS: readonly Kind[] = [
  { condition: TRADE_OFF.none, asked: "asked with no reward", sign: "○", colour: "ink" },
  { condition: TRADE_OFF.grid, asked: "asked at the grid", sign: "●", colour: "helpful" },
  { condition: TRADE_OFF.best, asked: "at the grid, the best of each four", sign: "●", colour: "harmless" },
];

/** Where completions of one prompt land, and what none of each kind beats. */
export function TradeOffPlane({ rows, active }: TradeOffPlaneProps) {
  const ours = useMemo(() => rows.filter(({ other }) => !other), [rows]);
  const rewardsOf = (wanted: string, other: boolean): RewardVector[] =>
    rows
      .filter(({ row, other: is }) => is === other && row.condition === wanted)
      .map(({ row }) => row.actual);
  const hasOwn = ours.some(({ row }) => row.condition === YOUR_TARGETS);
  return (
    <div class="scatters">
      <figure>
        <JointPlane
          rows={ours}
          active={active}
          reachable={reference.value?.joint ?? []}
          classOf={classOf}
          over={KINDS.map(({ condition, colour }) => (
            <g key={condition}>
              <Front rewards={rewardsOf(condition, true)} name={`stroke-${colour} dotted`} />
              <Front rewards={rewardsOf(condition, false)} name={`stroke-${colour}`} />
            </g>
          ))}
        />
      </figure>
      <ul class="legend small">
        {KINDS.map(({ condition, asked, sign, colour }) => {
          const [rewards, others] = [rewardsOf(condition, false), rewardsOf(condition, true)];
          return (
            rewards.length > 0 && (
              <li key={condition}>
                <span class={colour}>{sign}</span> {asked}; area under its front{" "}
                <strong>{decimal(dominatedArea(rewards))}</strong>
                {others.length > 0 && `, ${decimal(dominatedArea(others))} in the run compared with`}
              </li>
            )
          );
        })}
        {hasOwn && <li>● at your targets</li>}
        <li class="soft">+ asked for. Grey: where reference answers lie.</li>
        <li class="soft">
          Lines: the Pareto front of each, above which no completion is better on both
          {rows.length > ours.length && "; dotted: of the run compared with"}. The area under it is the share
          of all pairs of rewards that some completion reaches: 1 is both at the maximum.
        </li>
      </ul>
    </div>
  );
}

function classOf({ row }: PlottedRow): string {
  const kind = KINDS.find(({ condition }) => condition === row.condition);
  if (!kind) return "fill-ink";
  return kind.sign === "○" ? `hollow stroke-${kind.colour}` : `fill-${kind.colour}`;
}

interface FrontProps {
  readonly rewards: readonly RewardVector[];
  readonly name: string;
}

/** The edge of what the rewards dominate, as a staircase. */
function Front({ rewards, name }: FrontProps) {
  // Down to each next, lower point before going right to it.
  const steps = paretoFront(rewards, (reward) => reward).map(({ helpful, harmless }, index) => {
    const [x, y] = [planeX(helpful), planeY(harmless)];
    return index === 0 ? `M${planeX(0)} ${y}H${x}` : `V${y}H${x}`;
  });
  return <path class={`fit ${name}`} d={steps.length > 0 ? `${steps.join("")}V${planeY(0)}` : ""} />;
}
