import type { RunHeader } from "../../domain/run";
import { manifest } from "../models/manifest";
import { manifestFiles } from "../models/manifestFiles";

/** Says so where a recorded run is of other model files than those that ship now. */
export function StaleNote({ header }: { readonly header: RunHeader }) {
  if (manifest.value === null) return null;
  const ships = new Map(manifestFiles(manifest.value).map(({ path, sha256 }) => [path, sha256]));
  const others = Object.entries(header.models).filter(([path, sha256]) => ships.get(path) !== sha256);
  if (others.length === 0) return null;
  return (
    <p class="note small">
      Recorded with other files than those that ship now: {others.map(([path]) => path).join(", ")}. Run it
      here for the present ones.
    </p>
  );
}
