interface FieldNoteProps {
  /** Of the input; see noteId. */
  readonly id: string;
  readonly error: string | null;
  readonly hint: string | undefined;
}

/** The id of the note that describes an input, for aria-describedby; undefined where there is none. */
export function noteId({ id, error, hint }: FieldNoteProps): string | undefined {
  return error ? `${id}-error` : hint ? `${id}-hint` : undefined;
}

/** What is wrong with a field, else its hint. */
export function FieldNote(props: FieldNoteProps) {
  const { error, hint } = props;
  if (!error && !hint) return null;
  return (
    <span class={error ? "field-error" : "small soft"} id={noteId(props)}>
      {error || hint}
    </span>
  );
}
