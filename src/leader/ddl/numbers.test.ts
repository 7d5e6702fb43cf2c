/** Numbers of users and groups: no committed one is given again, after a drop and a restart either. */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../common/clock.ts';
import { Prng } from '../../common/prng.ts';
import { dropObject, putObject } from '../catalog/changes.ts';
import { FakeDisk } from '../transaction/disk-fake.ts';
import { openTransactionManager, type LeaderTransactionManager } from '../transaction/transaction-manager.ts';
import { uninterrupted } from '../transaction/waits.ts';
import { newNumber } from './numbers.ts';

const none = async (): Promise<void> => undefined;
const open = (disk: FakeDisk): Promise<LeaderTransactionManager> =>
  openTransactionManager({
    ...{ disk, directory: '.', clock: systemClock, memory: false },
    slicePort: { applyCommit: none, rollback: none, checkpoint: none, recover: none },
  });
const KINDS = { user: { superuser: false, createdb: false }, group: { users: [] } } as const;

async function made(manager: LeaderTransactionManager, of: 'user' | 'group', name: string): Promise<number> {
  const t = manager.begin(100, 1, { readOnly: false, signal: uninterrupted });
  const oid = newNumber(manager, t.catalog(), of);
  putObject(t, of === 'user' ? { kind: of, oid, name, ...KINDS.user } : { kind: of, oid, name, ...KINDS.group });
  await t.commit();
  return oid;
}
async function dropped(manager: LeaderTransactionManager, kind: 'user' | 'group', oid: number): Promise<void> {
  const t = manager.begin(100, 1, { readOnly: false, signal: uninterrupted });
  dropObject(t, { kind, oid });
  await t.commit();
}

describe.each(['user', 'group'] as const)('numbers of %ss', (of) => {
  it('count from 101 and come back with nobody, over a checkpoint and without one', async () => {
    const disk = new FakeDisk();
    const first = await open(disk);
    expect([await made(first, of, 'a'), await made(first, of, 'b')]).toEqual([101, 102]);
    await dropped(first, of, 102);
    await first.close();
    const second = await open(disk);
    expect(await made(second, of, 'c')).toBe(103);
    await dropped(second, of, 103);
    const third = await open(disk.crash(new Prng(7)));
    expect(await made(third, of, 'd')).toBe(104);
  });

  it('pass over those of a directory from before the counter', async () => {
    const manager = await open(new FakeDisk());
    const t = manager.begin(100, 1, { readOnly: false, signal: uninterrupted });
    putObject(
      t,
      of === 'user'
        ? { kind: of, oid: 101, name: 'old', ...KINDS.user }
        : { kind: of, oid: 101, name: 'old', ...KINDS.group },
    );
    await t.commit();
    expect(await made(manager, of, 'new')).toBe(102);
  });
});
