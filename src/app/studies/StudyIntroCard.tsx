import type { StudyIntro } from "../../experiments/studies/judgeStudies";
import { studyLink } from "./studyLink";

/** What a study asks, and the way back to the list. */
export function StudyIntroCard({ study: { title, asked } }: { readonly study: StudyIntro }) {
  return (
    <section class="card stack study-asked" aria-labelledby="study-title">
      <p class="small">
        <a href={studyLink()}>All studies</a>
      </p>
      <h2 id="study-title">{title}</h2>
      <p>{asked}</p>
    </section>
  );
}
