import { computed } from "@preact/signals";
import { lazyView } from "./components/lazyView";
import { Masthead } from "./components/Masthead";
import { Toast } from "./components/Toast";
import { Whereabouts } from "./endpoint/Whereabouts";
import { MatchView } from "./match/MatchView";
import { usePageChange } from "./pageChange";
import { PlayView } from "./play/PlayView";
import { type View, view } from "./settings";
import { StudiesView } from "./studies/StudiesView";

const CONTENT: Readonly<Record<View, () => preact.JSX.Element>> = {
  play: PlayView,
  match: MatchView,
  studies: StudiesView,
  dataset: lazyView(async () => (await import("./dataset/DatasetView")).DatasetView),
  endpoint: lazyView(async () => (await import("./endpoint/EndpointView")).EndpointView),
  models: lazyView(async () => (await import("./models/ModelsView")).ModelsView),
};

const current = computed(() => CONTENT[view.value]);

export function App() {
  const Content = current.value;
  usePageChange();
  return (
    <>
      <Masthead />
      <main id="main">
        <Content />
      </main>
      <Whereabouts />
      <Toast />
    </>
  );
}
