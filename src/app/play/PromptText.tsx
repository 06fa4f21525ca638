import { useEffect } from "preact/hooks";
import { parseReward } from "../../domain/checkTarget";
import { AXES } from "../../domain/reward";
import { formatPrompt, type PromptSegment } from "../../domain/rewardPrompt";
import { Scrollable } from "../components/Scrollable";
import { attempt } from "../fields";
import { promptFormat, readManifest } from "../models/manifest";
import { play } from "../settings";
import { dialogue } from "./turns";

/** The local policy's. */
const TEMPLATE = "chat";

/** The exact text that the policy gets. What the program wrote is grey, its reward lines are marked. */
export function PromptText() {
  useEffect(() => {
    void readManifest();
  }, []);
  const segments = attempt(() =>
    formatPrompt(
      dialogue.value,
      { helpful: parseReward(play.helpful.value), harmless: parseReward(play.harmless.value) },
      promptFormat.value,
      TEMPLATE,
    ),
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
