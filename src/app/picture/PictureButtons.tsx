import type { RefObject } from "preact";
import { toast } from "../components/Toast";
import { download, downloadFile } from "../download";
import { turnsTaken } from "../inTurn";
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
  const picture = async (): Promise<string> => {
    await turnsTaken(); // What is drawn later belongs to it.
    return plots.current ? svgPicture(plots.current, about) : "";
  };
  const saved = (saving: Promise<void>): void => {
    saving.catch((error: unknown) => toast(error instanceof Error ? error.message : String(error)));
  };
  return (
    <>
      <button
        type="button"
        disabled={disabled}
        onClick={() => saved(picture().then((svg) => download(`${name}.svg`, "image/svg+xml", svg)))}
      >
        SVG
      </button>
      <button
        type="button"
        disabled={disabled}
        onClick={() =>
          saved(
            picture()
              .then(pngPicture)
              .then((png) => downloadFile(`${name}.png`, png)),
          )
        }
      >
        PNG
      </button>
    </>
  );
}
