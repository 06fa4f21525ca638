import { REWARD_MODEL, type StudyIntro } from "../../experiments/studies/judgeStudies";
import { PUBLISHED } from "../../experiments/studies/published";
import { studyLink } from "./studyLink";

/** What a study asks, whether the original has figures for it, and the way back to the list. */
export function StudyIntroCard({ study: { name, title, asked } }: { readonly study: StudyIntro }) {
  const isPublished = name in PUBLISHED || name === REWARD_MODEL.name;
  return (
    <section class="card stack study-asked" aria-labelledby="study-title">
      <p class="small">
        <a href={studyLink()}>All studies</a>
      </p>
      <h2 id="study-title">{title}</h2>
      <p>{asked}</p>
      {!isPublished && <p class="small soft">We know of no published figure for this study.</p>}
    </section>
  );
}
