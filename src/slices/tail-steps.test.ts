/**
 * The tail is merged in steps, and what cannot be merged is not read again. Whatever happens to the table between two steps,
 * every snapshot, address, rollback and restart finds the rows there are. Random cases print their seed in the test name.
 */
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { memoryDisk } from '../common/disk-memory.ts';
import { Prng } from '../common/prng.ts';
import { INT4, varchar } from '../types/sql-type.ts';
import { GroupFeeder } from './group-feeder.ts';
import type { Slice } from './slice.ts';
import { atOnce, type SliceChange, type Snapshot, type Steps, type StorageTable } from './storage.ts';
import { column, insert, openTestSlice, rowsOf, snapshot, testNode, type TestNode } from './test-slice.ts';

let node: TestNode;
beforeAll(async () => {
  node = await testNode(192);
});
afterEach(() => vi.restoreAllMocks());
const tableOf = (encoding: string): StorageTable => ({
  tableId: 100001,
  name: 't',
  columns: [column(1, INT4, 'az64'), column(2, varchar(20000), encoding)],
  sortkey: [],
});
const TABLE = tableOf('raw');
const keys = (slice: Slice, at: Snapshot): number[] => rowsOf(node, slice, TABLE, at).map((r) => Number(r.cells[0]));
const upTo = (from: number, end: number): number[] => Array.from({ length: end - from }, (_, i) => from + i);

describe('long texts', () => {
  const GROUPS = 70;
  const rowsOfGroup = (xid: number): [number, string][] =>
    upTo(0, 20).map((n) => [xid * 100 + n, `${xid * n} `.repeat(20_000).slice(0, 14_000)]);
  const fill = (slice: Slice, table: StorageTable, change = (c: SliceChange): SliceChange => c): void => {
    for (let xid = 5; xid < 5 + GROUPS; xid++) {
      const made = insert(node, slice, table, rowsOfGroup(xid), xid);
      const changed = change(made);
      if (changed !== made) slice.rollback(xid);
      slice.commit(xid, xid, [changed]);
    }
  };
  test('groups that no other fits in with are not read', () => {
    const slice = openTestSlice(node);
    fill(slice, tableOf('lzo'));
    const fed = vi.spyOn(GroupFeeder.prototype, 'feedSteps');
    slice.reclaim(100, 100);
    expect(fed.mock.calls.length).toBe(0);
    slice.close();
  });
  test('what was too large for one group is not tried again', () => {
    const slice = openTestSlice(node);
    // As they were written before the length of their texts was told.
    fill(slice, tableOf('lzo'), (c) => ({
      ...(JSON.parse(JSON.stringify({ ...c, tail: 0 }), (key, value: unknown) =>
        key === 'textBytes' ? undefined : value,
      ) as SliceChange),
      tail: c.tail,
    }));
    const fed = vi.spyOn(GroupFeeder.prototype, 'feedSteps');
    slice.reclaim(100, 100);
    expect(fed.mock.calls.length).toBeGreaterThan(0);
    fed.mockClear();
    slice.reclaim(101, 101);
    expect(fed.mock.calls.length).toBe(0);
    expect(keys(slice, snapshot(101))).toHaveLength(GROUPS * 20);
    slice.close();
  });
});

test('many groups are read in steps', () => {
  const slice = openTestSlice(node);
  const COUNT = 6000;
  for (let n = 0; n < COUNT; n++) insert(node, slice, TABLE, [[n, 'r']], 5, { statement: n });
  slice.commit(5, 5, []);
  const fed = vi.spyOn(GroupFeeder.prototype, 'feedSteps');
  const steps = slice.reclaimSteps(6, 6);
  let count = 0,
    most = 0;
  for (;;) {
    const before = fed.mock.calls.length;
    if (steps.next().done === true) break;
    most = Math.max(most, fed.mock.calls.length - before);
    if (count++ === 40) expect(keys(slice, snapshot(6))).toEqual(upTo(0, COUNT));
  }
  expect(fed.mock.calls.length).toBe(COUNT);
  expect(most).toBeLessThanOrEqual(64);
  expect(keys(slice, snapshot(6))).toEqual(upTo(0, COUNT));
  slice.close();
  expect(slice.context.pool.usedBytes).toBe(0);
});

