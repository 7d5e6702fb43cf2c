/**
 * Ordered scans: whatever way the rows came, each run of groups is in the order of the key and all visible rows are in one
 * of the two, once.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { memoryDisk } from '../common/disk-memory.ts';
import { Prng } from '../common/prng.ts';
import { INT4, varchar } from '../types/sql-type.ts';
import type { Slice } from './slice.ts';
import { atOnce, type PinnedGroup, type Snapshot, type StorageTable } from './storage.ts';
import { column, decode, insert, openTestSlice, snapshot, testNode, type Cell, type TestNode } from './test-slice.ts';

let node: TestNode;
beforeAll(async () => {
  node = await testNode(192);
});

const numbers: StorageTable = {
  tableId: 100001,
  name: 'numbers',
  columns: [column(1, INT4, 'az64'), column(2, varchar(40), 'lzo')],
  sortkey: [1],
};
const texts: StorageTable = {
  tableId: 100002,
  name: 'texts',
  columns: [column(1, varchar(40), 'lzo'), column(2, INT4)],
  sortkey: [1],
};

const SORT = { sortRows: true };

/** Visible rows of a pinned group. */
function rowsOfGroup(table: StorageTable, group: PinnedGroup): Cell[][] {
  const columns = group.chunks.map((chunk, i) => decode(node, chunk, table.columns[i]!.type, group.rowCount));
  const isHidden = (row: number): boolean =>
    group.invisible !== 0 && new Uint8Array(node.memory.buffer)[group.invisible + row] === 1;
  return Array.from({ length: group.rowCount }, (_, row) => columns.map((c) => c[row]!)).filter(
    (_, r) => !isHidden(r),
  );
}
/** The rows of each run, in the order given. */
function runs(slice: Slice, table: StorageTable, at: Snapshot): [Cell[][], Cell[][]] {
  const scan = slice.orderedScan(table, [1, 2], [], at, 1);
  atOnce(scan.prepare());
  const read = (run: 0 | 1): Cell[][] =>
    Array.from({ length: scan.runs[run] }, (_, index) => {
      const group = scan.pinAt(run, index);
      const rows = group === undefined ? [] : rowsOfGroup(table, group);
      group?.release();
      return rows;
    }).flat();
  const both: [Cell[][], Cell[][]] = [read(0), read(1)];
  // Again, from the last to the first: a group may be asked for at any time.
  for (let index = scan.runs[0] - 1; index >= 0; index--) scan.pinAt(0, index)?.release();
  const { rowsRead, rowsDeleted } = scan.statistics;
  scan.close();
  expect(rowsRead - rowsDeleted).toBe(both[0].length + both[1].length);
  return both;
}
const keys = (rows: readonly Cell[][]): Cell[] => rows.map((r) => r[0]!).filter((k) => k !== null);
const trimmed = (key: Cell): Cell => (typeof key === 'string' ? key.replace(/ +$/, '') : key);
function expectOrder(rows: readonly Cell[][]): void {
  const list = keys(rows).map(trimmed) as (string | number)[];
  expect(list).toEqual([...list].sort((a, b) => (a < b ? -1 : a > b ? 1 : 0)));
}

describe('two runs in order', () => {
  test('a region, rows behind it, late rows, NULLs, and rows that are deleted', () => {
    const slice = openTestSlice(node);
    const row = (k: number | null): Cell[] => [k, `row ${k}`];
    slice.commit(5, 1, [insert(node, slice, numbers, [3, 1, 2, 9, 8].map(row), 5, SORT)]);
    slice.commit(6, 2, [insert(node, slice, numbers, [12, 11, 10].map(row), 6, SORT)]);
    slice.commit(7, 3, [insert(node, slice, numbers, [7, null, 2, 30].map(row), 7, SORT)]);
    const before = runs(slice, numbers, snapshot(8));
    expect(keys(before[0])).toEqual([1, 2, 3, 8, 9, 10, 11, 12]);
    expect(before[1].map((r) => r[0])).toEqual([2, 7, 30, null]);
    // A running transaction deletes rows of both and adds one: it alone sees that.
    const addresses = (wanted: number[]): bigint[] => {
      const scan = slice.scan(numbers, [1, -1], [], snapshot(8));
      const found: bigint[] = [];
      for (let g = scan.next(); g; g = scan.next()) {
        const cells = decode(node, g.chunks[0]!, INT4, g.rowCount);
        cells.forEach((k, r) => wanted.includes(k as number) && found.push((BigInt(g.groupId) << 20n) + BigInt(r)));
        g.release();
      }
      scan.close();
      return found;
    };
    slice.deleteRows(numbers, addresses([8, 2]), 9, 1);
    insert(node, slice, numbers, [row(4)], 9, SORT);
    expect(runs(slice, numbers, snapshot(10, 0, [9]))).toEqual(before);
    const own = runs(slice, numbers, snapshot(10, 9));
    expect(keys(own[0])).toEqual([1, 3, 9, 10, 11, 12]);
    expect(own[1].map((r) => r[0])).toEqual([4, 7, 30, null]);
    slice.close();
  });

  test('texts alike in their first eight bytes, in groups that VACUUM wrote anew one by one', () => {
    const slice = openTestSlice(node, memoryDisk(), { firstGroupRows: 16 });
    const rows = Array.from({ length: 200 }, (_, i): Cell[] => [`customer ${String(i >> 1).padStart(4, '0')}`, i]);
    slice.commit(5, 1, [insert(node, slice, texts, rows, 5, SORT)]);
    const first = slice.scan(texts, [-1], [], snapshot(6));
    const group = first.next()!;
    const deleted = Array.from({ length: 8 }, (_, r) => (BigInt(group.groupId) << 20n) + BigInt(r));
    group.release();
    first.close();
    slice.commit(6, 2, [slice.deleteRows(texts, deleted, 6, 1)]);
    const options = { xid: 7, oldestXmin: 7, mode: 'delete only', threshold: 100 } as const;
    slice.commit(7, 3, [atOnce(slice.vacuum(texts, options)).change]);
    const both = runs(slice, texts, snapshot(8));
    for (const run of both) expectOrder(run);
    expect(both.flat()).toHaveLength(192);
    expect(both[0].length).toBeGreaterThan(100);
    slice.close();
  });

  test.each([1, 2, 3, 4])('any inserts, seed %i, rows sorted in pieces on disk', (seed) => {
    const random = new Prng(seed * 977);
    const slice = openTestSlice(node, memoryDisk(), { firstGroupRows: 32, sortBytesMax: 2048 });
    const all: Cell[][] = [];
    for (let xid = 5; xid < 15; xid++) {
      const from = random.int(0, 300);
      const rows = Array.from({ length: random.int(1, 120) }, (): Cell[] => {
        const k = random.int(from, from + 60);
        return [random.float() < 0.1 ? null : k, `row ${k}`];
      });
      all.push(...rows);
      slice.commit(xid, xid, [insert(node, slice, numbers, rows, xid, SORT)]);
    }
    const both = runs(slice, numbers, snapshot(20));
    for (const run of both) expectOrder(run);
    const text = (rows: readonly Cell[][]): string[] => rows.map((r) => r.join('|')).sort();
    expect(text(both.flat())).toEqual(text(all));
    slice.close();
  });
});
