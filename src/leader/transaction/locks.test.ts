/** Table locks: compatibility, first in first out, upgrade, deadlock with its detail, cancel. */
import { describe, expect, it } from 'vitest';
import { Prng } from '../../common/prng.ts';
import { LockTable } from './locks.ts';
import type { LockOwner } from './locks.ts';
import type { LockMode } from '../catalog/scope.ts';
import { uninterrupted } from './waits.ts';

const never = uninterrupted();

const owner = (pid: number): LockOwner => ({ pid, xid: pid * 10, database: 100 });
const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
async function granted(promise: Promise<unknown>): Promise<boolean> {
  let done = false;
  promise.then(
    () => (done = true),
    () => undefined,
  );
  await settle();
  return done;
}

describe('locks', () => {
  it('readers and one writer go together, a second writer waits, DDL waits for all', async () => {
    const locks = new LockTable();
    const [a, b, c, d] = [owner(1), owner(2), owner(3), owner(4)];
    await locks.acquire(a, 7, 'AccessShareLock', never);
    await locks.acquire(b, 7, 'ShareRowExclusiveLock', never);
    const second = locks.acquire(c, 7, 'ShareRowExclusiveLock', never);
    const ddl = locks.acquire(d, 7, 'AccessExclusiveLock', never);
    expect(await granted(second)).toBe(false);
    locks.releaseAll(b);
    expect(await granted(second)).toBe(true);
    // The exclusive waiter is not overtaken by a later reader.
    const late = locks.acquire(owner(5), 7, 'AccessShareLock', never);
    expect(await granted(late)).toBe(false);
    locks.releaseAll(a);
    locks.releaseAll(c);
    expect(await granted(ddl)).toBe(true);
    expect(await granted(late)).toBe(false);
    locks.releaseAll(d);
    expect(await granted(late)).toBe(true);
    expect(locks.list().map((l) => [l.sessionPid, l.mode, l.granted])).toEqual([[5, 'AccessShareLock', true]]);
  });

  it('an upgrade goes before waiters that hold nothing', async () => {
    const locks = new LockTable();
    const [a, b, c] = [owner(1), owner(2), owner(3)];
    await locks.acquire(a, 7, 'AccessShareLock', never);
    await locks.acquire(b, 7, 'AccessShareLock', never);
    const outsider = locks.acquire(c, 7, 'AccessExclusiveLock', never);
    const upgrade = locks.acquire(a, 7, 'AccessExclusiveLock', never);
    expect(await granted(upgrade)).toBe(false);
    locks.releaseAll(b);
    expect(await granted(upgrade)).toBe(true);
    expect(await granted(outsider)).toBe(false);
    locks.releaseAll(a);
    expect(await granted(outsider)).toBe(true);
  });

  it('two upgrades of one table are a deadlock', async () => {
    const locks = new LockTable();
    const [a, b] = [owner(1), owner(2)];
    await locks.acquire(a, 7, 'AccessShareLock', never);
    await locks.acquire(b, 7, 'AccessShareLock', never);
    const first = locks.acquire(a, 7, 'AccessExclusiveLock', never);
    await expect(locks.acquire(b, 7, 'AccessExclusiveLock', never)).rejects.toMatchObject({ sqlstate: '40P01' });
    locks.releaseAll(b);
    await first;
  });

  it('a circle over three tables is refused with every link in the detail', async () => {
    const locks = new LockTable();
    const [a, b, c] = [owner(1), owner(2), owner(3)];
    await locks.acquire(a, 1, 'AccessExclusiveLock', never);
    await locks.acquire(b, 2, 'AccessExclusiveLock', never);
    await locks.acquire(c, 3, 'AccessExclusiveLock', never);
    const ab = locks.acquire(a, 2, 'AccessShareLock', never);
    const bc = locks.acquire(b, 3, 'AccessShareLock', never);
    await expect(locks.acquire(c, 1, 'ShareRowExclusiveLock', never)).rejects.toMatchObject({
      sqlstate: '40P01',
      detail: [
        'Process 3 waits for ShareRowExclusiveLock on relation 1 of database 100; blocked by process 1.',
        'Process 1 waits for AccessShareLock on relation 2 of database 100; blocked by process 2.',
        'Process 2 waits for AccessShareLock on relation 3 of database 100; blocked by process 3.',
      ].join('\n'),
    });
    locks.releaseAll(c);
    await bc;
    locks.releaseAll(b);
    await ab;
  });

  it('a cancelled wait ends with 57014 and lets the next one in', async () => {
    const locks = new LockTable();
    const [a, b, c] = [owner(1), owner(2), owner(3)];
    await locks.acquire(a, 7, 'AccessShareLock', never);
    const abort = new AbortController();
    const waiting = locks.acquire(b, 7, 'AccessExclusiveLock', abort.signal);
    const behind = locks.acquire(c, 7, 'AccessShareLock', never);
    expect(await granted(behind)).toBe(false);
    abort.abort();
    await expect(waiting).rejects.toMatchObject({ sqlstate: '57014' });
    expect(await granted(behind)).toBe(true);
  });

  it('random traffic never leaves conflicting holders nor a stuck waiter', async () => {
    for (let seed = 1; seed <= 20; seed++) {
      const prng = new Prng(seed);
      const locks = new LockTable();
      const modes: readonly LockMode[] = ['AccessShareLock', 'ShareRowExclusiveLock', 'AccessExclusiveLock'];
      const session = async (pid: number): Promise<void> => {
        for (let round = 0; round < 10; round++) {
          const me = owner(pid);
          try {
            for (let n = prng.int(1, 3); n > 0; n--) {
              await locks.acquire(me, prng.int(1, 3), prng.pick(modes), never);
              const held = locks.list().filter((l) => l.granted);
              for (const x of held) {
                for (const y of held) {
                  if (x.tableId !== y.tableId || x.sessionPid >= y.sessionPid) continue;
                  const exclusive = x.mode === 'AccessExclusiveLock' || y.mode === 'AccessExclusiveLock';
                  const writers = x.mode === 'ShareRowExclusiveLock' && y.mode === 'ShareRowExclusiveLock';
                  expect(exclusive || writers, `seed ${seed}`).toBe(false);
                }
              }
              await settle();
            }
          } catch (error) {
            expect(error).toMatchObject({ sqlstate: '40P01' });
          }
          locks.releaseAll(me);
        }
      };
      await Promise.all([1, 2, 3, 4, 5].map(session));
      expect(locks.list(), `seed ${seed}`).toEqual([]);
    }
  });
});
