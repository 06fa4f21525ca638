import { engine } from "../engine/engine";
import { focusAbove } from "../focusAfter";
import type { LinkNeeds } from "./linkedFiles";

interface ElsewhereNoteProps {
  readonly needs: LinkNeeds;
  readonly start: () => Promise<void>;
}

/** A link names a run of another browser: the settings that it brought make the same rows here. */
export function ElsewhereNote({ needs: { missing, foreign }, start }: ElsewhereNoteProps) {
  return (
    <section class="note stack" aria-label="A run of another browser">
      <p>
        <strong>The rows of this run are not in this browser.</strong> They were made in another one, or
        deleted here. The link has brought its settings: with the same models on the same kind of device they
        make the same rows.
      </p>
      {missing.length > 0 && (
        <p>First load {missing.join(" and ")} in the form of this page: a link cannot carry files.</p>
      )}
      {foreign.length > 0 && <p>First put away {foreign.join(" and ")}: the run was made without.</p>}
      {missing.length + foreign.length === 0 && (
        <button
          type="button"
          disabled={engine.busy.value !== null}
          onClick={({ currentTarget }) => {
            focusAbove(currentTarget.closest("section") ?? currentTarget);
            void start();
          }}
        >
          Make the rows here
        </button>
      )}
    </section>
  );
}
