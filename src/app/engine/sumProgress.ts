import type { LoadProgress } from "../../runtimes/local/browser";

type Report = (progress: LoadProgress) => void;

/** Adds the bytes of several loads up. Each call of the result gives the reporter for one more load. */
export function sumProgress(report: Report): () => Report {
  const loads: LoadProgress[] = [];
  const sum = (key: "receivedBytes" | "totalBytes"): number =>
    loads.reduce((total, load) => total + load[key], 0);
  return () => {
    const place = loads.push({ step: "", receivedBytes: 0, totalBytes: 0 }) - 1;
    return (progress) => {
      loads[place] = progress;
      report({ step: progress.step, receivedBytes: sum("receivedBytes"), totalBytes: sum("totalBytes") });
    };
  };
}
