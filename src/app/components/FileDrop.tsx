import type { ComponentChildren } from "preact";
import { useRef } from "preact/hooks";

interface FileDropProps {
  /** Of what the file holds, for those who do not see the button. */
  readonly label: string;
  /** On the button. */
  readonly action: string;
  /** Endings, as in an input's accept. */
  readonly accept: string;
  readonly onFiles: (files: readonly File[]) => void;
  readonly multiple?: boolean;
  readonly disabled?: boolean;
  readonly labelledBy?: string;
  /** What is chosen now. */
  readonly children: ComponentChildren;
  /** More buttons, before the one that chooses. */
  readonly buttons?: ComponentChildren;
}

/** A place to drop a file on, with a button to choose one. */
export function FileDrop(props: FileDropProps) {
  const { label, action, accept, onFiles, multiple = false, disabled = false, labelledBy } = props;
  const input = useRef<HTMLInputElement>(null);
  const take = (list: FileList | null | undefined): void => {
    const files = [...(list ?? [])];
    if (!disabled && files.length > 0) onFiles(multiple ? files : files.slice(0, 1));
  };
  return (
    <fieldset
      class="source"
      aria-labelledby={labelledBy}
      onDragOver={(event) => event.preventDefault()}
      onDrop={(event) => {
        event.preventDefault();
        take(event.dataTransfer?.files);
      }}
    >
      {props.children}
      <div class="line">
        {props.buttons}
        <button type="button" disabled={disabled} onClick={() => input.current?.click()}>
          {action}
        </button>
        <input
          ref={input}
          type="file"
          class="visually-hidden"
          tabIndex={-1}
          accept={accept}
          multiple={multiple}
          disabled={disabled}
          aria-label={label}
          onChange={(event) => {
            take(event.currentTarget.files);
            event.currentTarget.value = "";
          }}
        />
      </div>
    </fieldset>
  );
}
