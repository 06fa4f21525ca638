import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/layout.css";
import "./styles/controls.css";
import "./styles/components.css";
import "./styles/play.css";
import "./styles/plots.css";
import "./styles/match.css";
import "./styles/models.css";
import "./styles/dataset.css";
import { render } from "preact";
import { App } from "./App";
import { registerServiceWorker } from "./offline";
import { followAddress } from "./settings";

followAddress();
const root = document.getElementById("app");
if (root) render(<App />, root);
registerServiceWorker();
