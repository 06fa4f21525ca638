import { computed } from "@preact/signals";
import { lazyView } from "./components/lazyView";
import { Masthead } from "./components/Masthead";
import { Toast } from "./components/Toast";
import { Whereabouts } from "./endpoint/Whereabouts";
import { PlayView } from "./play/PlayView";
import { type View, view } from "./settings";

const CONTENT: Readonly<Record<View, () => preact.JSX.Element>> = {
  play: PlayView,
  match: lazyView(async () => (await import("./match/MatchView")).MatchView),
  studies: lazyView(async () => (await import("./studies/StudiesView")).StudiesView),
  dataset: lazyView(async () => (await import("./dataset/DatasetView")).DatasetView),
  endpoint: lazyView(async () => (await import("./endpoint/EndpointView")).EndpointView),
  models: lazyView(async () => (await import("./models/ModelsView")).ModelsView),
};

const current = computed(() => CONTENT[view.value]);

export function App() {
  const Content = current.value;
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
