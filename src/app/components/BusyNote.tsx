import { type Busy, engine } from "../engine/engine";

/** Why a button that starts something cannot be pressed now. @param to what it does: "play". */
export function BusyNote({ to }: { readonly to: string }) {
  const busy = engine.busy.value;
  return (
    busy && (
      <p class="small soft">
        {DOES[busy]} Stop it to {to}.
      </p>
    )
  );
}

const DOES: Readonly<Record<Busy, string>> = {
  play: "Play is writing.",
  match: "A match is running.",
  studies: "A study is running.",
  measure: "The time of a run is being measured.",
};
