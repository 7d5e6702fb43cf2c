/**
 * Time comes in through this interface so that tests can replay a run. Microseconds since 2000-01-01 00:00 UTC are
 * the storage form of timestamps everywhere.
 */
export interface Clock {
  /** Milliseconds since 1970, wall clock. */
  nowMs(): number;
  /** Microseconds since 2000-01-01 UTC. */
  nowMicros(): bigint;
  /** Monotonic milliseconds for durations. */
  monotonicMs(): number;
}

const EPOCH_2000_MS = 946_684_800_000;

export const systemClock: Clock = {
  nowMs: () => Date.now(),
  nowMicros: () => BigInt(Math.round((performance.timeOrigin + performance.now() - EPOCH_2000_MS) * 1000)),
  monotonicMs: () => performance.now(),
};
