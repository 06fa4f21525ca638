import { useEffect, useState } from "preact/hooks";

const TICK_MS = 1000;

/** The time, `performance.now()`, told again each second while something runs. */
export function useClock(running: boolean): number {
  const [now, setNow] = useState(() => performance.now());
  useEffect(() => {
    if (!running) return;
    setNow(performance.now());
    const timer = setInterval(() => setNow(performance.now()), TICK_MS);
    return () => clearInterval(timer);
  }, [running]);
  return now;
}
