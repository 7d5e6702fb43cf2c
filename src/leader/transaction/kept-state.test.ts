/**
 * States that are kept: the way back as changes of the catalog, and a restore that a crash leaves in the log only.
 */
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../common/clock.ts';
import { clusterRestored } from '../../common/errors/api-errors.ts';
import { applyChanges } from '../catalog/catalog.ts';
import { dropObject, putObject, putStatistics } from '../catalog/changes.ts';
import type { SchemaObject, TableObject } from '../catalog/objects.ts';
import { classIn } from '../catalog/state.ts';
import { FakeDisk } from './disk-fake.ts';
import { wayBack } from './kept-state.ts';
import { openTransactionManager, type RecoveredCommit } from './transaction-manager.ts';
import { uninterrupted } from './waits.ts';

const DB = 100;
const schema = (oid: number, name: string, temporaryOf?: number): SchemaObject => ({
  kind: 'schema',
  oid,
  name,
  ownerOid: 100,
  acl: [],
  ...(temporaryOf !== undefined && { temporaryOf }),
});
const table = (oid: number, name: string, schemaOid = 2200): TableObject => ({
  kind: 'table',
  oid,
  schemaOid,
  name,
  ownerOid: 100,
  createdAtMicros: 5n,
  acl: [],
  temporary: false,
  columns: [],
  diststyle: 'auto',
  effectiveDiststyle: 'all',
  sortkey: [],
  sortkeyStyle: 'auto',
  encodeAuto: true,
  backup: true,
  constraints: [],
});

async function open(disk: FakeDisk, memory = false) {
  const recovered: RecoveredCommit[] = [];
  const restored: (number | undefined)[] = [];
  const manager = await openTransactionManager({
    disk,
    directory: '.',
    clock: systemClock,
    memory,
    slicePort: {
      applyCommit: async (_xid, _lsn, _changes, _drops, restores) => void restored.push(restores),
      keepImage: async () => [['image']],
      rollback: async () => undefined,
      checkpoint: async () => undefined,
      recover: async (commits) => void recovered.push(...commits),
    },
  });
  return { manager, recovered, restored };
}
type Manager = Awaited<ReturnType<typeof open>>['manager'];
const commit = async (manager: Manager, work: (t: ReturnType<Manager['begin']>) => void): Promise<void> => {
  const t = manager.begin(DB, 1, { readOnly: false, signal: uninterrupted });
  work(t);
  await t.commit();
};
const statistics = (rows: number) => ({ rows, modifiedRows: 0, columns: [] }) as never;

async function changed(manager: Manager): Promise<void> {
  await commit(manager, (t) => {
    putObject(t, schema(9000, 'made'));
    putObject(t, table(9001, 'made_in', 9000));
    dropObject(t, { kind: 'table', oid: 5001 });
    putObject(t, { ...table(5002, 'renamed'), encodeAuto: false });
    putStatistics(t, 5003, statistics(99));
  });
}
async function filled(manager: Manager): Promise<void> {
  await commit(manager, (t) => {
    for (const oid of [5001, 5002, 5003]) putObject(t, table(oid, `t${oid}`));
    putObject(t, schema(5004, 'pg_temp_1', 1));
    putObject(t, table(5005, 'temporary', 5004));
  });
  await commit(manager, (t) => putStatistics(t, 5003, statistics(1)));
  manager.nextIdentity(5001, 1, 1n, 1n, 5);
}
const objects = (manager: Manager): unknown => [
  [...classIn(manager.committed, 'relation', DB).objects.values()].filter((o) => o.oid >= 5000 && o.oid !== 5005),
  [...classIn(manager.committed, 'schema', DB).objects.values()].map((s) => s.name).filter((n) => n !== 'pg_temp_1'),
];

describe('the way back', () => {
  it('is the difference: what is the same is not touched', async () => {
    const { manager } = await open(new FakeDisk(), true);
    await filled(manager);
    const before = manager.committed;
    expect(wayBack(before, before).catalog.length).toBe(2);
    await changed(manager);
    const { catalog, drops } = wayBack(manager.committed, before);
    expect(drops).toEqual([5005]);
    const back = applyChanges(manager.committed, catalog, true);
    const there = classIn(back, 'relation', DB).objects;
    for (const oid of [5001, 5002, 5003]) {
      expect(there.get(oid)).toEqual(classIn(before, 'relation', DB).objects.get(oid));
    }
    expect(there.has(9001) || there.has(5005)).toBe(false);
  });
});

describe('a restore', () => {
  it('loses open transactions, takes counters back, and outlives a crash', async () => {
    const disk = new FakeDisk();
    const { manager, restored } = await open(disk);
    await filled(manager);
    const kept = await manager.keep();
    const before = objects(manager);
    await changed(manager);
    manager.nextIdentity(5001, 1, 1n, 1n, 5);
    const late = manager.begin(DB, 2, { readOnly: false, signal: uninterrupted });
    putObject(late, schema(9100, 'late'));
    await manager.restore(kept, clusterRestored());
    expect(restored.at(-1)).toBe(kept.image);
    expect(objects(manager)).toEqual(before);
    expect(manager.nextIdentity(5001, 1, 1n, 1n, 0)).toBe(6n);
    await expect(late.commit()).rejects.toMatchObject({ sqlstate: '57P01' });
    const lsn = manager.lastChangeLsn(5005);
    // No checkpoint, no clean end: all that says it is the log.
    const second = await open(disk);
    expect(objects(second.manager)).toEqual(before);
    expect(second.recovered.at(-1)).toMatchObject({ restores: kept.image, drops: [5005] });
    expect(second.manager.nextIdentity(5001, 1, 1n, 1n, 0)).toBe(6n);
    expect(second.manager.lastChangeLsn(5005)).toBe(lsn);
    await second.manager.close();
  });
});
