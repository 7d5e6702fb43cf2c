/**
 * What the transaction manager does for a node that is started anew: lost work can never be committed, the log is handed on
 * while it is being written, on disk and in memory, and old snapshots are given up. The slices are played by this test.
 */
import { describe, expect, test } from 'vitest';
import type { DiskFile } from '../../common/disk.ts';
import { systemClock } from '../../common/clock.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { SliceChange } from '../../slices/storage.ts';
import { FakeDisk } from './disk-fake.ts';
import type { RecoveredCommit, SlicePort, TransactionManagerOptions } from './surroundings.ts';
import { openTransactionManager, type LeaderTransactionManager } from './transaction-manager.ts';
import { uninterrupted } from './waits.ts';

const DB = 100;
const TABLE = 100_100;
const lost = new SqlError({ sqlstate: '57P02', message: 'work is lost' });
const lostSnapshot = new SqlError({ sqlstate: '57P02', message: 'snapshot is lost' });

const change = (xid: number, slice: number, fill: number): SliceChange => ({
  slice,
  tableId: TABLE,
  xid,
  statement: 1,
  groupsAdded: [{ id: fill }],
  groupsRemoved: [],
  deletes: [],
  tail: new Uint8Array(200).fill(fill),
  rowsAdded: 1,
  rowsDeleted: 0,
  blocksAdded: 0,
});
const quiet: SlicePort = {
  applyCommit: async () => undefined,
  rollback: async () => undefined,
  checkpoint: async () => undefined,
  recover: async () => undefined,
};
const start = (memory: boolean, more: Partial<TransactionManagerOptions> = {}): Promise<LeaderTransactionManager> =>
  openTransactionManager({
    disk: new FakeDisk(),
    directory: '.',
    clock: systemClock,
    memory,
    slicePort: quiet,
    ...more,
  });
const begin = (manager: LeaderTransactionManager, told?: (error: SqlError) => void) =>
  manager.begin(DB, 1, { readOnly: false, signal: uninterrupted, ...(told && { lost: told }) });
async function write(manager: LeaderTransactionManager, slice: number, fill: number): Promise<void> {
  const t = begin(manager);
  t.addSliceChanges([change(t.requireXid(), slice, fill)]);
  await t.commit();
}
async function replay(manager: LeaderTransactionManager, lsns: readonly number[]) {
  const commits: RecoveredCommit[] = [];
  const through = await manager.replayTo(lsns, lostSnapshot, async (some) => void commits.push(...some));
  return { through, commits, fills: commits.map((c) => c.changes[0]!.tail[0]) };
}

describe.each([
  ['on disk', false],
  ['in memory', true],
] as const)('%s', (_, memory) => {
  test('the log is handed on from the oldest superblock, across checkpoints, whatever came last', async () => {
    const manager = await start(memory);
    for (let fill = 1; fill <= 3; fill++) await write(manager, 0, fill);
    const all = await replay(manager, [0]);
    expect(all.fills).toEqual([1, 2, 3]);
    expect(all.commits.at(-1)!.lsn).toBeLessThanOrEqual(all.through);
    expect((await replay(manager, [all.commits[1]!.lsn, all.through])).fills).toEqual([3]);
    await manager.checkpoint();
    for (let fill = 4; fill <= 5; fill++) await write(manager, 1, fill);
    expect((await replay(manager, [all.through])).fills).toEqual([4, 5]);
    await manager.checkpoint();
    const empty = await replay(manager, [(await replay(manager, [100])).through]);
    expect(empty.fills).toEqual([]);
    await write(manager, 1, 6);
    expect((await replay(manager, [empty.through])).fills).toEqual([6]);
    await manager.close();
  });

  test('work on the node is lost at once, other work is not', async () => {
    const manager = await start(memory);
    const told: string[] = [];
    const [here, there, reader] = [
      begin(manager, (e) => told.push(`here: ${e.message}`)),
      begin(manager, () => told.push('there')),
      begin(manager, () => told.push('reader')),
    ];
    here.addSliceChanges([change(here.requireXid(), 0, 1), change(here.xid, 2, 1)]);
    there.addSliceChanges([change(there.requireXid(), 0, 2)]);
    reader.snapshot();
    manager.loseWork((slice) => slice === 2, lost);
    expect(told).toEqual(['here: work is lost']);
    expect(() => here.snapshot()).toThrow('work is lost');
    await expect(here.commit()).rejects.toThrow('work is lost');
    expect(here.state).toBe('rolled back');
    await there.commit();
    reader.snapshot();
    await reader.commit();
    expect((await replay(manager, [0])).fills).toEqual([2]);
    await manager.close();
  });

  test('a commit of work on a condemned node is refused before the leader has heard why', async () => {
    let isOut = false;
    const manager = await start(memory, {
      outageOf: (changes) => (isOut && changes[0]!.slice === 2 ? lost : undefined),
    });
    const [here, there] = [begin(manager), begin(manager)];
    here.addSliceChanges([change(here.requireXid(), 2, 1)]);
    there.addSliceChanges([change(there.requireXid(), 0, 2)]);
    // In memory the record is written at once, on disk in the next batch.
    isOut = memory;
    const committing = here.commit();
    isOut = true;
    await expect(committing).rejects.toThrow('work is lost');
    await there.commit();
    await manager.close();
  });

  test('a snapshot older than the superblock is lost, a newer one is not', async () => {
    const manager = await start(memory);
    await write(manager, 0, 1);
    const old = begin(manager);
    old.snapshot();
    await write(manager, 0, 2);
    await manager.checkpoint();
    const fresh = begin(manager);
    fresh.snapshot();
    const { through } = await replay(manager, [1000]);
    expect(through).toBeLessThan(1000);
    expect(() => old.snapshot()).toThrow('snapshot is lost');
    await old.rollback();
    await fresh.rollback();
    const later = begin(manager);
    later.snapshot();
    await replay(manager, [through]);
    later.snapshot();
    await later.rollback();
    await manager.close();
  });
});

test('recovery waits for the batch that is being written, and its record is replayed', async () => {
  let release: () => void = () => undefined;
  class SlowDisk extends FakeDisk {
    override open(path: string, mode: 'read' | 'create' | 'append'): DiskFile {
      const file = super.open(path, mode);
      const syncAsync = (): Promise<void> =>
        new Promise<void>((resolve) => (release = resolve)).then(() => file.sync());
      return { ...file, syncAsync };
    }
  }
  const manager = await start(false, { disk: new SlowDisk() });
  const writing = begin(manager);
  writing.addSliceChanges([change(writing.requireXid(), 2, 1)]);
  const committed = writing.commit();
  await new Promise((resolve) => setImmediate(resolve));
  const queued = begin(manager);
  queued.addSliceChanges([change(queued.requireXid(), 2, 2)]);
  const refused = queued.commit().then(
    () => 'committed',
    (error: Error) => error.message,
  );
  await new Promise((resolve) => setImmediate(resolve));
  // Now the node goes down.
  manager.loseWork((slice) => slice === 2, lost);
  const recovered = replay(manager, [0]);
  let isDone = false;
  void recovered.then(() => (isDone = true));
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isDone).toBe(false);
  release();
  expect((await recovered).fills).toEqual([1]);
  await committed;
  expect(await refused).toBe('work is lost');
});
