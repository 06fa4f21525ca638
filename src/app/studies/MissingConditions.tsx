import type { ConditionSummary } from "../../experiments/studies/summariseStudy";

/** Conditions that cannot run, and what each needs. */
export function MissingConditions({ conditions }: { readonly conditions: readonly ConditionSummary[] }) {
  const missing = conditions.filter(({ needs }) => needs !== null);
  if (missing.length === 0) return null;
  return (
    <section class="card stack" aria-labelledby="missing-title">
      <h2 id="missing-title">Left out</h2>
      <ul class="small">
        {missing.map(({ name, needs }) => (
          <li key={name}>
            <strong>{name}</strong> <span class="soft">needs {needs}.</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
