/**
 * Commits, rollbacks, snapshots, serializable violations, and recovery from crashed, torn and damaged disks.
 * A recording slice port stands for the slices.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../common/clock.ts';
import { nodeDisk } from '../../common/disk-node.ts';
import { SimulatedDisk } from '../../common/disk-simulated.ts';
import { Prng } from '../../common/prng.ts';
import type { TableId, Xid } from '../../common/ids.ts';
import type { SliceChange } from '../../slices/storage.ts';
import { putObject } from '../catalog/changes.ts';
import type { SchemaObject, TableObject } from '../catalog/objects.ts';
import { FakeDisk } from './disk-fake.ts';
import { openTransactionManager } from './transaction-manager.ts';
import type {
  LeaderTransactionManager,
  RecoveredCommit,
  SlicePort,
  TransactionManagerOptions,
} from './transaction-manager.ts';
import { uninterrupted } from './waits.ts';

const DB = 100;
const PUBLIC = 2200;

class RecordingPort implements SlicePort {
  readonly applied: { xid: Xid; lsn: number; tables: TableId[]; drops: readonly TableId[] }[] = [];
  readonly rolledBack: Xid[] = [];
  readonly recovered: RecoveredCommit[] = [];
  readonly checkpoints: number[] = [];
  async applyCommit(
    xid: Xid,
    lsn: number,
    changes: readonly SliceChange[],
    drops: readonly TableId[],
  ): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.applied.push({ xid, lsn, tables: changes.map((c) => c.tableId), drops });
  }
  async rollback(xid: Xid): Promise<void> {
    this.rolledBack.push(xid);
  }
  async checkpoint(lsn: number): Promise<void> {
    this.checkpoints.push(lsn);
  }
  async recover(commits: readonly RecoveredCommit[]): Promise<void> {
    this.recovered.push(...commits);
  }
}

async function start(
  disk = new FakeDisk(),
  more: Partial<TransactionManagerOptions> = {},
): Promise<{ manager: LeaderTransactionManager; port: RecordingPort; disk: FakeDisk }> {
  const port = new RecordingPort();
  const manager = await openTransactionManager({
    disk,
    directory: '.',
    clock: systemClock,
    memory: false,
    slicePort: port,
    ...more,
  });
  return { manager, port, disk };
}
const begin = (manager: LeaderTransactionManager, pid = 1) =>
  manager.begin(DB, pid, { readOnly: false, signal: uninterrupted });

const table = (oid: number, name: string, schemaOid = PUBLIC): TableObject => ({
  kind: 'table',
  oid,
  schemaOid,
  name,
  ownerOid: 100,
  createdAtMicros: 5n,
  acl: [],
  temporary: false,
  columns: [
    {
      attnum: 1,
      name: 'a',
      type: { name: 'int4' },
      notNull: false,
      encoding: 'az64',
      dropped: false,
      identity: { seed: 1n, step: 2n, byDefault: false },
    },
  ],
  diststyle: 'auto',
  effectiveDiststyle: 'all',
  sortkey: [],
  sortkeyStyle: 'auto',
  encodeAuto: true,
  backup: true,
  constraints: [],
});
const change = (tableId: number, xid: number, fill: number, slice = 0): SliceChange => ({
  slice,
  tableId,
  xid,
  statement: 1,
  groupsAdded: [{ id: fill, big: 3n }],
  groupsRemoved: [],
  deletes: [],
  tail: new Uint8Array(200).fill(fill),
  rowsAdded: 10,
  rowsDeleted: 0,
  blocksAdded: 0,
});
async function write(manager: LeaderTransactionManager, tableId: number, fill: number): Promise<void> {
  const t = begin(manager);
  await t.lock(tableId, 'ShareRowExclusiveLock');
  t.touch(tableId, 'append');
  t.addSliceChanges([change(tableId, t.xid, fill)]);
  await t.commit();
}
async function createTable(manager: LeaderTransactionManager, name: string): Promise<TableObject> {
  const t = begin(manager);
  const made = table(manager.nextOid(), name);
  putObject(t, made);
  await t.commit();
  return made;
}
const names = (manager: LeaderTransactionManager): string[] =>
  begin(manager)
    .catalog()
    .relations()
    .map((r) => r.name)
    .sort();

describe('transactions', () => {
  it('own DDL is seen by the transaction, by others after commit, by nobody after rollback', async () => {
    const { manager } = await start();
    const a = begin(manager);
    const b = begin(manager, 2);
    putObject(a, table(manager.nextOid(), 't1'));
    expect(a.catalog().relationIn(PUBLIC, 't1')?.name).toBe('t1');
    expect(b.catalog().relationIn(PUBLIC, 't1')).toBeUndefined();
    await a.commit();
    expect(b.catalog().relationIn(PUBLIC, 't1')?.oid).toBeGreaterThanOrEqual(100_000);
    putObject(b, table(manager.nextOid(), 't2'));
    await b.rollback();
    expect(names(manager)).toEqual(['t1']);
  });

  it('the second of two transactions that make one name fails with 42P07 and is rolled back', async () => {
    const { manager, port } = await start();
    const [a, b] = [begin(manager), begin(manager, 2)];
    putObject(a, table(manager.nextOid(), 'x'));
    putObject(b, table(manager.nextOid(), 'x'));
    const outcome = await Promise.allSettled([a.commit(), b.commit()]);
    expect(outcome.map((o) => o.status)).toEqual(['fulfilled', 'rejected']);
    expect((outcome[1] as PromiseRejectedResult).reason).toMatchObject({ sqlstate: '42P07' });
    expect(b.state).toBe('rolled back');
    expect(port.rolledBack).toEqual([b.xid]);
  });

  it('a rename frees the name inside the same transaction', async () => {
    const { manager } = await start();
    const old = await createTable(manager, 't');
    const t = begin(manager);
    putObject(t, { ...old, name: 't_old' });
    putObject(t, table(manager.nextOid(), 't'));
    await t.commit();
    expect(names(manager)).toEqual(['t', 't_old']);
  });

  it('concurrent commits share syncs', async () => {
    const { manager, disk } = await start();
    const made = await createTable(manager, 't');
    const before = disk.syncs;
    const writers = Array.from({ length: 50 }, (_, i) => {
      const t = begin(manager, i);
      t.addSliceChanges([change(made.oid, t.requireXid(), i)]);
      return t.commit();
    });
    await Promise.all(writers);
    expect(disk.syncs - before).toBeLessThanOrEqual(3);
  });

  it('a snapshot is taken at first use and lists the running writers', async () => {
    const { manager } = await start();
    const made = await createTable(manager, 't');
    const running = begin(manager, 2);
    running.requireXid();
    const reader = begin(manager, 3);
    await write(manager, made.oid, 1);
    const s = reader.snapshot();
    expect(s.active).toEqual([running.xid]);
    expect(s.xmax).toBeGreaterThan(running.xid + 1);
    await running.rollback();
    expect(reader.snapshot().active).toEqual([running.xid]);
    expect(manager.oldestXmin()).toBe(running.xid);
    reader.nextStatement();
    expect(reader.snapshot().statement).toBe(2);
    await reader.rollback();
    expect(manager.oldestXmin()).toBeGreaterThan(running.xid);
  });

  it('an older snapshot may write a table changed since, unless serializable; it may not rewrite it', async () => {
    const { manager } = await start();
    const made = await createTable(manager, 't');
    const [a, b] = [begin(manager, 1), begin(manager, 2)];
    a.snapshot();
    b.snapshot();
    await write(manager, made.oid, 1);
    await a.lock(made.oid, 'ShareRowExclusiveLock');
    a.touch(made.oid, 'append');
    a.touch(made.oid, 'modify');
    await a.rollback();
    await b.lock(made.oid, 'AccessExclusiveLock');
    expect(() => b.touch(made.oid, 'rewrite')).toThrowError(
      expect.objectContaining({
        sqlstate: 'XX000',
        message: '1023',
        detail: expect.stringMatching(
          new RegExp(`^Serializable isolation violation on table - ${made.oid}, .* are: \\d+, \\d+ \\(pid:2\\)$`),
        ) as string,
      }),
    );
    await b.rollback();
    const alter = begin(manager);
    const database = alter.catalog().database;
    putObject(alter, { ...database, isolation: 'serializable' });
    await alter.commit();
    const c = begin(manager, 3);
    c.snapshot();
    await write(manager, made.oid, 2);
    await c.lock(made.oid, 'ShareRowExclusiveLock');
    expect(() => c.touch(made.oid, 'append')).toThrowError(expect.objectContaining({ message: '1023' }));
    await c.rollback();
  });

  it('a snapshot from before a table was emptied or written anew cannot read it; a later one can', async () => {
    const { manager } = await start();
    const made = await createTable(manager, 't');
    const older = begin(manager, 1);
    older.snapshot();
    const truncate = begin(manager, 2);
    await truncate.lock(made.oid, 'AccessExclusiveLock');
    truncate.touch(made.oid, 'replace');
    truncate.rewrote(made.oid);
    truncate.dropStorage(made.oid);
    await truncate.commit();
    await older.lock(made.oid, 'AccessShareLock');
    expect(() => older.touch(made.oid, 'read')).toThrowError(expect.objectContaining({ message: '1023' }));
    await older.rollback();
    const later = begin(manager, 1);
    await later.lock(made.oid, 'AccessShareLock');
    later.touch(made.oid, 'read');
    await later.rollback();
  });

  it('a move changes no row: who begins between its announcement and its commit sees the moved table', async () => {
    const { manager, port } = await start();
    const made = await createTable(manager, 't');
    await write(manager, made.oid, 1);
    const moved = table(manager.nextOid(), 't_moved');
    const move = begin(manager, 1);
    move.snapshot();
    await move.lock(moved.oid, 'AccessExclusiveLock');
    putObject(move, moved);
    move.rewrote(moved.oid);
    move.addSliceChanges([change(moved.oid, move.requireXid(), 1)]);
    const older = begin(manager, 2);
    expect(older.snapshot().active).toContain(move.xid);
    expect(() => move.announceMove()).toThrow('others would notice');
    await older.rollback();
    move.announceMove();
    const later = begin(manager, 3);
    port.applyCommit = async () => void later.snapshot();
    await move.commit();
    expect(later.snapshot().active).toEqual([]);
    expect(later.snapshot().xmax).toBeGreaterThan(move.xid);
    expect(later.snapshotLsn).toBeLessThan(manager.lastChangeLsn(moved.oid));
    await later.lock(moved.oid, 'AccessExclusiveLock');
    for (const use of ['read', 'modify', 'rewrite'] as const) later.touch(moved.oid, use);
    await later.rollback();
  });

  it('a commit that waits for a checkpoint is cancelled and rolled back; the next one goes through', async () => {
    const { manager, port } = await start();
    const made = await createTable(manager, 't');
    let goOn: () => void = () => undefined;
    port.checkpoint = () => new Promise<void>((resolve) => (goOn = resolve));
    const checkpoint = manager.checkpoint();
    const controller = new AbortController();
    const waiting = manager.begin(DB, 1, { readOnly: false, signal: () => controller.signal });
    await waiting.lock(made.oid, 'ShareRowExclusiveLock');
    waiting.addSliceChanges([change(made.oid, waiting.requireXid(), 1)]);
    const commit = waiting.commit();
    const next = write(manager, made.oid, 2);
    controller.abort();
    await expect(commit).rejects.toMatchObject({ sqlstate: '57014' });
    expect(waiting.state).toBe('rolled back');
    goOn();
    await checkpoint;
    await next;
    expect(manager.locks()).toEqual([]);
  });

  it('read-only transactions write nothing; the statistics count changed rows; analyse does not undo DDL', async () => {
    const { manager } = await start();
    const made = await createTable(manager, 't');
    await expect(
      manager.begin(DB, 1, { readOnly: true, signal: uninterrupted }).lock(made.oid, 'AccessExclusiveLock'),
    ).rejects.toMatchObject({ sqlstate: '25006' });
    const t = begin(manager);
    const statistics = { rowCount: 0, columns: [], analyzedAtMicros: 1n, modifiedRows: 0 };
    t.changeCatalog({ kind: 'put-statistics', database: DB, oid: made.oid, statistics });
    const ddl = begin(manager, 2);
    putObject(ddl, { ...made, comment: 'c' });
    await ddl.commit();
    await t.commit();
    await write(manager, made.oid, 1);
    const now = begin(manager).catalog().relationByOid(made.oid);
    expect(now).toMatchObject({ comment: 'c', statistics: { modifiedRows: 10 } });
  });

  it('a rollback during a commit waits for the commit; a failed checkpoint fails no commit', async () => {
    const port = new RecordingPort();
    const { manager } = await start(new FakeDisk(), { slicePort: port });
    const t = begin(manager);
    putObject(t, table(manager.nextOid(), 't'));
    const committing = t.commit();
    await t.rollback();
    expect(t.state).toBe('committed');
    await committing;
    port.checkpoint = () => Promise.reject(new TypeError('slice is gone'));
    const failed = manager.checkpoint();
    await Promise.all([expect(failed).rejects.toThrow('slice is gone'), createTable(manager, 'u')]);
    expect(names(manager)).toEqual(['t', 'u']);
  });

  it('a full disk fails the commit and leaves the log usable', async () => {
    const { manager, disk } = await start();
    disk.failWrites = 1;
    await expect(createTable(manager, 'lost')).rejects.toMatchObject({ sqlstate: '58030' });
    await createTable(manager, 'kept');
    await manager.close();
    const again = await start(disk.crash(new Prng(1)));
    expect(names(again.manager)).toEqual(['kept']);
  });
});

describe('recovery', () => {
  it('a clean restart keeps everything and reuses no oid, xid or identity value', async () => {
    const { manager, disk } = await start();
    const made = await createTable(manager, 't');
    expect(manager.nextIdentity(made.oid, 1, 1n, 2n, 10)).toBe(1n);
    await write(manager, made.oid, 1);
    const lastXid = begin(manager).requireXid();
    await manager.close();
    const again = await start(disk.crash(new Prng(1)));
    expect(names(again.manager)).toEqual(['t']);
    expect(again.manager.nextIdentity(made.oid, 1, 1n, 2n, 1)).toBe(21n);
    expect(again.manager.nextOid()).toBe(made.oid + 1);
    expect(begin(again.manager).requireXid()).toBe(lastXid + 1);
    expect(again.port.recovered).toEqual([]);
    expect(again.manager.lastChangeLsn(made.oid)).toBeGreaterThan(0);
  });

  it('after a crash the tail of the log is replayed, tails included, and ids move on', async () => {
    const { manager, disk } = await start();
    const made = await createTable(manager, 't');
    await manager.checkpoint();
    await write(manager, made.oid, 7);
    const after = await start(disk.crash(new Prng(3)));
    expect(after.port.recovered).toHaveLength(1);
    expect(after.port.recovered[0]!.changes[0]).toEqual(change(made.oid, after.port.recovered[0]!.xid, 7));
    expect(after.manager.nextOid()).toBeGreaterThan(made.oid);
    expect(begin(after.manager).requireXid()).toBeGreaterThan(after.port.recovered[0]!.xid);
  });

  it('temporary schemas left by a crash are dropped with their storage', async () => {
    const { manager, disk } = await start();
    const t = begin(manager);
    const schema: SchemaObject = {
      kind: 'schema',
      oid: manager.nextOid(),
      name: 'pg_temp_9',
      ownerOid: 100,
      acl: [],
      temporaryOf: 9,
    };
    const temporary = table(manager.nextOid(), 'tmp', schema.oid);
    putObject(t, schema);
    putObject(t, temporary);
    await t.commit();
    const after = await start(disk.crash(new Prng(1)));
    expect(names(after.manager)).toEqual([]);
    expect(after.port.applied.map((a) => a.drops)).toEqual([[temporary.oid]]);
  });

  it('from 40 seeds: every answered commit survives a crash with a torn end', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const prng = new Prng(seed);
      let disk = new FakeDisk();
      const answered = new Set<string>();
      for (let life = 0; life < 3; life++) {
        const { manager } = await start(disk, { checkpointBytes: 3000 });
        const work = Array.from({ length: prng.int(1, 25) }, (_, i) =>
          createTable(manager, `t_${life}_${i}`).then((t) => answered.add(t.name)),
        );
        if (prng.int(0, 1) === 0) await Promise.all(work);
        else for (let n = prng.int(0, 20); n > 0; n--) await new Promise((resolve) => setImmediate(resolve));
        const have = new Set(answered);
        disk = disk.crash(prng);
        const after = await start(disk.copy());
        for (const name of have) expect(names(after.manager), `seed ${seed}`).toContain(name);
        await Promise.all(work);
        answered.clear();
        for (const name of names(after.manager)) answered.add(name);
      }
    }
  });

  it('from 60 seeds on the simulated disk: crashes in commits, checkpoints and recoveries lose no answered commit', async () => {
    for (let seed = 1; seed <= 60; seed++) {
      const prng = new Prng(seed * 7919);
      const disk = new SimulatedDisk({ seed });
      let certain = new Set<string>();
      for (let life = 0; life < 4; life++) {
        const options = {
          disk,
          directory: 'leader',
          clock: systemClock,
          memory: false,
          checkpointBytes: 4000,
        } as const;
        const manager = await openTransactionManager({ ...options, slicePort: new RecordingPort() });
        const found = new Set(names(manager));
        for (const name of certain) expect(found, `seed ${seed} life ${life}`).toContain(name);
        certain = found;
        const work: Promise<unknown>[] = [];
        for (let i = prng.int(0, 12); i > 0; i--) {
          work.push(
            createTable(manager, `t_${life}_${i}`).then(
              (t) => certain.add(t.name),
              () => undefined,
            ),
          );
          if (prng.int(0, 5) === 0) work.push(manager.checkpoint().catch(() => undefined));
          for (let n = prng.int(0, 2); n > 0; n--) await new Promise((resolve) => setImmediate(resolve));
        }
        certain = new Set(certain);
        disk.crash();
        const atCrash = new Set(certain);
        await Promise.all(work);
        certain = atCrash;
      }
    }
  });

  it('on the real disk: a restart finds what was committed, a full log is cut by checkpoints', async () => {
    const root = mkdtempSync(join(tmpdir(), 'slicehouse-log-'));
    try {
      const options = {
        disk: nodeDisk(root),
        directory: '.',
        clock: systemClock,
        memory: false,
        checkpointBytes: 4000,
      } as const;
      const first = await openTransactionManager({ ...options, slicePort: new RecordingPort() });
      await Promise.all(Array.from({ length: 30 }, (_, i) => createTable(first, `t${i}`)));
      await first.close();
      const second = await openTransactionManager({ ...options, slicePort: new RecordingPort() });
      expect(names(second)).toHaveLength(30);
      await second.close();
    } finally {
      rmSync(root, { recursive: true });
    }
  });

  it('from 60 seeds: a flipped bit in the log is reported with the file', async () => {
    const { manager, disk } = await start();
    for (let i = 0; i < 10; i++) await createTable(manager, `t${i}`);
    for (let seed = 1; seed <= 60; seed++) {
      const prng = new Prng(seed);
      const damaged = disk.copy();
      const log = damaged.files.get('log/1.log')!;
      const at = prng.int(0, log.data.length - 1);
      log.data[at] = log.data[at]! ^ (1 << prng.int(0, 7));
      await expect(start(damaged), `seed ${seed}`).rejects.toMatchObject({
        sqlstate: 'XX000',
        message: expect.stringContaining('log/1.log') as string,
      });
    }
  });

  it('every cut of the newest segment, its loss, and an older state of it are named', async () => {
    const { manager, disk } = await start();
    await createTable(manager, 'a');
    await manager.checkpoint();
    await createTable(manager, 'b');
    const older = disk.copy().files.get('log/2.log')!;
    await createTable(manager, 'c');
    const sound = await start(disk.copy());
    expect(names(sound.manager)).toEqual(['a', 'b', 'c']);
    const whole = disk.files.get('log/2.log')!.data;
    for (let size = 0; size < whole.length; size += 7) {
      const cut = disk.copy();
      cut.files.get('log/2.log')!.data = whole.slice(0, size);
      await expect(start(cut), `cut to ${size}`).rejects.toMatchObject({
        message: expect.stringContaining('log/2.log') as string,
      });
    }
    const back = disk.copy();
    back.files.set('log/2.log', older);
    await expect(start(back)).rejects.toMatchObject({ message: expect.stringContaining('log/2.log') as string });
    const gone = disk.copy();
    gone.files.delete('log/2.log');
    await expect(start(gone)).rejects.toMatchObject({ message: 'commit log "log/2.log" is missing' });
    const both = disk.copy();
    for (const name of ['root-a', 'root-b']) both.files.delete(name);
    await expect(start(both)).rejects.toMatchObject({ message: expect.stringContaining('root-a') as string });
  });

  it('bytes behind the mark are a torn end and go; the records before them stay', async () => {
    const { manager, disk } = await start();
    await createTable(manager, 'a');
    const torn = disk.copy();
    const log = torn.files.get('log/1.log')!;
    log.data = Uint8Array.from([...log.data, ...log.data.slice(80, 140)]);
    const after = await start(torn);
    expect(names(after.manager)).toEqual(['a']);
    await createTable(after.manager, 'b');
    expect(names((await start(torn.copy())).manager)).toEqual(['a', 'b']);
  });

  it('files of another warehouse, and slices ahead of the log, are named', async () => {
    const { manager, disk } = await start(new FakeDisk(), { warehouse: 'aaaaaaaaaaaaaaaa' });
    await createTable(manager, 'a');
    const other = await start(new FakeDisk(), { warehouse: 'bbbbbbbbbbbbbbbb' });
    await createTable(other.manager, 'x');
    for (const file of ['log/1.log', 'catalog-a', 'root-a']) {
      const mixed = disk.copy();
      mixed.files.set(file, other.disk.copy().files.get(file)!);
      const warnings: string[] = [];
      const outcome = await start(mixed, { warehouse: 'aaaaaaaaaaaaaaaa', warn: (w) => void warnings.push(w) }).then(
        (s) => `${names(s.manager).join()} ${warnings.join()}`,
        (error: Error) => error.message,
      );
      expect(outcome, file).toContain('belongs to another warehouse');
      expect(outcome).toContain(file);
    }
    await expect(start(disk.copy(), { warehouse: 'aaaaaaaaaaaaaaaa', sliceLsns: [0, 99] })).rejects.toMatchObject({
      message: expect.stringContaining('slices/1 holds record 99') as string,
    });
  });

  it('a damaged newest checkpoint falls back to the other copy and the log behind it', async () => {
    const { manager, disk } = await start();
    await createTable(manager, 'a');
    await manager.checkpoint();
    await createTable(manager, 'b');
    await manager.checkpoint();
    await createTable(manager, 'c');
    const damaged = disk.copy();
    const newest = damaged.files.get('catalog-a')!;
    newest.data[newest.data.length - 5]! ^= 4;
    const after = await start(damaged);
    expect(names(after.manager)).toEqual(['a', 'b', 'c']);
    // Both copies gone: refused, never an empty cluster.
    const other = disk.copy();
    for (const name of ['catalog-a', 'catalog-b']) other.files.get(name)!.data.fill(0);
    await expect(start(other)).rejects.toMatchObject({ sqlstate: 'XX000' });
  });

  it('old segments go after a checkpoint and the log stays bounded', async () => {
    const { manager, port, disk } = await start(new FakeDisk(), { checkpointBytes: 20_000 });
    const made = await createTable(manager, 't');
    for (let i = 0; i < 400; i++) await write(manager, made.oid, i);
    expect(port.checkpoints.length).toBeGreaterThan(3);
    const size = disk.list('log').reduce((sum, n) => sum + disk.files.get(`log/${n}`)!.data.length, 0);
    expect(size).toBeLessThan(100_000);
    expect(disk.list('log').length).toBeLessThanOrEqual(4);
  });
});
