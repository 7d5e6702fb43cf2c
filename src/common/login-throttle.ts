/**
 * Slows down whoever guesses passwords. A wrong answer is told only after a delay that doubles with every further one for
 * that user (as SqlService.accountOf names it) from that address; while too many such answers are pending, the next attempt of the same user and address is
 * not even checked, so hanging up early wins nothing. A right password is never delayed by other users' or other
 * addresses' failures. What is remembered is bounded, oldest first. One for each server, whatever its doors; called by wire/connection.ts
 * and http/query-sessions.ts.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from './clock.ts';
import {
  IDENTIFIER_BYTES_MAX,
  LOGIN_DELAY_MAX_MS,
  LOGIN_DELAY_MIN_MS,
  LOGIN_FAILURES_FORGOTTEN_MS,
  LOGIN_FAILURES_HELD_MAX,
  LOGIN_FAILURES_KEPT_MAX,
  LOGIN_FAILURES_PER_ADDRESS_FREE,
} from './limits.ts';

/** Names with pending answers that are passed over before the oldest is forgotten all the same. */
const FORGET_LOOKS_MAX = 16;

interface Failures {
  count: number;
  /** Wrong answers that wait to be told. */
  held: number;
  lastMs: number;
  readonly waiting: (() => void)[];
}
export interface ThrottleSurroundings {
  monotonicMs(): number;
  sleep(ms: number): Promise<void>;
}

/** One household: an IPv4 address, or the network half of an IPv6 address. */
export function addressGroup(address: string): string {
  const v4 = /^(?:::ffff:)?(\d+\.\d+\.\d+\.\d+)$/i.exec(address);
  if (v4 !== null) return v4[1]!;
  const [left = '', right] = address.replace(/%.*$/, '').split('::');
  const groups = left.split(':').filter((g) => g !== '');
  const tail = (right ?? '').split(':').filter((g) => g !== '');
  while (right !== undefined && groups.length + tail.length < 8) groups.push('0');
  return [...groups, ...tail].slice(0, 4).join(':');
}

const REAL: ThrottleSurroundings = {
  monotonicMs: () => systemClock.monotonicMs(),
  sleep: (ms) => sleep(ms, undefined, { ref: false }),
};

export class LoginThrottle {
  private readonly known = new Map<string, Failures>();
  constructor(private readonly surroundings = REAL) {}

  /** Users and addresses remembered. */
  get size(): number {
    return this.known.size;
  }

  /** Settles when an attempt may be checked; the check must follow at once. */
  async turn(user: string, address: string): Promise<void> {
    const key = keyOf(user, address);
    for (;;) {
      const failures = this.known.get(key);
      if (failures === undefined || failures.held < LOGIN_FAILURES_HELD_MAX) return;
      await new Promise<void>((resolve) => failures.waiting.push(resolve));
    }
  }

  /** Counts a wrong answer; settles when it may be told. */
  async failed(user: string, address: string): Promise<void> {
    const ofUser = this.touch(keyOf(user, address));
    const ofAddress = this.touch(addressGroup(address));
    const delay = Math.max(delayOf(ofUser.count), delayOf(ofAddress.count - LOGIN_FAILURES_PER_ADDRESS_FREE));
    ofUser.held += 1;
    try {
      await this.surroundings.sleep(delay);
    } finally {
      ofUser.held -= 1;
      ofUser.waiting.shift()?.();
    }
  }

  private touch(key: string): Failures {
    const now = this.surroundings.monotonicMs();
    const old = this.known.get(key);
    const failures = old ?? { count: 0, held: 0, lastMs: now, waiting: [] };
    if (now - failures.lastMs > LOGIN_FAILURES_FORGOTTEN_MS) failures.count = 0;
    failures.count += 1;
    failures.lastMs = now;
    // Behind the others: the front is what was not touched for longest.
    this.known.delete(key);
    if (old === undefined && this.known.size >= LOGIN_FAILURES_KEPT_MAX) this.forgetOldest();
    this.known.set(key, failures);
    return failures;
  }
  private forgetOldest(): void {
    let oldest: string | undefined;
    let looked = 0;
    for (const [key, failures] of this.known) {
      oldest ??= key;
      if (failures.held > 0 || failures.waiting.length > 0) {
        if (++looked < FORGET_LOOKS_MAX) continue;
      } else oldest = key;
      break;
    }
    if (oldest !== undefined) this.known.delete(oldest);
  }
}

/** Names are as long as a client likes; no user's is longer than this. */
const keyOf = (user: string, address: string): string =>
  `${addressGroup(address)} ${user.slice(0, IDENTIFIER_BYTES_MAX)}`;
const delayOf = (count: number): number =>
  count <= 0 ? 0 : Math.min(LOGIN_DELAY_MAX_MS, LOGIN_DELAY_MIN_MS * 2 ** Math.min(count - 1, 16));
