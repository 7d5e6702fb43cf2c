/**
 * Random transactions on one slice and its replica, interleaved with merges and VACUUMs in steps, checkpoints, restarts and a disk
 * that is full for a while. A model says which rows every open snapshot sees, at any moment, on both; addresses may be old when
 * their rows are deleted, and a delete is refused only for a row that a later commit deleted or moved. Cases print their seed; a run
 * takes some of them (common/test-trials.ts).
 */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { memoryDisk } from '../common/disk-memory.ts';
import type { Disk } from '../common/disk.ts';
import { Prng } from '../common/prng.ts';
import { sampled } from '../common/test-trials.ts';
import { INT4, varchar } from '../types/sql-type.ts';
import { sees } from './hidden-columns.ts';
import { TableState } from './row-group.ts';
import type { Slice } from './slice.ts';
import type { SliceChange, Snapshot, Steps, StorageTable, VacuumReport } from './storage.ts';
import { column, insert, openTestSlice, rowsOf, snapshot, testNode, type TestNode } from './test-slice.ts';

let node: TestNode;
beforeAll(async () => {
  node = await testNode(192);
});
const TABLES: readonly StorageTable[] = [1, 2].map((n) => ({
  tableId: 100_000 + n,
  name: `t${n}`,
  columns: [column(1, INT4, 'az64'), column(2, varchar(200), n === 1 ? 'raw' : 'lzo')],
  sortkey: n === 1 ? [] : [1],
}));
const OPS = 400;
const OPEN_MAX = 5;
/** Rows of one insert; the last goes to blocks. */
const COUNTS = [1, 1, 1, 1, 1, 2, 5, 30, 1, 1, 2, 600] as const;
/** Statements of one turn, each of which makes a group. */
const STATEMENTS = [1, 1, 1, 2, 40] as const;

interface Row {
  readonly table: StorageTable;
  readonly key: number;
  readonly by: Change;
  deleted: Change | undefined;
}
interface Change {
  readonly xid: number;
  readonly statement: number;
}
interface Open {
  readonly xid: number;
  readonly seen: Snapshot;
  statement: number;
  readonly changes: SliceChange[];
  /** Rows read so far, by their addresses of then. */
  readonly read: { readonly row: Row; readonly address: bigint }[];
  vacuum?: { readonly steps: Steps<VacuumReport>; readonly table: StorageTable };
}

/** Writes fail while `isFull`. */
function fullDisk(): Disk & { isFull: boolean } {
  const inner = memoryDisk();
  const disk = { isFull: false } as Disk & { isFull: boolean };
  const refuse = (): void => {
    if (disk.isFull) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  };
  return Object.assign(disk, {
    ...inner,
    open: (path: string, mode: 'read' | 'create' | 'append') => {
      const file = inner.open(path, mode);
      return new Proxy(file, {
        get: (of, name: keyof typeof file) => {
          const value: unknown = of[name];
          if (typeof value !== 'function') return value;
          return (...args: unknown[]) => {
            if (name === 'write') refuse();
            return (value as (...given: unknown[]) => unknown).apply(of, args);
          };
        },
      });
    },
  });
}
const isFullDisk = (error: unknown): boolean =>
  error instanceof Error && (error.message.startsWith('ENOSPC') || error.message === 'Disk Full');

class Interleaving {
  private readonly disk = fullDisk();
  private slice: Slice;
  private replica: Slice;
  private rows: Row[] = [];
  private open: Open[] = [];
  private readonly log: { readonly xid: number; readonly lsn: number; readonly changes: readonly SliceChange[] }[] =
    [];
  private readonly writers = new Map<StorageTable, Open>();
  /** xids of the VACUUMs that committed. */
  private readonly vacuums = new Map<StorageTable, number[]>();
  private nextXid = 5;
  private nextKey = 1;
  private reclaiming: Steps<void> | undefined;
  private following: Steps<void> | undefined;
  conflicts = 0;

  constructor(private readonly random: Prng) {
    this.slice = openTestSlice(node, this.disk);
    this.replica = openTestSlice(node, this.disk, { readOnly: true });
  }

  run(): void {
    for (let n = 0; n < OPS; n++) {
      this.operate(this.random.int(0, 99));
      if (n % 12 === 0 || n === OPS - 1) this.check();
    }
    this.disk.isFull = false;
    while (this.open.length > 0) this.end(this.open[0]!, true);
    this.check();
    this.slice.close();
    this.replica.close();
  }
  private operate(kind: number): void {
    const open = this.open.length === 0 ? undefined : this.random.pick(this.open);
    if (open === undefined || (kind < 12 && this.open.length < OPEN_MAX)) return this.begin();
    if (kind < 42) return this.write(open);
    if (kind < 55) return this.look(open);
    if (kind < 70) return this.end(open, this.random.int(0, 3) > 0);
    if (kind < 86) return this.step();
    if (kind < 91) return this.beginVacuum(open);
    if (kind < 94) return this.checkpoint();
    if (kind < 95) return this.restart();
    this.disk.isFull = kind < 97 && !this.disk.isFull;
  }

