import { useEffect } from "preact/hooks";
import { messageSegments } from "../../domain/chatMessages";
import { parseReward } from "../../domain/checkTarget";
import type { Dialogue } from "../../domain/dialogue";
import { AXES, type Target, targetOn } from "../../domain/reward";
import { formatPrompt, type PromptSegment } from "../../domain/rewardPrompt";
import { Scrollable } from "../components/Scrollable";
import { inUse } from "../endpoint/connection";
import { attempt } from "../fields";
import { policyAxes, promptFormat, readManifest } from "../models/manifest";
import { play } from "../settings";
import { dialogue } from "./turns";

/** The prompt as whoever answers gets it: the local policy's ChatML, an endpoint's transcript, or its messages. */
function segmentsOf(dialogue: Dialogue, target: Target): readonly PromptSegment[] {
  const endpoint = inUse.value;
  if (endpoint === null) {
    return formatPrompt(dialogue, targetOn(target, policyAxes.value), promptFormat.value, "chat");
  }
  const { kind, format } = endpoint;
  if (kind === "completions") return formatPrompt(dialogue, target, format, "transcript");
  return messageSegments(dialogue, target, format).flatMap(({ role, segments }, index) => [
    { text: `${index > 0 ? "\n\n" : ""}${role}: `, control: true },
    ...segments,
  ]);
}

/** The exact text that the policy gets. What the program wrote is grey, its reward lines are marked. */
export function PromptText() {
  useEffect(() => {
    void readManifest();
  }, []);
  const segments = attempt(() =>
    segmentsOf(dialogue.value, {
      helpful: parseReward(play.helpful.value),
      harmless: parseReward(play.harmless.value),
    }),
  );
  return (
    <details class="card prompt" open>
      <summary>
        The exact prompt <span class="soft">what the model reads, reward lines marked</span>
      </summary>
      {segments ? (
        <Scrollable label="The exact prompt">
          <pre>
            {segments.map((segment, index) => (
              <Segment key={index} segment={segment} />
            ))}
          </pre>
        </Scrollable>
      ) : (
        <p class="soft">Written here once the dialogue and the targets can be used.</p>
      )}
    </details>
  );
}

const AXIS_OF_LINE = /^(Helpful|Harmless) reward: [\d.]+/;

function Segment({ segment: { text, control } }: { readonly segment: PromptSegment }) {
  if (!control) return <span class="prompt-said">{text}</span>;
  return (
    <span class="prompt-control">
      {text.split(/(?<=\n)|(?=<SOS>)/).map((line, index) => {
        const axis = AXES.find((name) => AXIS_OF_LINE.exec(line)?.[1]?.toLowerCase() === name);
        if (!axis) return line;
        return (
          <mark key={index} class={`mark-${axis}`}>
            {line}
          </mark>
        );
      })}
    </span>
  );
}
