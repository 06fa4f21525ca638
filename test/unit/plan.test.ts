import { expect, test, vi } from "vitest";
import { engine } from "../../src/app/engine/engine";
import type { DownloadPlan } from "../../src/runtimes/local/browser";

const runtime = vi.hoisted(() => ({ downloadPlan: vi.fn() }));
vi.mock("../../src/runtimes/local/browser", () => runtime);

test("of two readings of what there is to download the last one stays, however late the first comes", async () => {
  const readings: ((plan: DownloadPlan) => void)[] = [];
  runtime.downloadPlan.mockImplementation(() => new Promise((resolve) => readings.push(resolve)));
  vi.stubGlobal("location", { search: "" });
  vi.stubGlobal("navigator", { deviceMemory: 8 });
  const begun = (count: number) => vi.waitFor(() => expect(readings).toHaveLength(count));
  const first = engine.refreshPlan();
  await begun(1);
  const second = engine.refreshPlan();
  await begun(2);
  const [older, newer] = [{ files: [] }, { files: [] }] as unknown as DownloadPlan[];
  readings[1]?.(newer as DownloadPlan);
  readings[0]?.(older as DownloadPlan);
  await Promise.all([first, second]);
  expect(engine.plan.value).toMatchObject({ kind: "known" });
  expect((engine.plan.value as { plan: DownloadPlan }).plan).toBe(newer);
});
