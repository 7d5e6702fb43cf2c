/**
 * Recovery on a disk that loses power in the middle of operations: whatever the seed, after reopening and replaying the
 * commit log the committed rows are there, no others, and no file of an unfinished transaction is left.
 */
import { beforeAll, expect, test } from 'vitest';
import { PowerLoss, SimulatedDisk } from '../common/disk-simulated.ts';
import { Prng } from '../common/prng.ts';
import { INT4, varchar } from '../types/sql-type.ts';
import type { Slice } from './slice.ts';
import { atOnce, type SliceChange, type StorageTable } from './storage.ts';
import { column, insert, openTestSlice, rowsOf, snapshot, testNode, type Cell, type TestNode } from './test-slice.ts';
import { SUPERBLOCK_NAMES } from './superblock.ts';
import { trials } from '../common/test-trials.ts';

let node: TestNode;
beforeAll(async () => {
  node = await testNode(128);
});

const TABLES: readonly StorageTable[] = [1, 2].map((n) => ({
  tableId: 100000 + n,
  name: `t${n}`,
  columns: [column(1, INT4, 'az64'), column(2, varchar(60), 'lzo')],
  sortkey: n === 2 ? [1] : [],
}));

type LogRecord =
  | { readonly kind: 'commit'; readonly lsn: number; readonly xid: number; readonly changes: readonly SliceChange[] }
  | { readonly kind: 'drop'; readonly lsn: number; readonly tableId: number };

/** The leader's part: a log that survives, the rows that must be there, and random transactions. */
class Run {
  log: LogRecord[] = [];
  model = new Map<number, Set<number>>(TABLES.map((t) => [t.tableId, new Set()]));
  lsn = 0;
  xid = 10;
  nextRow = 0;
  crashes = 0;
  slice: Slice;
  constructor(
    readonly random: Prng,
    readonly disk: SimulatedDisk,
  ) {
    this.slice = openTestSlice(node, disk, { sortBytesMax: 200_000 });
  }

  step(): void {
    const table = this.random.pick(TABLES);
    const what = this.random.int(0, 99);
    if (what < 50) this.transaction(table);
    else if (what < 60) this.vacuum(table);
    else if (what < 75) this.checkpoint();
    else if (what < 92) this.slice.reclaim(this.xid, this.xid);
    else if (what < 94) this.drop(table);
    else this.transaction(table, true);
  }
  private commit(xid: number, changes: readonly SliceChange[], done: () => void): void {
    // The leader's record: from here on the transaction is committed, whatever happens to the slice.
    const copy = changes.map((c) => ({
      ...(JSON.parse(JSON.stringify({ ...c, tail: 0 })) as SliceChange),
      tail: c.tail.slice(),
      deletes: c.deletes.map((d) => ({ ...d, rows: d.rows.slice() })),
    }));
    this.log.push({ kind: 'commit', lsn: ++this.lsn, xid, changes: copy });
    done();
    this.slice.commit(xid, this.lsn, changes);
  }
  private transaction(table: StorageTable, abort = false): void {
    const xid = this.xid++;
    const rows = this.model.get(table.tableId)!;
    const added: number[] = [],
      removed: number[] = [];
    const changes: SliceChange[] = [];
    for (let statement = 1; statement <= this.random.int(1, 3); statement++) {
      if (this.random.int(0, 2) > 0 || rows.size === 0) {
        const count = this.random.pick([1, 1, 5, 300, 9000]);
        const fresh = Array.from({ length: count }, () => this.nextRow++);
        const cells = fresh.map((n): Cell[] => [(n * 7919) % 100_003, `${n}`]);
        changes.push(insert(node, this.slice, table, cells, xid, { statement, sortRows: true }));
        added.push(...fresh);
      } else {
        const share = this.random.pick([2, 10, 100]);
        const victims = rowsOf(node, this.slice, table, snapshot(xid, xid, [], statement)).filter(
          () => this.random.int(1, share) === 1,
        );
        changes.push(
          this.slice.deleteRows(
            table,
            victims.map((v) => v.address),
            xid,
            statement,
          ),
        );
        removed.push(...victims.map((v) => Number(v.cells[1])));
      }
    }
    if (abort) return this.slice.rollback(xid);
    this.commit(xid, changes, () => {
      for (const n of added) rows.add(n);
      for (const n of removed) rows.delete(n);
    });
  }
  private vacuum(table: StorageTable): void {
    const xid = this.xid++;
    const report = atOnce(
      this.slice.vacuum(table, {
        xid,
        oldestXmin: xid,
        mode: this.random.pick(['full', 'sort only', 'delete only'] as const),
        threshold: this.random.pick([95, 100]),
      }),
    );
    if (this.random.int(0, 4) === 0) this.slice.rollback(xid);
    else this.commit(xid, [report.change], () => {});
  }
  /** The log behind a durable checkpoint is all that is kept, as the leader does. */
  private checkpoint(): void {
    this.slice.checkpoint(this.lsn);
    this.log = this.log.filter((record) => record.lsn > this.lsn);
  }
  private drop(table: StorageTable): void {
    this.log.push({ kind: 'drop', lsn: ++this.lsn, tableId: table.tableId });
    this.model.set(table.tableId, new Set());
    this.slice.dropTable(table.tableId);
  }

