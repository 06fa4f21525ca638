import { RULES } from "../fields";
import type { SamplingSettings } from "../settings";
import { NumberField } from "./NumberField";
import { TextField } from "./TextField";

/** The sampling options that views share; those that a view chooses itself are left out. */
export function SamplingFields({ settings }: { readonly settings: SamplingSettings }) {
  return (
    <details>
      <summary>
        Sampling <span class="soft">{summary(settings)}</span>
      </summary>
      <div class="fields">
        <NumberField label="Temperature" setting={settings.temperature} rule={RULES.temperature} />
        <NumberField label="Top-p" setting={settings.topP} rule={RULES.topP} />
        <NumberField label="Top-k" setting={settings.topK} rule={RULES.topK} hint="0 keeps all" />
        <NumberField label="Min-p" setting={settings.minP} rule={RULES.minP} hint="0 keeps all" />
        <NumberField
          label="Repetition"
          setting={settings.repetitionPenalty}
          rule={RULES.repetitionPenalty}
          hint="penalty, 1 is none"
        />
        <TextField label="Stop at" setting={settings.stop} hint="\n is a line break" placeholder="no text" />
        <NumberField label="Tokens, at most" setting={settings.maxTokens} rule={RULES.maxTokens} />
        {settings.guidance && (
          <NumberField label="Guidance" setting={settings.guidance} rule={RULES.guidance} hint="1 is none" />
        )}
        {settings.bestOf && (
          <NumberField label="Best of" setting={settings.bestOf} rule={RULES.bestOf} hint="nearest is kept" />
        )}
      </div>
    </details>
  );
}

function summary({ temperature, maxTokens, guidance, bestOf }: SamplingSettings): string {
  const parts = [`temperature ${temperature.value}`, `${maxTokens.value} tokens`];
  if (guidance && guidance.value !== "1") parts.push(`guidance ${guidance.value}`);
  if (bestOf && bestOf.value !== "1") parts.push(`best of ${bestOf.value}`);
  return parts.join(", ");
}
