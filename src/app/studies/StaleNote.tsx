import type { RunHeader } from "../../domain/run";
import { checkManifest, policyEntry, policyModels } from "../../runtimes/local/manifest";
import { attempt } from "../fields";
import { manifest } from "../models/manifest";
import { manifestFiles } from "../models/manifestFiles";

/** Says so where a recorded run is of other model files than those that ship now. */
export function StaleNote({ header }: { readonly header: RunHeader }) {
  const known = attempt(() => checkManifest(manifest.value));
  if (known === null) return null;
  const ships = new Map([
    ...manifestFiles(known).map(({ path, sha256 }) => [path, sha256] as const),
    ...Object.keys(known.policy.adapters).flatMap((name) =>
      Object.entries(policyModels(known, policyEntry(known, name), "nbits")),
    ),
  ]);
  const others = Object.entries(header.models).filter(([path, sha256]) => ships.get(path) !== sha256);
  if (others.length === 0) return null;
  return (
    <p class="note small">
      Recorded with other models than those that ship now: {others.map(([path]) => path).join(", ")}. Run it
      here for the present ones.
    </p>
  );
}
