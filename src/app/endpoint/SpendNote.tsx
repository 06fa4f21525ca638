import { ErrorNote } from "../components/ErrorNote";
import { count, dollars, plural } from "../format";
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
  const { answers, kept, cut, untold, retries, promptTokens, completionTokens } = usage.value;
  if (answers + kept + cut + retries === 0) return "Nothing spent yet.";
  const paid = `${plural(answers + cut, "answer")} paid for, ${count(promptTokens)} + ${count(completionTokens)} tokens`;
  const parts = [spent.value === null ? paid : `${paid}, ${dollars(spent.value)}`];
  if (kept > 0) parts.push(`${kept} kept from before`);
  if (cut > 0) parts.push(`${cut} cut off midway, whose tokens are estimated`);
  if (untold > 0) parts.push(`${untold} that came without the tokens of their prompts, which are estimated`);
  if (retries > 0) parts.push(`busy or silent ${plural(retries, "time")}`);
  return `${parts.join("; ")}.`;
}