  private begin(): void {
    const xid = this.nextXid++;
    const active = this.open.map((o) => o.xid);
    this.open.push({ xid, seen: snapshot(xid + 1, xid, active), statement: 1, changes: [], read: [] });
  }
  private snapshotOf({ seen, statement }: Open): Snapshot {
    return { ...seen, statement };
  }
  private visible(table: StorageTable, at: Snapshot): Row[] {
    return this.rows.filter((r) => {
      if (r.table !== table || !sees(at, r.by.xid, r.by.statement)) return false;
      return r.deleted === undefined || !sees(at, r.deleted.xid, r.deleted.statement);
    });
  }
  private check(): void {
    const last = snapshot(
      this.nextXid,
      0,
      this.open.map((o) => o.xid),
    );
    const others = this.open.filter(() => this.random.int(0, 2) === 0).map((o) => this.snapshotOf(o));
    for (const at of [last, ...others]) {
      for (const table of TABLES) {
        const wanted = this.visible(table, at).map((r) => r.key);
        for (const slice of [this.slice, this.replica]) {
          const found = rowsOf(node, slice, table, at).map(({ cells }) => {
            if (cells[1] !== `text of ${String(cells[0])}`) throw new Error(`row ${cells.join()}`);
            return Number(cells[0]);
          });
          expect(found.sort((a, b) => a - b).join(), `${table.name}, xmax ${at.xmax}`).toBe(wanted.join());
        }
      }
    }
  }

  /** The table's lock, which one transaction at a time holds to its end. */
  private lock(open: Open): StorageTable | undefined {
    if (open.vacuum !== undefined) return undefined;
    const table = this.random.pick(TABLES);
    const holder = this.writers.get(table);
    if (holder !== undefined && holder !== open) return undefined;
    this.writers.set(table, open);
    return table;
  }
  private write(open: Open): void {
    const table = this.lock(open);
    if (table === undefined) return;
    const isDelete = open.read.some((r) => r.row.table === table) && this.random.int(0, 4) > 1;
    try {
      if (isDelete) this.remove(open, table);
      else for (let n = this.random.pick(STATEMENTS); n > 0; n--) this.add(open, table);
    } catch (error) {
      if (!isFullDisk(error)) throw error;
      this.end(open, false);
    }
  }
  private stage(open: Open, change: SliceChange): void {
    open.changes.push(change);
    this.replica.stage(change);
    open.statement++;
  }
  private add(open: Open, table: StorageTable): void {
    const keys = Array.from({ length: this.random.pick(COUNTS) }, () => this.nextKey++);
    const by = { xid: open.xid, statement: open.statement };
    const cells = keys.map((key) => [key, `text of ${key}`]);
    const options = { statement: open.statement, sortRows: table.sortkey.length > 0 };
    const change = insert(node, this.slice, table, cells, open.xid, options);
    for (const key of keys) this.rows.push({ table, key, by, deleted: undefined });
    this.stage(open, change);
  }
  private look(open: Open): void {
    const table = this.random.pick(TABLES);
    const known = new Map(this.rows.filter((r) => r.table === table).map((r) => [r.key, r]));
    for (const { cells, address } of rowsOf(node, this.slice, table, this.snapshotOf(open)))
      if (this.random.int(0, 2) === 0) open.read.push({ row: known.get(Number(cells[0]))!, address });
  }
  private remove(open: Open, table: StorageTable): void {
    const candidates = open.read.filter((r) => r.row.table === table);
    const count = this.random.pick([1, 5, 30, 300]);
    const chosen = candidates.filter(() => this.random.int(0, candidates.length) < count);
    const at = this.snapshotOf(open);
    const isTaken = chosen.some(
      ({ row }) => row.deleted !== undefined && !sees(at, row.deleted.xid, row.deleted.statement),
    );
    const isMoved = (this.vacuums.get(table) ?? []).some((xid) => !sees(at, xid, 1));
    const addresses = [...new Set(chosen.map((c) => c.address))];
    let change: SliceChange;
    try {
      change = this.slice.deleteRows(table, addresses, open.xid, open.statement);
    } catch (error) {
      if ((error as Error).message !== '1023' || !(isTaken || isMoved)) throw error;
      this.conflicts++;
      return this.end(open, false);
    }
    expect(isTaken, 'a conflict is noticed').toBe(false);
    for (const { row } of chosen) row.deleted ??= { xid: open.xid, statement: open.statement };
    this.stage(open, change);
  }

