import { ErrorNote } from "../components/ErrorNote";
import { dollars, plural } from "../format";
import { linkTo, view } from "../settings";
import { inUse, spent, unkept, usage } from "./connection";

/** Who answers in place of this tab's policy, and what that has cost. Nothing while the tab's own answers. */
export function SpendNote() {
  const endpoint = inUse.value;
  if (endpoint === null) return null;
  return (
    <>
      <section class="note" aria-label="Endpoint">
        <p>
          <strong>{endpoint.model}</strong> answers from {new URL(endpoint.baseUrl).host}.{" "}
          <span class="soft">{account()} A seed is best effort there.</span>
        </p>
        {view.value !== "endpoint" && (
          <a class="button" href={linkTo("endpoint")}>
            Change
          </a>
        )}
      </section>
      {unkept.value !== null && <ErrorNote error={unkept.value} />}
    </>
  );
}

function account(): string {
  const { answers, kept, retries, promptTokens, completionTokens } = usage.value;
  if (answers + kept + retries === 0) return "Nothing spent yet.";
  const paid = `${plural(answers, "answer")} paid for, ${promptTokens} + ${completionTokens} tokens`;
  const parts = [spent.value === null ? paid : `${paid}, ${dollars(spent.value)}`];
  if (kept > 0) parts.push(`${kept} kept from before`);
  if (retries > 0) parts.push(`asked again ${plural(retries, "time")}, as it was busy`);
  return `${parts.join("; ")}.`;
}
