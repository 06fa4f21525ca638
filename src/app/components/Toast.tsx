import { signal } from "@preact/signals";

interface ToastState {
  readonly text: string;
  readonly action?: { readonly label: string; readonly run: () => void };
}

const SHOWN_MS = 10_000;
const current = signal<ToastState | null>(null);
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says one thing at the bottom of the page for ten seconds, with a way back where there is one. */
export function toast(text: string, action?: ToastState["action"]): void {
  clearTimeout(timer);
  current.value = action ? { text, action } : { text };
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
          {shown.action && (
            <button
              type="button"
              onClick={() => {
                current.value = null;
                shown.action?.run();
              }}
            >
              {shown.action.label}
            </button>
          )}
        </div>
      )}
    </div>
  );
}
