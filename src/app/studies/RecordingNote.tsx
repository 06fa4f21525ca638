import { ErrorNote } from "../components/ErrorNote";
import type { Recording } from "./recordings";

interface RecordingNoteProps {
  readonly recording: Recording<unknown>;
  /** What is said where none was made. */
  readonly none: string;
  readonly read: () => Promise<void>;
}

/** Why the recorded run of a study is not shown. */
export function RecordingNote({ recording, none, read }: RecordingNoteProps) {
  if (recording.kind === "failed") {
    return <ErrorNote error={recording.error} tryAgain={() => void read()} />;
  }
  return <p class="empty soft">{recording.kind === "none" ? none : "Reading the recorded run…"}</p>;
}
