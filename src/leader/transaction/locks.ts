/**
 * Locks on relations and other objects. One first-in-first-out queue per object; a holder that wants more (an upgrade)
 * goes before those who hold nothing there. Locks are held to the end of the transaction and released together.
 *
 *                          AccessShare   ShareRowExclusive   AccessExclusive
 *   AccessShare                 -               -                 waits
 *   ShareRowExclusive           -             waits               waits
 *   AccessExclusive           waits           waits               waits
 *
 * A request that would close a circle of waiting transactions is refused at once with 40P01, so no circle
 * ever exists.
 */
import { assert } from '../../common/assert.ts';
import type { Xid } from '../../common/ids.ts';
import { deadlockDetected } from '../../common/errors/catalogue.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';
import { cancelError } from './waits.ts';
import type { LockGain, LockKey, LockMode } from '../catalog/scope.ts';
import type { LockInfo } from './types.ts';

/** Who holds locks: a transaction. */
export interface LockOwner {
  readonly pid: number;
  readonly xid: Xid;
  readonly database: number;
  /** It cannot have the lock at once. */
  waits?(): void;
}
interface Waiter {
  readonly owner: LockOwner;
  readonly key: LockKey;
  readonly mode: LockMode;
  readonly upgrade: boolean;
  readonly grant: () => void;
  readonly refuse: (error: SqlError) => void;
}
interface LockQueue {
  readonly holders: Map<LockOwner, LockMode>;
  readonly waiters: Waiter[];
}

const STRENGTH: Readonly<Record<LockMode, number>> = {
  AccessShareLock: 1,
  ShareRowExclusiveLock: 2,
  AccessExclusiveLock: 3,
};
const conflicts = (a: LockMode, b: LockMode): boolean => STRENGTH[a] + STRENGTH[b] >= 4;

export class LockTable {
  private readonly queues = new Map<LockKey, LockQueue>();
  /** What an owner holds, for release. */
  private readonly owned = new Map<LockOwner, Set<LockKey>>();

  /**
   * Resolves when the lock is held, with what that changed. Rejects on deadlock, and when `signal` says that nobody waits
   * any more.
   */
  async acquire(owner: LockOwner, key: LockKey, mode: LockMode, signal: AbortSignal): Promise<LockGain> {
    if (signal.aborted) throw cancelError(signal);
    let queue = this.queues.get(key);
    if (queue === undefined) this.queues.set(key, (queue = { holders: new Map(), waiters: [] }));
    const held = queue.holders.get(owner);
    if (held !== undefined && STRENGTH[held] >= STRENGTH[mode]) return 'none';
    const upgrade = held !== undefined;
    if (this.blockers(queue, owner, mode, upgrade, queue.waiters.length).length === 0) {
      this.hold(queue, owner, key, mode);
      return upgrade ? 'stronger' : 'new';
    }
    await this.wait(queue, owner, key, mode, upgrade, signal);
    return upgrade ? 'stronger' : 'new';
  }

  private wait(
    queue: LockQueue,
    owner: LockOwner,
    key: LockKey,
    mode: LockMode,
    upgrade: boolean,
    signal: AbortSignal,
  ): Promise<void> {
    return new Promise<void>((resolve, reject) => {
      const refuse = (error: SqlError): void => {
        signal.removeEventListener('abort', cancel);
        const at = queue.waiters.indexOf(waiter);
        if (at >= 0) queue.waiters.splice(at, 1);
        this.grantNext(key);
        reject(error);
      };
      const cancel = (): void => refuse(cancelError(signal));
      const waiter: Waiter = {
        owner,
        key,
        mode,
        upgrade,
        refuse,
        grant: () => {
          signal.removeEventListener('abort', cancel);
          resolve();
        },
      };
      const firstPlain = queue.waiters.findIndex((w) => !w.upgrade);
      if (upgrade && firstPlain >= 0) queue.waiters.splice(firstPlain, 0, waiter);
      else queue.waiters.push(waiter);
      const circle = this.findCircle(waiter);
      if (circle !== undefined) {
        queue.waiters.splice(queue.waiters.indexOf(waiter), 1);
        reject(deadlockDetected(circle));
        return;
      }
      signal.addEventListener('abort', cancel, { once: true });
      owner.waits?.();
    });
  }

  /** Owners in the way of a request that stands at `position` of the queue. */
  private blockers(
    queue: LockQueue,
    owner: LockOwner,
    mode: LockMode,
    upgrade: boolean,
    position: number,
  ): readonly LockOwner[] {
    const found: LockOwner[] = [];
    for (const [holder, heldMode] of queue.holders) {
      if (holder !== owner && conflicts(heldMode, mode)) found.push(holder);
    }
    for (let i = 0; i < position; i++) {
      const ahead = queue.waiters[i]!;
      if (ahead.owner === owner || (upgrade && !ahead.upgrade)) continue;
      if (conflicts(ahead.mode, mode)) found.push(ahead.owner);
    }
    return found;
  }

