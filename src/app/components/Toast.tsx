import { signal } from "@preact/signals";

interface ToastState {
  readonly text: string;
  readonly undo?: (() => void) | undefined;
}

const SHOWN_MS = 10_000;
const current = signal<ToastState | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says one thing at the bottom of the page for ten seconds, with a way back where there is one. */
export function toast(text: string, undo?: ToastState["undo"]): void {
  clearTimeout(timer);
  current.value = { text, undo };
  timer = setTimeout(() => {
    current.value = null;
  }, SHOWN_MS);
}

export function Toast() {
  const shown = current.value;
  return (
    <div role="status">
      {shown && (
        <div class="toast">
          <span>{shown.text}</span>
          {shown.undo && (
            <button
              type="button"
              onClick={() => {
                current.value = null;
                shown.undo?.();
              }}
            >
              Undo
            </button>
          )}
        </div>
      )}
    </div>
  );
}