describe('between two steps', () => {
  const oneByOne = (slice: Slice, from: number, end: number): void => {
    for (let xid = from; xid < end; xid++) slice.commit(xid, xid, [insert(node, slice, TABLE, [[xid, 'r']], xid)]);
  };
  const begun = (slice: Slice, xid: number): Steps<void> => {
    const steps = slice.reclaimSteps(xid, xid);
    for (let n = 0; n < 2; n++) expect(steps.next().done).toBe(false);
    return steps;
  };
  test('a transaction reads the address of a group that is merged then', () => {
    const slice = openTestSlice(node);
    oneByOne(slice, 5, 85);
    slice.reclaim(85, 85);
    oneByOne(slice, 85, 165);
    const steps = begun(slice, 165);
    const [row] = rowsOf(node, slice, TABLE, snapshot(165, 165));
    atOnce(steps);
    slice.reclaim(165, 166);
    expect(slice.deleteRows(TABLE, [row!.address], 165, 1).rowsDeleted).toBe(1);
    slice.commit(165, 165, []);
    expect(keys(slice, snapshot(166))).toEqual(upTo(6, 165));
    slice.close();
  });
  test.each(['begins', 'ends'])('a VACUUM %s', (what) => {
    const slice = openTestSlice(node);
    oneByOne(slice, 5, 205);
    const steps = begun(slice, 205);
    const vacuum = slice.vacuum(TABLE, { xid: 205, oldestXmin: 205, mode: 'full', threshold: 100 });
    vacuum.next();
    if (what === 'begins') atOnce(steps);
    const { change } = atOnce(vacuum);
    slice.commit(205, 205, [change]);
    if (what === 'ends') atOnce(steps);
    expect(keys(slice, snapshot(206))).toEqual(upTo(5, 205));
    slice.close();
  });
  test('the table goes', () => {
    const slice = openTestSlice(node);
    oneByOne(slice, 5, 205);
    const steps = begun(slice, 205);
    slice.dropTable(TABLE.tableId);
    atOnce(steps);
    oneByOne(slice, 205, 210);
    expect(keys(slice, snapshot(210))).toEqual(upTo(205, 210));
    slice.reclaim(210, 210);
    slice.close();
    expect(slice.context.pool.usedBytes).toBe(0);
  });
});