  recover(): void {
    this.crashes++;
    this.slice.close();
    this.disk.crash();
    this.slice = openTestSlice(node, this.disk, { sortBytesMax: 200_000 });
    for (const record of this.log) {
      if (record.kind === 'commit') this.slice.commit(record.xid, record.lsn, record.changes);
      else if (record.lsn > this.slice.checkpointLsn) this.slice.dropTable(record.tableId);
    }
    this.slice.finishRecovery();
    this.check();
    const known = new Set<string>(
      this.slice
        .blocks()
        .filter((b) => b.onDisk)
        .map((b) => b.file.split('/')[1]!),
    );
    for (const name of this.disk.list('slice-0')) {
      expect(known.has(name) || (SUPERBLOCK_NAMES as readonly string[]).includes(name), name).toBe(true);
    }
  }
  check(): void {
    for (const table of TABLES) {
      const found = rowsOf(node, this.slice, table, snapshot(this.xid))
        .map((r) => Number(r.cells[1]))
        .sort((a, b) => a - b);
      expect(found).toEqual([...this.model.get(table.tableId)!].sort((a, b) => a - b));
    }
  }
}

test.each(Array.from({ length: trials(12) }, (_, i) => i + 1))('seed %i', (seed) => {
  const random = new Prng(seed);
  const disk = new SimulatedDisk({ seed: seed * 7 + 1 });
  const run = new Run(random, disk);
  for (let round = 0; round < 6; round++) {
    disk.operationsMax = random.int(3, 60);
    try {
      for (let steps = 0; steps < 25; steps++) run.step();
      run.check();
    } catch (error) {
      if (!(error instanceof PowerLoss)) throw error;
    }
    disk.operationsMax = Infinity;
    run.recover();
  }
  expect(run.crashes).toBe(6);
  run.slice.close();
  expect(run.slice.context.pool.usedBytes).toBe(0);
});

test('both superblock copies broken is an error, one is not', () => {
  const disk = new SimulatedDisk({ seed: 5 });
  const slice = openTestSlice(node, disk);
  const table = TABLES[0]!;
  slice.commit(5, 1, [insert(node, slice, table, [[1, 'a']], 5)]);
  slice.checkpoint(1);
  slice.commit(6, 2, [insert(node, slice, table, [[2, 'b']], 6)]);
  slice.checkpoint(2);
  slice.close();
  disk.corrupt('slice-0/superblock-0', 100);
  const older = openTestSlice(node, disk);
  expect(older.checkpointLsn).toBe(1);
  expect(rowsOf(node, older, table, snapshot(9))).toHaveLength(1);
  older.close();
  disk.corrupt('slice-0/superblock-1', 100);
  expect(() => openTestSlice(node, disk)).toThrow('Corrupt block: both superblocks');
});
