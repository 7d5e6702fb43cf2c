/**
 * Transaction manager, commit log and slice storage of one cluster on one simulated disk, in this process: power goes at a
 * random operation, un-synced writes are lost and the last one is torn; then everything is opened and recovered as a
 * server does. A hundred seeds: acknowledged transactions are whole, others are gone, tables the catalog does not know
 * have no rows.
 */
import { beforeAll, expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { systemClock } from '../../src/common/clock.ts';
import { PowerLoss, SimulatedDisk } from '../../src/common/disk-simulated.ts';
import { Prng } from '../../src/common/prng.ts';
import { dropObject, putObject } from '../../src/leader/catalog/changes.ts';
import { classIn } from '../../src/leader/catalog/state.ts';
import type { TableObject } from '../../src/leader/catalog/objects.ts';
import {
  openTransactionManager,
  type LeaderTransactionManager,
  type RecoveredCommit,
  type SlicePort,
} from '../../src/leader/transaction/transaction-manager.ts';
import type { Slice } from '../../src/slices/slice.ts';
import { atOnce, type SliceChange, type StorageTable } from '../../src/slices/storage.ts';
import {
  column,
  insert,
  openTestSlice,
  rowsOf,
  testNode,
  type Cell,
  type TestNode,
} from '../../src/slices/test-slice.ts';
import { INT4, varchar } from '../../src/types/sql-type.ts';
import { uninterrupted } from '../../src/leader/transaction/waits.ts';

const DB = 100;
const SLICES = 2;
let node: TestNode;
beforeAll(async () => {
  node = await testNode(128);
});

type Rows = ReadonlyMap<number, number>;
type Model = ReadonlyMap<number, Rows>;

const storageOf = (tableId: number): StorageTable => ({
  tableId,
  name: `t${tableId}`,
  columns: [column(1, INT4, 'az64'), column(2, INT4, 'az64'), column(3, varchar(40), 'raw')],
  sortkey: tableId % 2 === 0 ? [1] : [],
});
const objectOf = (oid: number): TableObject => ({
  kind: 'table',
  oid,
  schemaOid: 2200,
  name: `t${oid}`,
  ownerOid: 100,
  createdAtMicros: 1n,
  acl: [],
  temporary: false,
  columns: [{ attnum: 1, name: 'a', type: { name: 'int4' }, notNull: false, encoding: 'az64', dropped: false }],
  diststyle: 'even',
  effectiveDiststyle: 'even',
  sortkey: [],
  sortkeyStyle: 'auto',
  encodeAuto: true,
  backup: true,
  constraints: [],
});

class Server implements SlicePort {
  slices: Slice[] = [];
  manager!: LeaderTransactionManager;
  constructor(readonly disk: SimulatedDisk) {}

  async open(): Promise<void> {
    this.slices = Array.from({ length: SLICES }, (_, slice) =>
      openTestSlice(node, this.disk, { slice, directory: `slice-${slice}`, sortBytesMax: 100_000 }),
    );
    this.manager = await openTransactionManager({
      disk: this.disk,
      directory: 'catalog',
      clock: systemClock,
      memory: false,
      slicePort: this,
      checkpointBytes: 300_000,
      sliceLsns: this.slices.map((s) => s.checkpointLsn),
    });
    for (const slice of this.slices) slice.finishRecovery();
  }
  close(): void {
    for (const slice of this.slices) slice.close();
  }
  async applyCommit(
    xid: number,
    lsn: number,
    changes: readonly SliceChange[],
    drops: readonly number[],
  ): Promise<void> {
    for (const [i, slice] of this.slices.entries()) {
      if (lsn <= slice.checkpointLsn) continue;
      slice.commit(
        xid,
        lsn,
        changes.filter((c) => c.slice === i),
      );
      for (const t of drops) slice.dropTable(t);
    }
  }
  async rollback(xid: number): Promise<void> {
    for (const slice of this.slices) slice.rollback(xid);
  }
  async checkpoint(lsn: number): Promise<void> {
    for (const slice of this.slices) slice.checkpoint(lsn);
  }
  async recover(commits: readonly RecoveredCommit[]): Promise<void> {
    for (const c of commits) await this.applyCommit(c.xid, c.lsn, c.changes, c.drops);
  }
}

class Run {
  committed: Model = new Map();
  uncertain: Model | undefined;
  acknowledged = 0;
  private nextId = 1;
  readonly server: Server;
  constructor(
    private readonly random: Prng,
    private readonly disk: SimulatedDisk,
  ) {
    this.server = new Server(disk);
  }

  async step(): Promise<void> {
    const { manager, slices } = this.server;
    const what = this.random.int(0, 99);
    if (what < 5) return manager.checkpoint();
    if (what < 20) {
      const { oldestXmin, nextXid } = manager.xidHorizon();
      for (const slice of slices) slice.reclaim(oldestXmin, nextXid);
      return;
    }
    const transaction = manager.begin(DB, 1, { readOnly: false, signal: uninterrupted });
    const model = new Map(this.committed);
    const tables = [...model.keys()];
    if (tables.length === 0 || what < 30) {
      const oid = manager.nextOid();
      putObject(transaction, objectOf(oid));
      model.set(oid, new Map());
      tables.push(oid);
    }
    const table = this.random.pick(tables);
    await transaction.lock(table, 'AccessExclusiveLock');
    if (what < 34) {
      transaction.dropStorage(table);
      if (what < 32) {
        dropObject(transaction, { kind: 'table', oid: table });
        model.delete(table);
      } else model.set(table, new Map());
    } else if (what < 42) this.vacuum(table, transaction);
    else for (let n = this.random.int(1, 3); n > 0; n--) this.write(table, model, transaction);
    if (what > 92) return transaction.rollback();
    this.uncertain = model;
    await transaction.commit();
    this.committed = model;
    this.uncertain = undefined;
    this.acknowledged++;
  }
  private vacuum(table: number, transaction: ReturnType<LeaderTransactionManager['begin']>): void {
    for (const slice of this.server.slices) {
      const report = atOnce(
        slice.vacuum(storageOf(table), {
          xid: transaction.requireXid(),
          oldestXmin: this.server.manager.oldestXmin(),
          mode: this.random.pick(['full', 'sort only', 'delete only'] as const),
          threshold: 100,
        }),
      );
      transaction.addSliceChanges([report.change]);
    }
  }
  private write(
    table: number,
    model: Map<number, Rows>,
    transaction: ReturnType<LeaderTransactionManager['begin']>,
  ): void {
    transaction.nextStatement();
    const xid = transaction.requireXid();
    const rows = new Map(model.get(table));
    const storage = storageOf(table);
    for (const slice of this.server.slices) {
      if (this.random.int(0, 2) > 0) {
        const fresh = Array.from({ length: this.random.pick([1, 3, 50, 4000]) }, (): [number, number] => [
          this.nextId++,
          this.random.int(0, 99),
        ]);
        const cells = fresh.map(([id, v]): Cell[] => [id, v, `${id}`.padEnd(36, '.')]);
        transaction.addSliceChanges([
          insert(node, slice, storage, cells, xid, { statement: transaction.statement, sortRows: true }),
        ]);
        for (const [id, v] of fresh) rows.set(id, v);
      } else {
        const victims = rowsOf(node, slice, storage, transaction.snapshot()).filter(
          () => this.random.int(0, 3) === 0,
        );
        transaction.addSliceChanges([
          slice.deleteRows(
            storage,
            victims.map((v) => v.address),
            xid,
            transaction.statement,
          ),
        ]);
        for (const v of victims) rows.delete(Number(v.cells[0]));
      }
    }
    model.set(table, rows);
  }

  async recover(): Promise<void> {
    this.server.close();
    this.disk.crash();
    await this.server.open();
    const wanted = this.uncertain === undefined ? [this.committed] : [this.committed, this.uncertain];
    const found = this.read();
    const at = wanted.findIndex((m) => JSON.stringify(flat(m)) === JSON.stringify(found));
    if (at < 0) expect(found).toEqual(flat(wanted[0]!));
    this.committed = wanted[at]!;
    this.uncertain = undefined;
  }
  private read(): unknown {
    const { manager, slices } = this.server;
    const tables = [...classIn(manager.committed, 'relation', DB).objects.keys()].sort((a, b) => a - b);
    const all = manager.begin(DB, 1, { readOnly: true, signal: uninterrupted }).snapshot();
    for (const slice of slices)
      for (const t of slice.tables()) expect(t.rowCount === 0 || tables.includes(t.tableId)).toBe(true);
    return tables.map((t) => [
      t,
      slices
        .flatMap((s) => rowsOf(node, s, storageOf(t), all))
        .map((r) => [Number(r.cells[0]), Number(r.cells[1])])
        .sort((a, b) => a[0]! - b[0]!),
    ]);
  }
}
const flat = (model: Model): unknown =>
  [...model].sort((a, b) => a[0] - b[0]).map(([t, rows]) => [t, [...rows].sort((a, b) => a[0] - b[0])]);

const SEEDS = Array.from({ length: 100 }, (_, i) => i + 1);
test.each(sampled('simulated', SEEDS, 30))('seed %i', async (seed) => {
  const random = new Prng(seed);
  const disk = new SimulatedDisk({ seed: seed * 31 + 7 });
  const run = new Run(random, disk);
  await run.server.open();
  for (let round = 0; round < 3; round++) {
    disk.operationsMax = random.int(5, 80);
    try {
      for (let steps = 0; steps < 20; steps++) await run.step();
    } catch (error) {
      if (!causedByPowerLoss(error)) throw error;
    }
    disk.operationsMax = Infinity;
    await run.recover();
  }
  run.server.close();
});

/** The commit log reports a failed write as 58030 with the cause's text. */
const causedByPowerLoss = (error: unknown): boolean =>
  error instanceof PowerLoss || (error instanceof Error && error.message.includes('power loss'));
