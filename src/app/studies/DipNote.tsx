import { findDip, type Turn } from "../../experiments/studies/dip";
import { PUBLISHED_SOURCE } from "../../experiments/studies/published";
import type { StudySummary } from "../../experiments/studies/summariseStudy";
import { decimal, withInterval } from "../format";

const SAID: Readonly<Record<Turn, string>> = {
  falls: "it falls",
  rises: "it rises",
  open: "the rows do not tell",
};

/** The original's dip at the top of the dial, and what came of it here. */
export function DipNote({ summary }: { readonly summary: StudySummary }) {
  const dip = findDip(summary);
  if (!dip) return null;
  return (
    <p class="small">
      <strong>Does the dial turn back at its top?</strong> In the {PUBLISHED_SOURCE} targets above 0.8 brought{" "}
      {decimal(dip.published.value)} of the reward, compared with those just below. Here, compared with those
      from 0.6 to 0.8:{" "}
      {dip.ours
        .map(
          ({ condition, estimate, turn }) =>
            `${condition} ${withInterval(estimate.value, estimate.ci)}, ${SAID[turn]}`,
        )
        .join("; ")}
      .
    </p>
  );
}
