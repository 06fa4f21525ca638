import { DialError } from "../../domain/errors";

/** Dots for each unit of the picture. */
const SCALE = 3;

/** An SVG picture as a PNG. @throws DialError "storage-failed" where the browser makes none. */
export async function pngPicture(svg: string): Promise<Blob> {
  const image = new Image();
  const url = URL.createObjectURL(new Blob([svg], { type: "image/svg+xml" }));
  try {
    image.src = url;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width * SCALE, image.height * SCALE);
    canvas.getContext("2d")?.drawImage(image, 0, 0, canvas.width, canvas.height);
    return await canvas.convertToBlob({ type: "image/png" });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new DialError("storage-failed", `this browser makes no PNG of the plots: ${reason}; take the SVG`);
  } finally {
    URL.revokeObjectURL(url);
  }
}
