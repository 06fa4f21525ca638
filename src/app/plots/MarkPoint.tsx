/** dot: ours. square: ours, by a second recipe. hollow: the run compared with. diamond: the published study's. */
export type MarkShape = "dot" | "square" | "hollow" | "diamond";

interface MarkPointProps {
  readonly shape: MarkShape;
  /** Of the colour: an axis' name or "ink". */
  readonly colour: string;
  readonly x: number;
  readonly y: number;
}

/** A figure's place in a plot; its shape says whose it is. */
export function MarkPoint({ shape, colour, x, y }: MarkPointProps) {
  switch (shape) {
    case "dot":
      return <circle class={`mark fill-${colour}`} cx={x} cy={y} r="4" />;
    case "square":
      return <path class={`mark fill-${colour}`} d={`M${x - 3.5} ${y - 3.5}h7v7h-7Z`} />;
    case "hollow":
      return <circle class={`mark hollow stroke-${colour}`} cx={x} cy={y} r="4" />;
    case "diamond":
      return <path class={`mark hollow stroke-${colour}`} d={`M${x} ${y - 5}l5 5l-5 5l-5 -5Z`} />;
  }
}
