/** Long work that ends between two of its steps, VACUUM or the end of a sorted write, leaves rows, files and memory as they were. */
import { beforeAll, describe, expect, test } from 'vitest';
import { memoryDisk } from '../common/disk-memory.ts';
import { INT4, varchar } from '../types/sql-type.ts';
import { Prng } from '../common/prng.ts';
import type { Slice } from './slice.ts';
import { atOnce, type StorageTable } from './storage.ts';
import {
  column,
  insert,
  openTestSlice,
  rowsOf,
  snapshot,
  testNode,
  vector,
  type Cell,
  type TestNode,
} from './test-slice.ts';

let node: TestNode;
beforeAll(async () => {
  node = await testNode(192);
});
const TABLE: StorageTable = {
  tableId: 100001,
  name: 't',
  columns: [column(1, INT4, 'az64'), column(2, varchar(40), 'lzo')],
  sortkey: [1],
};
const SORT_BYTES = 400_000;
const shuffled = (count: number, seed: number): Cell[][] => {
  const random = new Prng(seed);
  return Array.from({ length: count }, () => random.u32() >>> 1).map((n) => [n, `row ${n}`]);
};
const cellsOf = (slice: Slice, xid: number): Cell[][] =>
  rowsOf(node, slice, TABLE, snapshot(xid)).map((r) => r.cells);

describe.each([[undefined], [SORT_BYTES]])('sort memory %s', (sortBytesMax) => {
  test('VACUUM', () => {
    const disk = memoryDisk();
    const slice = openTestSlice(node, disk, { sortBytesMax });
    for (const [xid, seed] of [
      [5, 1],
      [6, 2],
    ] as const) {
      slice.commit(xid, xid, [insert(node, slice, TABLE, shuffled(40_000, seed), xid, { sortRows: true })]);
    }
    const before = cellsOf(slice, 7);
    const files = [...disk.list('slice-0')].sort();
    const begin = (xid: number) => slice.vacuum(TABLE, { xid, oldestXmin: xid, mode: 'full', threshold: 100 });
    let ended = 0;
    for (let steps = 0, xid = 7; steps < 400; steps = steps * 4 + 1, xid++) {
      const work = begin(xid);
      let isOver = false;
      for (let n = 0; n < steps && !isOver; n++) isOver = work.next().done === true;
      if (!isOver) {
        work.return(undefined as never);
        ended++;
      }
      slice.rollback(xid);
      slice.reclaim(xid + 1, xid + 1);
      expect([...disk.list('slice-0')].sort(), `ended after ${steps} steps`).toEqual(files);
      expect(cellsOf(slice, xid + 1)).toEqual(before);
    }
    expect(ended).toBeGreaterThan(2);
    const report = atOnce(begin(100));
    slice.commit(100, 100, [report.change]);
    expect(cellsOf(slice, 101)).toEqual([...before].sort((a, b) => Number(a[0]) - Number(b[0])));
    slice.close();
    expect(slice.context.pool.usedBytes).toBe(0);
  });
  test.each([1, 2, 3, 4, 5, 6, 7])('VACUUM beside reclaim and checkpoints, seed %d', (seed) => {
    const random = new Prng(seed);
    const slice = openTestSlice(node, memoryDisk(), { sortBytesMax });
    let xid = 5;
    for (; xid < 40; xid++)
      slice.commit(xid, xid, [insert(node, slice, TABLE, shuffled(1 + (random.u32() % 60), seed * 100 + xid), xid)]);
    const before = cellsOf(slice, xid);
    const work = slice.vacuum(TABLE, { xid, oldestXmin: xid, mode: 'full', threshold: 100 });
    let step = work.next();
    while (step.done !== true) {
      if (random.u32() % 2 === 0) slice.reclaim(xid, xid);
      if (random.u32() % 4 === 0) slice.checkpoint(xid - 1);
      step = work.next();
    }
    const { change } = step.value;
    if (seed % 3 === 0) slice.rollback(xid);
    else slice.commit(xid, xid, [change]);
    slice.reclaim(xid + 1, xid + 1);
    const order = (rows: Cell[][]): string[] => rows.map((r) => r.join()).sort();
    expect(order(cellsOf(slice, xid + 1))).toEqual(order(before));
    slice.close();
    expect(slice.context.pool.usedBytes).toBe(0);
  });
  test('VACUUM tells how far it has come', () => {
    const slice = openTestSlice(node, memoryDisk(), { sortBytesMax });
    for (const xid of [5, 6])
      slice.commit(xid, xid, [insert(node, slice, TABLE, shuffled(40_000, xid), xid, { sortRows: true })]);
    const work = slice.vacuum(TABLE, { xid: 7, oldestXmin: 7, mode: 'full', threshold: 100 });
    const done: number[] = [];
    while (work.next().done !== true) {
      const [progress] = slice.vacuums();
      expect(progress).toMatchObject({ tableId: TABLE.tableId, xid: 7, phase: 'sort', rows: 80_000 });
      done.push(progress!.rowsDone);
    }
    expect(done).toEqual([...done].sort((a, b) => a - b));
    expect(new Set(done).size).toBeGreaterThan(2);
    expect(done.at(-1)).toBe(80_000);
    expect(slice.vacuums()).toEqual([]);
    slice.close();
  });
  test('the end of a sorted write', () => {
    const disk = memoryDisk();
    const slice = openTestSlice(node, disk, { sortBytesMax });
    const rows = shuffled(40_000, 3);
    const values = [1, 2].map((attnum, i) =>
      vector(
        node,
        attnum,
        TABLE.columns[i]!.type,
        rows.map((r) => r[i]!),
      ),
    );
    for (let steps = 0, xid = 5; steps < 100; steps = steps * 4 + 1, xid++) {
      const writer = slice.openWriter(TABLE, xid, 1, { sortRows: true });
      writer.append(values, rows.length);
      const work = writer.finishSteps();
      for (let n = 0; n < steps; n++) if (work.next().done === true) break;
      writer.abort();
      slice.rollback(xid);
      slice.reclaim(xid + 1, xid + 1);
      expect(
        disk.list('slice-0').filter((n) => /\.(blk|tmp)$/.test(n)),
        `ended after ${steps} steps`,
      ).toEqual([]);
      expect(cellsOf(slice, xid + 1)).toEqual([]);
    }
    slice.close();
  });
});
