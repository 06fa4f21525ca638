import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { ErrorNote } from "../components/ErrorNote";
import { FileDrop } from "../components/FileDrop";
import { SkipLines } from "../components/SkipLines";
import { plural } from "../format";
import {
  dropOwnTargets,
  ownTargets,
  ownTargetsError,
  readOwnTargets,
  skipMalformedTargets,
} from "./ownTargets";

/** Targets of the user's own. @param children how a run uses them: "asked in every condition". */
export function OwnTargetsField({ children }: { readonly children: ComponentChildren }) {
  const id = useId();
  const own = ownTargets.value;
  return (
    <div class="field">
      <span class="label" id={id}>
        Your targets
      </span>
      <FileDrop
        label="Targets as CSV"
        action="Load a CSV"
        accept=".csv,.tsv,.txt,.gz"
        labelledBy={id}
        onFiles={([file]) => file && void readOwnTargets(file)}
        buttons={
          own && (
            <button type="button" onClick={dropOwnTargets}>
              Leave out
            </button>
          )
        }
      >
        <p class="small soft">
          {own
            ? `${plural(own.targets.length, "target")} from ${own.name}, `
            : "None. A CSV has a line such as 0.8,0.2 for each: helpful, harmless. They are "}
          {children}.
        </p>
      </FileDrop>
      {own && <SkipLines bad={own.bad} first={own.firstBad} skip={skipMalformedTargets} />}
      {ownTargetsError.value !== null && <ErrorNote error={ownTargetsError.value} />}
    </div>
  );
}
