/** Chromium's trace as tasks of the page's main thread. */

export interface Task {
  /** Milliseconds from begin to end, and of the processor. */
  readonly wall: number;
  readonly processor: number;
  /** What took longest in it, as the trace names it, with its milliseconds. */
  readonly inside: readonly string[];
  /** The functions in which the profiler found it most often, with the milliseconds that stand for. */
  readonly functions: readonly string[];
}

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  /** Microseconds. */
  readonly ts: number;
  readonly dur?: number;
  readonly tdur?: number;
  readonly id?: string;
  readonly args?: {
    readonly name?: string;
    readonly data?: {
      readonly startTime?: number;
      readonly cpuProfile?: { readonly nodes?: readonly ProfileNode[]; readonly samples?: readonly number[] };
      readonly timeDeltas?: readonly number[];
    };
  };
}

interface ProfileNode {
  readonly id: number;
  readonly callFrame: { readonly functionName: string };
}

const SHOWN = 4;
/** Events that hold others and say nothing of their own. */
const OUTER = ["RunTask", "FunctionCall", "TimerFire", "EventDispatch"];

/** @param trace as Chromium writes it, with the timeline and the profiler. */
export function mainThreadTasks(trace: Uint8Array): Task[] {
  const { traceEvents } = JSON.parse(new TextDecoder().decode(trace)) as { traceEvents: TraceEvent[] };
  const own = threadOf(traceEvents);
  const samples = samplesOf(traceEvents, own);
  const timed = traceEvents.filter((event) => own(event) && event.ph === "X" && event.dur !== undefined);
  return timed
    .filter(({ name }) => name === "RunTask")
    .map(({ ts, dur = 0, tdur = dur }) => {
      const end = ts + dur;
      const within = timed.filter(
        (event) => event.ts >= ts && event.ts + (event.dur ?? 0) <= end && !OUTER.includes(event.name),
      );
      return {
        wall: dur / 1000,
        processor: tdur / 1000,
        inside: longest(within.map((event) => [event.name, event.dur ?? 0])),
        functions: longest(
          samples.filter(({ at }) => at >= ts && at <= end).map((one) => [one.name, one.us]),
        ),
      };
    });
}

/** Of all renderers' main threads the one that has done most. */
function threadOf(events: readonly TraceEvent[]): (event: TraceEvent) => boolean {
  const mains = new Set(
    events
      .filter(({ name, args }) => name === "thread_name" && args?.name === "CrRendererMain")
      .map(({ pid, tid }) => `${pid} ${tid}`),
  );
  const busy = new Map<string, number>();
  for (const { name, pid, tid, dur = 0 } of events) {
    const thread = `${pid} ${tid}`;
    if (name === "RunTask" && mains.has(thread)) busy.set(thread, (busy.get(thread) ?? 0) + dur);
  }
  const [most] = [...busy].sort(([, a], [, b]) => b - a);
  return ({ pid, tid }) => `${pid} ${tid}` === most?.[0];
}

interface Sample {
  readonly at: number;
  /** Microseconds until the next. */
  readonly us: number;
  readonly name: string;
}

function samplesOf(events: readonly TraceEvent[], own: (event: TraceEvent) => boolean): Sample[] {
  const profile = events.find((event) => event.name === "Profile" && own(event));
  if (!profile) return [];
  const names = new Map<number, string>();
  const found: Sample[] = [];
  let at = profile.args?.data?.startTime ?? 0;
  for (const { name, pid, id, args } of events) {
    if (name !== "ProfileChunk" || pid !== profile.pid || id !== profile.id) continue;
    const { cpuProfile, timeDeltas = [] } = args?.data ?? {};
    for (const node of cpuProfile?.nodes ?? []) names.set(node.id, node.callFrame.functionName);
    cpuProfile?.samples?.forEach((node, index) => {
      const us = timeDeltas[index] ?? 0;
      at += us;
      found.push({ at, us, name: names.get(node) || "(anonymous)" });
    });
  }
  return found;
}

/** The names with the largest sums, as text. */
function longest(parts: readonly (readonly [name: string, us: number])[]): string[] {
  const sums = new Map<string, number>();
  for (const [name, us] of parts) sums.set(name, (sums.get(name) ?? 0) + us);
  return [...sums]
    .sort(([, a], [, b]) => b - a)
    .slice(0, SHOWN)
    .map(([name, us]) => `${name} ${Math.round(us / 1000)} ms`);
}
