import { csvFormat } from "d3";
import { useEffect, useRef } from "preact/hooks";
import { parseReward } from "../../domain/checkTarget";
import type { NormaliserName } from "../../domain/dataset/rewardScale";
import { AXES } from "../../domain/reward";
import { NORMALISERS_STUDY } from "../../experiments/studies/judgeStudies";
import { type NormaliserView, normaliserViews } from "../../experiments/studies/normalisers";
import { CopyLink } from "../components/CopyLink";
import { AXIS_LABELS, Dial } from "../components/Dial";
import { ErrorNote } from "../components/ErrorNote";
import { RewardHistogram } from "../dataset/RewardHistogram";
import { download } from "../download";
import { attempt } from "../fields";
import { readReference, reference, referenceError } from "../models/reference";
import { PictureButtons } from "../picture/PictureButtons";
import { linkTo, normalised as settings } from "../settings";
import { StudyIntroCard } from "./StudyIntroCard";

const ABOUT: Readonly<Record<NormaliserName, string>> = {
  quantile: "Share of reference answers that score lower: flat, and what the dials of this page ask for.",
  "min-max": "0 at the lowest score, 1 at the highest: two odd answers stretch the whole scale.",
  standard: "Standard deviations from the mean: signed, and few numbers far from 0.",
  none: "The raw score: its unit is the judge's own and changes with the judge.",
};

/** The same reference answers by four normalisers; nothing is loaded but the judge's reference. */
export function NormalisersPage() {
  const { helpful, harmless } = settings;
  const plots = useRef<HTMLDivElement>(null);
  useEffect(() => {
    void readReference();
  }, []);
  const at = attempt(() => ({ helpful: parseReward(helpful.value), harmless: parseReward(harmless.value) }));
  const known = reference.value;
  const views = known ? normaliserViews(known, at ?? { helpful: 0.5, harmless: 0.5 }, "bottom") : [];
  return (
    <div class="columns study-columns">
      <StudyIntroCard study={NORMALISERS_STUDY} />
      <div class="column study-result">
        {referenceError.value !== null && (
          <ErrorNote error={referenceError.value} tryAgain={() => void readReference()} />
        )}
        {known && (
          <section class="card stack" aria-label="Result">
            <header class="line">
              <p class="grow small soft">
                {known.helpful.length} quantiles of the reference answers' scores, by the judge that ships
              </p>
              <fieldset class="line exports">
                <legend class="visually-hidden">Export</legend>
                <button
                  type="button"
                  onClick={() => download("normalisers.csv", "text/csv", `${csvFormat(linesOf(views))}\n`)}
                >
                  CSV
                </button>
                <button
                  type="button"
                  onClick={() => {
                    const lines = linesOf(views).map((line) => `${JSON.stringify(line)}\n`);
                    download("normalisers.jsonl", "application/jsonl", lines.join(""));
                  }}
                >
                  JSON Lines
                </button>
                <PictureButtons
                  name="normalisers"
                  plots={plots}
                  about={{
                    title: NORMALISERS_STUDY.title,
                    notes: [
                      `${known.helpful.length} quantiles of the reference answers' scores, by the judge that ships.`,
                    ],
                  }}
                  disabled={false}
                />
                <CopyLink shows="this study with these settings and filters" />
              </fieldset>
            </header>
            <div class="stack" ref={plots}>
              {views.map(({ name, bins, block }) => (
                <section key={name} class="stack normaliser" aria-label={name}>
                  <h2>{name}</h2>
                  <p class="small soft">{ABOUT[name]}</p>
                  <div class="normaliser-row">
                    {AXES.map((axis) => (
                      <figure key={axis}>
                        <figcaption class={`small ${axis}`}>{AXIS_LABELS[axis]}</figcaption>
                        <RewardHistogram axis={axis} bins={bins[axis]} counted="quantiles" />
                      </figure>
                    ))}
                    <pre class="small said">{block}</pre>
                  </div>
                </section>
              ))}
            </div>
          </section>
        )}
      </div>
      <section class="card stack study-run" aria-labelledby="normalised-title">
        <h2 id="normalised-title">The answer that the prompts are about</h2>
        <p class="small soft">
          By its percentiles among the reference answers. The prompts beside change with it. Nothing is
          sampled, so there are no prompts or targets of your own to give; to see your own data by each
          normaliser, open it on the <a href={linkTo("dataset")}>Dataset</a> page.
        </p>
        <Dial axis="helpful" setting={helpful} />
        <Dial axis="harmless" setting={harmless} />
      </section>
    </div>
  );
}

/** The histograms as a table: how many reference answers have a reward in which range. */
function linesOf(views: readonly NormaliserView[]) {
  return views.flatMap(({ name, bins }) =>
    AXES.flatMap((axis) => bins[axis].map(({ from, to, n }) => ({ normaliser: name, axis, from, to, n }))),
  );
}
