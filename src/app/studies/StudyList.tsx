import { STUDY_INTROS } from "./studyIntros";
import { studyLink } from "./studyLink";

/** Every study, by the question that it asks. */
export function StudyList() {
  return (
    <div class="column">
      <div class="stack studies-head">
        <h2>Studies</h2>
        <p class="soft">
          Most ask several policies, or one in several ways, the same prompts with the same seeds, and compare
          what comes: a recorded run opens at once, and the same code runs it here, on your prompts if you
          like. The last two are about the judge and sample nothing.
        </p>
      </div>
      <ul class="study-list">
        {STUDY_INTROS.map(({ name, title, asked }) => (
          <li key={name} class="card stack">
            <h3>
              <a href={studyLink(name)}>{title}</a>
            </h3>
            <p class="small soft">{asked.slice(0, asked.indexOf("?") + 1)}</p>
          </li>
        ))}
      </ul>
    </div>
  );
}
