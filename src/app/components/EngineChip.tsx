import { engine } from "../engine/engine";
import { linkTo } from "../settings";

const DEVICES = { webgpu: "WebGPU", wasm: "WASM", remote: "remote" } as const;

/** One line on the state of the models, which leads to their page. */
export function EngineChip() {
  const state = engine.state.value;
  return (
    <a class="chip small" href={linkTo("models")} data-state={state.kind}>
      <span class="visually-hidden">Models: </span>
      {text()}
    </a>
  );

  function text(): string {
    switch (state.kind) {
      case "closed":
        return engine.policyLoaded.value ? "policy loaded" : "not loaded";
      case "loading":
        return "loading";
      case "failed":
        return "failed";
      case "ready":
        return DEVICES[state.models.policy.device];
    }
  }
}