  private end(open: Open, commits: boolean): void {
    this.open = this.open.filter((o) => o !== open);
    for (const [table, holder] of [...this.writers]) if (holder === open) this.writers.delete(table);
    open.vacuum?.steps.return(undefined as never);
    if (!commits) {
      this.slice.rollback(open.xid);
      this.replica.rollback(open.xid);
      this.rows = this.rows.filter((r) => r.by.xid !== open.xid);
      for (const row of this.rows) if (row.deleted?.xid === open.xid) row.deleted = undefined;
      return;
    }
    if (open.changes.length === 0) return;
    const lsn = this.log.length + 1;
    this.log.push({ xid: open.xid, lsn, changes: open.changes });
    this.slice.commit(open.xid, lsn, open.changes);
    this.replica.commit(open.xid, lsn, open.changes);
  }
  private get oldestXmin(): number {
    return this.open.reduce((x, o) => Math.min(x, o.xid, ...o.seen.active), this.nextXid);
  }
  /** Goes on with what is done in steps, or begins to reclaim. */
  private step(): void {
    const vacuum = this.open.find((o) => o.vacuum !== undefined);
    if (vacuum !== undefined && this.random.int(0, 1) === 0) return this.stepVacuum(vacuum);
    if (this.reclaiming === undefined && this.following === undefined) {
      this.reclaiming = this.slice.reclaimSteps(this.oldestXmin, this.nextXid);
      this.following = this.replica.reclaimSteps(this.oldestXmin, this.nextXid);
    }
    for (let n = this.random.pick([1, 2, 5, 1000]); n > 0; n--) {
      if (isOver(this.reclaiming)) this.reclaiming = undefined;
      if (isOver(this.following)) this.following = undefined;
    }
  }
  private beginVacuum(open: Open): void {
    // VACUUM is a transaction of its own.
    if (open.changes.length > 0 || open.read.length > 0) return;
    const table = this.lock(open);
    if (table === undefined) return;
    const mode = this.random.pick(['full', 'delete only', 'sort only'] as const);
    const options = { xid: open.xid, oldestXmin: this.oldestXmin, mode, threshold: 100 };
    open.vacuum = { steps: this.slice.vacuum(table, options), table };
  }
  private stepVacuum(open: Open): void {
    const { steps, table } = open.vacuum!;
    for (let n = this.random.pick([1, 3, 1000]); n > 0; n--) {
      let result: IteratorResult<void, VacuumReport>;
      try {
        result = steps.next();
      } catch (error) {
        if (!isFullDisk(error)) throw error;
        return this.end(open, false);
      }
      if (result.done !== true) continue;
      const { change } = result.value;
      this.stage(open, change);
      const commits = this.random.int(0, 2) > 0;
      this.end(open, commits);
      if (commits) this.vacuums.set(table, [...(this.vacuums.get(table) ?? []), open.xid]);
      return;
    }
  }
  private checkpoint(): void {
    try {
      this.slice.checkpoint(this.log.length);
    } catch (error) {
      if (!isFullDisk(error)) throw error;
    }
  }
  /** What was not committed is gone; the log is replayed behind the superblock. */
  private restart(): void {
    this.disk.isFull = false;
    this.reclaiming = this.following = undefined;
    this.slice.close();
    this.replica.close();
    for (const open of [...this.open]) {
      this.rows = this.rows.filter((r) => r.by.xid !== open.xid);
      for (const row of this.rows) if (row.deleted?.xid === open.xid) row.deleted = undefined;
    }
    this.open = [];
    this.writers.clear();
    this.slice = openTestSlice(node, this.disk);
    this.replica = openTestSlice(node, this.disk, { readOnly: true });
    for (const { xid, lsn, changes } of this.log) {
      for (const slice of [this.slice, this.replica]) if (lsn > slice.checkpointLsn) slice.commit(xid, lsn, changes);
    }
    this.slice.finishRecovery();
  }
}
function isOver(steps: Steps<void> | undefined): boolean {
  try {
    return steps === undefined || steps.next().done === true;
  } catch (error) {
    if (!isFullDisk(error)) throw error;
    return true;
  }
}

describe('interleaved', () => {
  const first = Number(process.env['INTERLEAVED_FIRST'] ?? 1);
  const all = Array.from({ length: Number(process.env['INTERLEAVED_SEEDS'] ?? 8) }, (_, i) => first + i);
  // Deletes are refused in the last one, whatever others are drawn.
  const seeds =
    process.env['INTERLEAVED_SEEDS'] === undefined
      ? [...sampled('interleaved', all.slice(0, -1), 2), all.at(-1)!]
      : all;
  const merge = vi.spyOn(TableState.prototype, 'merge');
  let conflicts = 0;
  test.each(seeds)('seed %i', (seed) => {
    const interleaving = new Interleaving(new Prng(seed));
    interleaving.run();
    conflicts += interleaving.conflicts;
  });
  test('groups were merged, and deletes refused', () => {
    expect(merge.mock.calls.length).toBeGreaterThan(seeds.length);
    expect(conflicts).toBeGreaterThan(0);
  });
});
