/** What a browser does by itself where every page is a document of its own. */

import { useLayoutEffect, useRef } from "preact/hooks";
import { VIEW_TITLES } from "./components/Masthead";
import { focusOn } from "./focusAfter";
import { studies, view } from "./settings";
import { STUDY_INTROS } from "./studies/studyIntros";

/** The state of an address in the history that was visited before. */
const VISITED = "visited";

/** Names the page that is open, and begins each after the first at its top, with the keyboard at its heading. */
export function usePageChange(): void {
  const title = pageTitle();
  const isFirst = useRef(true);
  useLayoutEffect(() => {
    document.title = `${title} - Reward Dial`;
    const visited = history.state === VISITED;
    history.replaceState(VISITED, "");
    if (!isFirst.current) {
      // Where it was left, the browser goes back to by itself.
      if (!visited) scrollTo(0, 0);
      const main = document.querySelector("main");
      focusOn(main?.querySelector("h2") ?? main, { preventScroll: true });
    }
    isFirst.current = false;
  }, [title]);
}

function pageTitle(): string {
  const title = VIEW_TITLES[view.value];
  const study = view.value === "studies" && STUDY_INTROS.find(({ name }) => name === studies.name.value);
  return study ? `${study.title} - ${title}` : title;
}
