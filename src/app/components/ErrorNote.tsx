import type { ComponentChildren } from "preact";
import { DialError, type ErrorCode } from "../../domain/errors";

const TITLES: Readonly<Record<ErrorCode, string>> = {
  "invalid-target": "That target cannot be asked for.",
  "invalid-option": "That setting cannot be used.",
  "empty-prompt": "There is no question yet.",
  "prompt-too-long": "The prompt is too long.",
  "invalid-dialogue": "That dialogue cannot be completed.",
  "invalid-json-line": "The file could not be read.",
  "model-missing": "A model file is missing.",
  "model-damaged": "A model file is damaged.",
  "invalid-adapter": "That adapter cannot be used.",
  "device-unavailable": "That device is not available.",
  "worker-died": "The model's worker stopped.",
  "storage-failed": "The browser's storage refused.",
  offline: "There is no network.",
  "endpoint-unreachable": "The endpoint cannot be reached.",
  "endpoint-closed": "The endpoint does not answer this page.",
  "endpoint-key": "The endpoint refuses the key.",
  "endpoint-missing": "The endpoint does not have that.",
  "endpoint-refused": "The endpoint refuses the request.",
  "endpoint-busy": "The endpoint wants no more requests now.",
  "endpoint-failed": "The endpoint failed.",
  "answer-filtered": "The endpoint holds back an answer.",
  aborted: "Stopped.",
};

interface ErrorNoteProps {
  readonly error: unknown;
  readonly tryAgain?: () => void;
  readonly children?: ComponentChildren;
}

/** A failure, where it belongs: what went wrong, and buttons for what to do. */
export function ErrorNote({ error, tryAgain, children }: ErrorNoteProps) {
  const title = error instanceof DialError ? TITLES[error.code] : "Something unexpected went wrong.";
  return (
    <div class="note note-bad" role="alert">
      <p>
        <strong>{title}</strong> {error instanceof Error ? error.message : String(error)}
      </p>
      {tryAgain && (
        <button type="button" onClick={() => tryAgain()}>
          Try again
        </button>
      )}
      {children}
    </div>
  );
}
