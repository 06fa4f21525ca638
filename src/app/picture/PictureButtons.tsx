import type { RefObject } from "preact";
import { toast } from "../components/Toast";
import { download, downloadFile } from "../download";
import { pngPicture } from "./pngPicture";
import { type PictureAbout, svgPicture } from "./svgPicture";

interface PictureButtonsProps {
  /** Of the file, without its ending. */
  readonly name: string;
  /** Holds the plots and their legends. */
  readonly plots: RefObject<HTMLElement | null>;
  readonly about: PictureAbout;
  readonly disabled: boolean;
}

/** The plots as one picture, to scale or in dots. */
export function PictureButtons({ name, plots, about, disabled }: PictureButtonsProps) {
  const picture = (): string => (plots.current ? svgPicture(plots.current, about) : "");
  return (
    <>
      <button
        type="button"
        disabled={disabled}
        onClick={() => download(`${name}.svg`, "image/svg+xml", picture())}
      >
        SVG
      </button>
      <button
        type="button"
        disabled={disabled}
        onClick={() => {
          pngPicture(picture()).then(
            (png) => downloadFile(`${name}.png`, png),
            (error: unknown) => toast(error instanceof Error ? error.message : String(error)),
          );
        }}
      >
        PNG
      </button>
    </>
  );
}
