/** What the manifest says about each file, in whatever part of it the file stands. */

export interface ManifestFile {
  readonly path: string;
  readonly bytes: number;
  readonly sha256: string;
  /** From the file or the nearest part around it. */
  readonly licence: string;
  readonly source: string;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/**
 * Every object of `manifest` with path, bytes and sha256, in its order; a file that stands in several parts once, as its
 * first part says.
 */
export function manifestFiles(manifest: unknown): ManifestFile[] {
  const files = new Map<string, ManifestFile>();
  for (const file of filesIn(manifest, "", "")) {
    if (!files.has(file.path)) files.set(file.path, file);
  }
  return [...files.values()];
}

function filesIn(manifest: unknown, licence: string, source: string): ManifestFile[] {
  if (!isObject(manifest)) return [];
  const { path, bytes, sha256 } = manifest;
  const near = {
    licence: typeof manifest.licence === "string" ? manifest.licence : licence,
    source: typeof manifest.source === "string" ? manifest.source : source,
  };
  const own =
    typeof path === "string" && typeof bytes === "number" && typeof sha256 === "string"
      ? [{ path, bytes, sha256, ...near }]
      : [];
  return [...own, ...Object.values(manifest).flatMap((part) => filesIn(part, near.licence, near.source))];
}
