/**
 * Statements that began a short while ago, by the signal that cancels them. A short statement goes through this thread's
 * event loop several times; long work that took a turn between each two of them would hold it up by as many turns, so
 * long work rests until the newcomers are through, or for REST_MS: it always gets its share of the thread.
 */
import { systemClock } from './clock.ts';

/** For so long a statement counts as a new one. */
const NEW_MS = 100;
/** Longest rest between two turns of long work. */
const REST_MS = 12;

const begun = new Map<AbortSignal, number>();
const resting = new Set<() => void>();

/** A statement that this signal cancels has come. */
export function begins(signal: AbortSignal): void {
  begun.set(signal, systemClock.monotonicMs());
}
/** It has ended, or is no newcomer any more. */
export function ends(signal: AbortSignal): void {
  if (begun.delete(signal) && resting.size > 0 && !hasNewcomers()) for (const goOn of [...resting]) goOn();
}
/** The same statement, under another signal from here on. */
export function goesOn(before: AbortSignal, signal: AbortSignal): void {
  const at = begun.get(before);
  if (at === undefined) return;
  begun.delete(before);
  begun.set(signal, at);
}

/** Between two turns of a long statement: undefined when nobody came meanwhile. */
export function restForNewcomers(signal: AbortSignal): Promise<void> | undefined {
  ends(signal);
  if (!hasNewcomers()) return undefined;
  return new Promise((resolve) => {
    // Not before the last newcomer's answer is on its way.
    const goOn = (): void => {
      clearTimeout(timer);
      resting.delete(goOn);
      setImmediate(resolve);
    };
    const timer = setTimeout(goOn, REST_MS);
    resting.add(goOn);
  });
}
function hasNewcomers(): boolean {
  const since = systemClock.monotonicMs() - NEW_MS;
  for (const [signal, at] of begun) {
    if (at > since) return true;
    begun.delete(signal);
  }
  return false;
}
