/**
 * Long work in short steps: the thread serves others between two of them, and work that is not wanted any more ends there
 * (return(): nothing of it stays). Storage, and the front end's work on long lists, are written so.
 */
import { systemClock } from './clock.ts';
import { restForNewcomers } from './newcomers.ts';

export type Steps<T> = Generator<undefined, T, undefined>;

/** Time for which the leader's thread works at steps before it lets its event loop in. */
const TURN_MS = 2;

/** All steps at once, where nobody waits. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done === true) return value;
  }
}

/** The next turn of the event loop, behind whatever waits for this thread now. */
export const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** For work that is done in stages: between two of them others have their turn, once this one took its time. */
export class Turns {
  private until = systemClock.monotonicMs() + TURN_MS;
  /** `signal`: the statement's. */
  constructor(private readonly signal?: AbortSignal) {}

  /** Undefined while there is time left. */
  next(): Promise<void> | undefined {
    return systemClock.monotonicMs() < this.until ? undefined : this.pass();
  }
  private async pass(): Promise<void> {
    await nextTurn();
    if (this.signal !== undefined) await restForNewcomers(this.signal);
    this.until = systemClock.monotonicMs() + TURN_MS;
  }
}

/** Steps between the events of this thread; ends with the signal's reason when it aborts. */
export async function inTurns<T>(steps: Steps<T>, signal: AbortSignal): Promise<T> {
  for (;;) {
    const until = systemClock.monotonicMs() + TURN_MS;
    do {
      if (signal.aborted) {
        steps.return(undefined as never);
        throw signal.reason;
      }
      const { done, value } = steps.next();
      if (done === true) return value;
    } while (systemClock.monotonicMs() < until);
    await nextTurn();
    await restForNewcomers(signal);
  }
}