  private hold(queue: LockQueue, owner: LockOwner, key: LockKey, mode: LockMode): void {
    queue.holders.set(owner, mode);
    let keys = this.owned.get(owner);
    if (keys === undefined) this.owned.set(owner, (keys = new Set()));
    keys.add(key);
  }

  private grantNext(key: LockKey): void {
    const queue = this.queues.get(key);
    if (queue === undefined) return;
    for (let i = 0; i < queue.waiters.length;) {
      const waiter = queue.waiters[i]!;
      if (this.blockers(queue, waiter.owner, waiter.mode, waiter.upgrade, i).length > 0) {
        i++;
        continue;
      }
      queue.waiters.splice(i, 1);
      this.hold(queue, waiter.owner, key, waiter.mode);
      waiter.grant();
    }
    if (queue.holders.size === 0 && queue.waiters.length === 0) this.queues.delete(key);
  }

  /** The circle that `start` would close, told as DETAIL lines; undefined when there is none. */
  private findCircle(start: Waiter): string | undefined {
    const seen = new Set<Waiter>();
    const named = ({ key, owner }: Waiter): string =>
      typeof key === 'string' ? key : `relation ${key} of database ${owner.database}`;
    const line = (w: Waiter, blocker: LockOwner): string =>
      `Process ${w.owner.pid} waits for ${w.mode} on ${named(w)}; ` + `blocked by process ${blocker.pid}.`;
    const visit = (waiter: Waiter, path: readonly string[]): readonly string[] | undefined => {
      seen.add(waiter);
      const queue = this.queues.get(waiter.key)!;
      const position = queue.waiters.indexOf(waiter);
      for (const blocker of this.blockers(queue, waiter.owner, waiter.mode, waiter.upgrade, position)) {
        const lines = [...path, line(waiter, blocker)];
        if (blocker === start.owner) return lines;
        for (const next of this.waitsOf(blocker)) {
          const found = seen.has(next) ? undefined : visit(next, lines);
          if (found !== undefined) return found;
        }
      }
      return undefined;
    };
    return visit(start, [])?.join('\n');
  }

  private waitsOf(owner: LockOwner): readonly Waiter[] {
    const found: Waiter[] = [];
    for (const queue of this.queues.values()) for (const w of queue.waiters) if (w.owner === owner) found.push(w);
    return found;
  }

  /** Gives back everything the owner holds. It must not be waiting. */
  releaseAll(owner: LockOwner): void {
    assert(this.waitsOf(owner).length === 0, 'locks released while the owner waits for one');
    const keys = this.owned.get(owner);
    if (keys === undefined) return;
    this.owned.delete(owner);
    for (const key of keys) {
      this.queues.get(key)?.holders.delete(owner);
      this.grantNext(key);
    }
  }

  /** Nobody waits any longer: the server is about to stop. */
  refuseWaiters(error: SqlError): void {
    for (const queue of [...this.queues.values()]) for (const w of [...queue.waiters]) w.refuse(error);
  }

  /** Gives back one lock; those who waited for it go on. */
  release(owner: LockOwner, key: LockKey): void {
    if (this.owned.get(owner)?.delete(key) !== true) return;
    this.queues.get(key)!.holders.delete(owner);
    this.grantNext(key);
  }

  holds(owner: LockOwner, key: LockKey, mode: LockMode): boolean {
    const held = this.queues.get(key)?.holders.get(owner);
    return held !== undefined && STRENGTH[held] >= STRENGTH[mode];
  }

  /** Whether somebody has it to himself. */
  isExclusive(key: LockKey): boolean {
    const modes = this.queues.get(key)?.holders.values() ?? [];
    return [...modes].includes('AccessExclusiveLock');
  }

  /** What others hold and await. */
  modesBeside(owner: LockOwner | undefined, key: LockKey): readonly LockMode[] {
    const queue = this.queues.get(key);
    if (queue === undefined) return [];
    const held = [...queue.holders].filter(([holder]) => holder !== owner).map(([, mode]) => mode);
    return [...held, ...queue.waiters.filter((w) => w.owner !== owner).map((w) => w.mode)];
  }

  list(): readonly LockInfo[] {
    const rows: LockInfo[] = [];
    for (const [key, queue] of this.queues) {
      const tableId = typeof key === 'number' ? key : undefined;
      for (const [owner, mode] of queue.holders) {
        rows.push({ tableId, mode, granted: true, sessionPid: owner.pid, xid: owner.xid });
      }
      for (const w of queue.waiters) {
        rows.push({ tableId, mode: w.mode, granted: false, sessionPid: w.owner.pid, xid: w.owner.xid });
      }
    }
    return rows;
  }
}
