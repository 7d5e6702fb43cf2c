/**
 * Blocks told and blocks there: VACUUM packs what it writes, its report is what the block list then holds, and a scan
 * reads or skips every block that is held.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { INT4, INT8, varchar } from '../types/sql-type.ts';
import type { Slice } from './slice.ts';
import { atOnce, type StorageTable } from './storage.ts';
import { column, insert, openTestSlice, rowsOf, snapshot, testNode, type Cell, type TestNode } from './test-slice.ts';

let node: TestNode;
beforeAll(async () => {
  node = await testNode(384);
});

const plain: StorageTable = {
  tableId: 100001,
  name: 't',
  columns: [column(1, INT4, 'az64'), column(2, varchar(40), 'lzo')],
  sortkey: [],
};
const cells = (slice: Slice, table: StorageTable, at: ReturnType<typeof snapshot>): Cell[][] =>
  rowsOf(node, slice, table, at).map((r) => r.cells);
const numbered = (from: number, count: number): Cell[][] =>
  Array.from({ length: count }, (_, i) => [from + i, `row ${from + i}`]);

describe('vacuum packs blocks', () => {
  const SHARE = 3;
  const wide: StorageTable = { ...plain, columns: [column(1, INT8), column(2, INT8, 'az64')] };
  const spread = (rows: number): Cell[][] =>
    Array.from({ length: rows }, (_, i) => [BigInt(i) * 1000n + BigInt((i * i) % 997), BigInt(i % 7)]);
  /** Live blocks of each column. */
  const chains = (slice: Slice): Record<number, number> => {
    const counts: Record<number, number> = {};
    for (const b of slice.blocks()) if (!b.tombstone) counts[b.attnum] = (counts[b.attnum] ?? 0) + 1;
    return counts;
  };
  const vacuum = (slice: Slice, table: StorageTable, mode: 'full' | 'delete only', xid: number): number => {
    const report = atOnce(slice.vacuum(table, { xid, oldestXmin: xid, mode, threshold: 95 }));
    slice.commit(xid, xid, [report.change]);
    slice.reclaim(xid + 1, xid + 1);
    const [info] = slice.tables();
    expect(report.after).toEqual({
      rows: info!.rowCount,
      sortedRows: info!.sortedRowCount,
      blocks: info!.blockCount,
      deletedRows: 0,
    });
    return report.groupsRewritten;
  };
  const remove = (slice: Slice, table: StorageTable, xid: number, which: (row: number) => boolean): void => {
    const addresses = rowsOf(node, slice, table, snapshot(xid)).map((r) => r.address);
    slice.commit(xid, xid, [
      slice.deleteRows(
        table,
        addresses.filter((_, i) => which(i)),
        xid,
        1,
      ),
    ]);
  };

  test.each([[[]], [[1]]])('DELETE ONLY leaves no more blocks than there were (sort key %j)', (sortkey) => {
    const table: StorageTable = { ...wide, sortkey };
    const slice = openTestSlice(node);
    slice.commit(5, 5, [insert(node, slice, table, spread(400_000), 5, { sortRows: true })]);
    const before = chains(slice);
    remove(slice, table, 6, (i) => i % SHARE === 0);
    vacuum(slice, table, 'delete only', 7);
    const after = chains(slice);
    // Row ids with gaps take more room than a sequence; the other columns take less than before.
    for (const attnum of [1, 2, -2, -3]) expect(after[attnum]).toBeLessThanOrEqual(before[attnum]!);
    const left = spread(400_000).filter((_, i) => i % SHARE !== 0);
    expect(cells(slice, table, snapshot(8))).toEqual(left);
    // Only the groups at the end lose rows: the others stay, the sorted region with them.
    remove(slice, table, 9, (i) => i > 200_000);
    expect(vacuum(slice, table, 'delete only', 10)).toBeLessThan(4);
    expect(cells(slice, table, snapshot(11))).toEqual(left.slice(0, 200_001));
    slice.close();
  });

  test('FULL packs what many loads left, once', () => {
    const slice = openTestSlice(node);
    const random = new Prng(3);
    for (let n = 0; n < 10; n++) {
      const rows = Array.from({ length: 20_000 }, (): Cell[] => [BigInt(random.u32()) << 20n, 1n]);
      slice.commit(5 + n, 5 + n, [insert(node, slice, wide, rows, 5 + n)]);
    }
    expect(chains(slice)).toEqual({ 1: 10, 2: 10, [-2]: 10, [-3]: 10, [-4]: 10 });
    expect(vacuum(slice, wide, 'full', 20)).toBe(10);
    const packed = chains(slice);
    expect(packed[1]).toBeLessThan(4);
    expect(packed).toMatchObject({ 2: 1, [-2]: 1, [-3]: 1, [-4]: 1 });
    expect(vacuum(slice, wide, 'full', 21)).toBe(0);
    expect(cells(slice, wide, snapshot(22))).toHaveLength(200_000);
    slice.close();
  });
});

describe('block counts of a scan', () => {
  test('held = read + skipped, and held is what the list holds; rows and deleted rows are those consumed', () => {
    const slice = openTestSlice(node);
    const table: StorageTable = { ...plain, sortkey: [1] };
    slice.commit(5, 5, [insert(node, slice, table, numbered(0, 200_000), 5, { sortRows: true })]);
    slice.commit(6, 6, [insert(node, slice, table, numbered(0, 100), 6)]);
    const addresses = rowsOf(node, slice, table, snapshot(7)).map((r) => r.address);
    slice.commit(7, 7, [slice.deleteRows(table, addresses.slice(0, 5000), 7, 1)]);
    const held = (attnum: number): number => slice.blocks().filter((b) => b.attnum === attnum).length;
    const scan = slice.scan(table, [1, 2], [{ attnum: 1, low: 10, high: 20 }], snapshot(8));
    for (let group = scan.next(); group; group = scan.next()) group.release();
    scan.close();
    for (const b of scan.blocks()) {
      expect(b.held).toBe(held(b.attnum));
      expect(b.read + b.skipped).toBe(b.held);
    }
    expect(scan.statistics).toMatchObject({ rowsRead: 65_636, rowsDeleted: 5000, groupsSkipped: 3 });
    const partial = slice.scan(table, [1], [], snapshot(8));
    partial.next()!.release();
    partial.close(2048);
    expect(partial.statistics).toMatchObject({ rowsRead: 2048, rowsDeleted: 2048, bytesRead: 2048 * 4 });
    slice.close();
  });
});