interface Transaction {
  readonly xid: number;
  readonly rows: Set<number>;
  readonly changes: SliceChange[];
  /** Addresses that a scan gave, to be deleted later. */
  read: { key: number; address: bigint }[];
  statement: number;
}
/** One transaction at a time writes, as the table's lock has it; a reader keeps its snapshot; a reclaim is under way. */
class Run {
  slice: Slice;
  merges = 0;
  private readonly disk = memoryDisk();
  private xid = 10;
  private rows = new Set<number>();
  private nextKey = 0;
  private open: Transaction | undefined;
  private reader: { readonly at: Snapshot; readonly oldest: number; readonly rows: Set<number> } | undefined;
  private work: Steps<void> | undefined;
  private readonly log: { readonly xid: number; readonly changes: SliceChange[] }[] = [];
  constructor(private readonly random: Prng) {
    this.slice = openTestSlice(node, this.disk);
  }
  private get horizon(): number {
    return Math.min(this.open?.xid ?? this.xid, this.reader?.oldest ?? this.xid);
  }
  step(): void {
    const what = this.random.int(0, 99);
    if (what < 45) this.write();
    else if (what < 53) this.end();
    else if (what < 56) this.read();
    else if (what < 57 && this.open === undefined) this.vacuum();
    else if (what < 58) this.slice.checkpoint(this.log.length);
    else if (what < 62) this.work ??= this.slice.reclaimSteps(this.horizon, this.xid);
    else if (what < 63) this.slice.reclaim(this.horizon, this.xid);
    for (let n = this.random.int(0, 2); n > 0 && this.work; n--) {
      if (this.work.next().done !== true) continue;
      this.work = undefined;
      this.merges++;
    }
  }
  private write(): void {
    const t = (this.open ??= { xid: this.xid++, rows: new Set(this.rows), changes: [], read: [], statement: 1 });
    t.statement++;
    if (this.random.int(0, 9) < 7) {
      const fresh = upTo(this.nextKey, (this.nextKey += this.random.pick([1, 1, 1, 3])));
      for (const key of fresh) t.rows.add(key);
      const rows = fresh.map((key) => [key, `row ${key}`]);
      t.changes.push(insert(node, this.slice, TABLE, rows, t.xid, { statement: t.statement }));
      return;
    }
    if (t.read.length > 0) {
      const addresses = t.read.map((r) => r.address);
      for (const { key } of t.read) t.rows.delete(key);
      t.changes.push(this.slice.deleteRows(TABLE, addresses, t.xid, t.statement));
      t.read = [];
      return;
    }
    const seen = rowsOf(node, this.slice, TABLE, snapshot(t.xid, t.xid));
    t.read = seen
      .filter(() => this.random.int(0, 30) === 0)
      .map((r) => ({ key: Number(r.cells[0]), address: r.address }));
  }
  private end(): void {
    const t = this.open;
    if (t === undefined) return;
    this.open = undefined;
    if (this.random.int(0, 3) === 0) return this.slice.rollback(t.xid);
    this.log.push({ xid: t.xid, changes: t.changes });
    this.slice.commit(t.xid, this.log.length, t.changes);
    this.rows = t.rows;
  }
  private read(): void {
    if (this.reader) expect(this.sorted(keys(this.slice, this.reader.at))).toEqual(this.sorted(this.reader.rows));
    const active = this.open ? [this.open.xid] : [];
    this.reader =
      this.random.int(0, 1) === 0
        ? undefined
        : { at: snapshot(this.xid, 0, active), oldest: active[0] ?? this.xid, rows: new Set(this.rows) };
  }
  private vacuum(): void {
    const xid = this.xid++;
    const options = { xid, oldestXmin: this.horizon, mode: 'full', threshold: 100 } as const;
    const steps = this.slice.vacuum(TABLE, options);
    for (let n = this.random.int(0, 5); n > 0; n--) {
      const { done, value } = steps.next();
      if (done === true) return this.vacuumed(xid, value.change);
      this.work?.next();
    }
    this.vacuumed(xid, atOnce(steps).change);
  }
  private vacuumed(xid: number, change: SliceChange): void {
    this.log.push({ xid, changes: [change] });
    this.slice.commit(xid, this.log.length, [change]);
  }
  private readonly sorted = (rows: Iterable<number>): number[] => [...rows].sort((a, b) => a - b);
  check(): void {
    const at = snapshot(this.xid, this.open?.xid ?? 0, this.open ? [this.open.xid] : []);
    expect(this.sorted(keys(this.slice, at))).toEqual(this.sorted(this.open?.rows ?? this.rows));
  }
  restart(): void {
    this.work?.return(undefined);
    this.work = undefined;
    this.open = this.reader = undefined;
    this.slice.close();
    expect(this.slice.context.pool.usedBytes).toBe(0);
    this.slice = openTestSlice(node, this.disk);
    this.log.forEach(({ xid, changes }, i) => this.slice.commit(xid, i + 1, changes));
    this.slice.finishRecovery();
    this.check();
  }
}
test.each([1, 2, 3, 4, 5, 6, 7, 8])('others change the table between two steps, seed %i', (seed) => {
  const run = new Run(new Prng(seed));
  for (let n = 1; n <= 1500; n++) {
    run.step();
    if (n % 25 === 0) run.check();
    if (n % 500 === 0) run.restart();
  }
  expect(run.merges).toBeGreaterThan(3);
  run.slice.close();
});
