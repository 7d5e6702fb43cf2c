/**
 * A slice from outside: scans, zone maps, visibility, deletes, sorted loads, VACUUM beside a reader, tail merging, broken
 * blocks and full disks. Random cases print their seed in the test name.
 */
import { beforeAll, describe, expect, test } from 'vitest';
import type { Disk } from '../common/disk.ts';
import { memoryDisk } from '../common/disk-memory.ts';
import { SimulatedDisk } from '../common/disk-simulated.ts';
import { BLOCK_BYTES_MAX } from '../common/limits.ts';
import { Prng } from '../common/prng.ts';
import { DATE, INT4, INT8, numeric, varchar } from '../types/sql-type.ts';
import { blockIsIntact, readBlockHeader, type GroupMeta } from './disk-layout.ts';
import type { Slice } from './slice.ts';
import { atOnce, type Snapshot, type StorageTable, type ZoneRange } from './storage.ts';
import {
  column,
  decode,
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

const plain: StorageTable = {
  tableId: 100001,
  name: 't',
  columns: [column(1, INT4, 'az64'), column(2, varchar(40), 'lzo')],
  sortkey: [],
};
const sorted: StorageTable = { ...plain, tableId: 100002, sortkey: [1, 2] };
const cells = (slice: Slice, table: StorageTable, at: Snapshot, ranges: readonly ZoneRange[] = []): Cell[][] =>
  rowsOf(node, slice, table, at, ranges).map((r) => r.cells);
const numbered = (from: number, count: number): Cell[][] =>
  Array.from({ length: count }, (_, i) => [from + i, `row ${from + i}`]);

describe('visibility', () => {
  test('own, committed, running, later and rolled back transactions', () => {
    const slice = openTestSlice(node);
    const a = insert(node, slice, plain, numbered(0, 10), 5);
    expect(cells(slice, plain, snapshot(5, 5))).toHaveLength(10);
    expect(cells(slice, plain, snapshot(6, 6, [5]))).toHaveLength(0);
    slice.commit(5, 1, [a]);
    expect(cells(slice, plain, snapshot(6))).toEqual(numbered(0, 10));
    expect(cells(slice, plain, snapshot(6, 0, [5]))).toHaveLength(0);
    expect(cells(slice, plain, snapshot(5))).toHaveLength(0);
    insert(node, slice, plain, numbered(10, 10), 6);
    slice.rollback(6);
    expect(cells(slice, plain, snapshot(7))).toHaveLength(10);
    slice.close();
  });

  test('a statement does not see its own rows or deletes, the next one does', () => {
    const slice = openTestSlice(node);
    insert(node, slice, plain, numbered(0, 10), 5, { statement: 3 });
    expect(cells(slice, plain, snapshot(5, 5, [], 3))).toHaveLength(0);
    expect(cells(slice, plain, snapshot(5, 5, [], 4))).toHaveLength(10);
    const addresses = rowsOf(node, slice, plain, snapshot(5, 5, [], 4)).map((r) => r.address);
    slice.deleteRows(plain, addresses.slice(0, 4), 5, 4);
    expect(cells(slice, plain, snapshot(5, 5, [], 4))).toHaveLength(10);
    expect(cells(slice, plain, snapshot(5, 5, [], 5))).toHaveLength(6);
    slice.close();
  });

  test('deletes: mask, counts, repeated rows, rollback, hidden columns', () => {
    const slice = openTestSlice(node);
    slice.commit(5, 1, [insert(node, slice, plain, numbered(0, 100), 5)]);
    const addresses = rowsOf(node, slice, plain, snapshot(6)).map((r) => r.address);
    expect(slice.deleteRows(plain, [addresses[3]!, addresses[3]!, addresses[50]!], 6, 1).rowsDeleted).toBe(2);
    expect(slice.deleteRows(plain, [addresses[3]!, addresses[4]!], 6, 2).rowsDeleted).toBe(1);
    expect(cells(slice, plain, snapshot(7, 0, [6]))).toHaveLength(100);
    expect(cells(slice, plain, snapshot(6, 6))).toHaveLength(97);
    slice.rollback(6);
    expect(cells(slice, plain, snapshot(7))).toHaveLength(100);
    const change = slice.deleteRows(plain, addresses.slice(10, 20), 8, 1);
    slice.commit(8, 2, [change]);
    const scan = slice.scan(plain, [-2, -3, -4, -1], [], snapshot(9));
    const group = scan.next()!;
    expect(group.visibleRowCount).toBe(90);
    expect(decode(node, group.chunks[0]!, INT8, 100)).toEqual(Array(100).fill(5n));
    expect(decode(node, group.chunks[1]!, INT8, 100).map(Number)).toEqual(
      Array.from({ length: 100 }, (_, i) => (i >= 10 && i < 20 ? 8 : 0)),
    );
    expect(decode(node, group.chunks[2]!, INT8, 100)).toEqual(addresses);
    expect(group.chunks[3]).toBe(0);
    group.release();
    scan.close();
    expect(slice.tables()[0]).toMatchObject({ rowCount: 100, deletedRowCount: 10, tailRowCount: 100, blockCount: 5 });
    slice.close();
  });
});

describe('zone maps', () => {
  test('skip groups, never rows', () => {
    const slice = openTestSlice(node);
    const table: StorageTable = {
      ...plain,
      columns: [column(1, INT4), column(2, varchar(20)), column(3, numeric(10, 2)), column(4, DATE)],
    };
    const random = new Prng(7);
    for (let g = 0; g < 20; g++) {
      const rows = Array.from({ length: 50 }, (): Cell[] => {
        const n = g * 100 + random.int(0, 99);
        return [
          n,
          `k${String(n).padStart(5, '0')}${n % 3 ? '  ' : ''}`,
          BigInt(n) - 500n,
          random.int(0, 4) === 0 ? null : n,
        ];
      });
      slice.commit(5 + g, g + 1, [insert(node, slice, table, rows, 5 + g)]);
    }
    const all = cells(slice, table, snapshot(100));
    for (let round = 0; round < 200; round++) {
      const [a, b] = [random.int(-50, 2100), random.int(-50, 2100)].sort((x, y) => x - y) as [number, number];
      const column_ = random.int(0, 3);
      const key = (n: number): number | bigint | string =>
        column_ === 1 ? `k${String(Math.max(n, 0)).padStart(5, '0')}` : column_ === 2 ? BigInt(n) : n;
      const lowInclusive = random.int(0, 1) === 1,
        highInclusive = random.int(0, 1) === 1;
      const inside = (c: Cell): boolean => {
        if (c === null) return false;
        const v = typeof c === 'string' ? c.trimEnd() : c;
        return (lowInclusive ? v >= key(a) : v > key(a)) && (highInclusive ? v <= key(b) : v < key(b));
      };
      const range = { attnum: column_ + 1, low: key(a), lowInclusive, high: key(b), highInclusive };
      const expected = all.filter((r) => inside(r[column_]!));
      expect(cells(slice, table, snapshot(100), [range]).filter((r) => inside(r[column_]!))).toEqual(expected);
    }
    const scan = slice.scan(table, [1], [{ attnum: 1, low: 300, high: 399 }], snapshot(100));
    while (scan.next()?.release() !== undefined);
    for (let g = scan.next(); g; g = scan.next()) g.release();
    expect(scan.statistics).toMatchObject({ groupsTotal: 20, groupsSkipped: 19, rowsRead: 50 });
    slice.close();
  });
});

describe('blocks', () => {
  test('at most 1 MB, intact, listed; long strings cut groups', () => {
    const disk = memoryDisk();
    const slice = openTestSlice(node, disk);
    const table: StorageTable = {
      ...plain,
      columns: [column(1, INT4), column(2, varchar(400), 'raw'), column(3, numeric(38, 0), 'raw')],
    };
    const random = new Prng(21);
    const rows = Array.from({ length: 70_000 }, (_, i): Cell[] => [
      random.u32() | 0,
      i % 50 === 0 ? null : `${random.u32()}`.repeat(random.int(1, 12)),
      BigInt(random.u32()) << 90n,
    ]);
    const change = insert(node, slice, table, rows, 5);
    slice.commit(5, 1, [change]);
    const blocks = slice.blocks(table.tableId);
    expect(blocks.length).toBe(change.blocksAdded);
    expect(new Set(blocks.map((b) => b.attnum))).toEqual(new Set([1, 2, 3, -2, -3, -4]));
    for (const block of blocks) {
      expect(block.bytes).toBeLessThanOrEqual(BLOCK_BYTES_MAX);
      const bytes = new Uint8Array(block.bytes);
      disk.open(block.file, 'read').read(block.offset, bytes);
      expect(blockIsIntact(bytes)).toBe(true);
      expect(readBlockHeader(bytes)).toMatchObject({
        attnum: block.attnum,
        rows: block.rowCount,
        bytes: block.bytes,
      });
    }
    expect(blocks.filter((b) => b.attnum === 2).length).toBeGreaterThan(2);
    expect(cells(slice, table, snapshot(6))).toEqual(rows);
    slice.close();
  });

  test('a flipped bit is an error that names the block', () => {
    const disk = new SimulatedDisk({ seed: 1 });
    const slice = openTestSlice(node, disk);
    slice.commit(5, 1, [insert(node, slice, plain, numbered(0, 60_000), 5)]);
    const block = slice.blocks().find((b) => b.attnum === 2)!;
    disk.corrupt(block.file, block.offset + 5000);
    expect(() => cells(slice, plain, snapshot(6))).toThrow(
      expect.objectContaining({
        sqlstate: 'XX000',
        message: `Corrupt block: ${block.file} at ${block.offset}: wrong checksum`,
      }),
    );
    const scan = slice.scan(plain, [1], [], snapshot(6));
    scan.next()!.release();
    scan.close();
    slice.close();
  });

  test('memory too small for the table: chunks are evicted and come back', async () => {
    const small = await testNode(48);
    const slice = openTestSlice(small);
    const table: StorageTable = { ...plain, columns: [1, 2, 3, 4].map((n) => column(n, INT8)) };
    const random = new Prng(5);
    const changes = [];
    for (let n = 0; n < 12; n++) {
      const rows = Array.from({ length: 65536 }, (): Cell[] =>
        [1, 2, 3, 4].map(() => (BigInt(random.u32()) << 31n) ^ BigInt(random.u32())),
      );
      changes.push(insert(small, slice, table, rows, 5, { statement: n }));
    }
    slice.commit(5, 1, changes);
    for (let pass = 0; pass < 2; pass++) {
      const scan = slice.scan(table, [1, 2, 3, 4], [], snapshot(6));
      let rows = 0;
      for (let group = scan.next(); group; group = scan.next()) {
        rows += group.rowCount;
        group.release();
      }
      expect(rows).toBe(12 * 65536);
    }
    expect(slice.context.pool.usedBytes).toBeLessThanOrEqual(slice.context.pool.size);
    slice.close();
    expect(slice.context.pool.usedBytes).toBe(0);
  });

  test('a full disk fails the write and hurts nothing', () => {
    const disk = new SimulatedDisk({ seed: 2 });
    const slice = openTestSlice(node, disk);
    slice.commit(5, 1, [insert(node, slice, plain, numbered(0, 40_000), 5)]);
    slice.checkpoint(1);
    disk.bytesMax = disk.bytesWritten + 100_000;
    const full = expect.objectContaining({ sqlstate: 'XX000', message: 'Disk Full' });
    expect(() => insert(node, slice, plain, numbered(0, 60_000), 6)).toThrow(full);
    expect(() => slice.checkpoint(2)).toThrow(full);
    expect(slice.checkpointLsn).toBe(1);
    expect(disk.list('slice-0').filter((n) => n.endsWith('.blk'))).toHaveLength(1);
    disk.bytesMax = Infinity;
    expect(cells(slice, plain, snapshot(7))).toHaveLength(40_000);
    slice.close();
    expect(slice.context.pool.usedBytes).toBe(0);
    expect(cells(openTestSlice(node, disk), plain, snapshot(7))).toHaveLength(40_000);
  });
});

describe('sorted loads', () => {
  const shuffled = (count: number, seed: number): Cell[][] => {
    const random = new Prng(seed);
    return Array.from({ length: count }, (): Cell[] => [
      random.int(0, 30) === 0 ? null : random.int(0, 5000),
      `s${random.int(0, 99)}`,
    ]);
  };
  const inOrder = (rows: readonly Cell[][]): Cell[][] => {
    const compare = (a: Cell, b: Cell): number => (a === b ? 0 : a === null ? 1 : b === null ? -1 : a < b ? -1 : 1);
    return [...rows].sort((a, b) => compare(a[0]!, b[0]!) || compare(a[1]!, b[1]!));
  };

  test.each([[undefined], [400_000]])('one load ends fully sorted (sort memory %s)', (sortBytesMax) => {
    const disk = memoryDisk();
    const slice = openTestSlice(node, disk, { sortBytesMax });
    const rows = shuffled(120_000, 9);
    const change = insert(node, slice, sorted, rows, 5, { sortRows: true });
    slice.commit(5, 1, [change]);
    expect(cells(slice, sorted, snapshot(6))).toEqual(inOrder(rows));
    expect(slice.tables()[0]!.sortedRowCount).toBe(120_000);
    expect((change.groupsAdded as GroupMeta[]).length).toBe(2);
    expect(disk.list('slice-0').filter((n) => n.endsWith('.tmp'))).toEqual([]);
    slice.close();
    expect(slice.context.pool.usedBytes).toBe(0);
  });

  test('keys behind the last extend the sorted region, others do not; VACUUM merges, a reader goes on', () => {
    const disk = memoryDisk();
    const slice = openTestSlice(node, disk);
    const load = (rows: Cell[][], xid: number): void =>
      slice.commit(xid, xid, [insert(node, slice, sorted, rows, xid, { sortRows: true })]);
    load(numbered(0, 70_000), 5);
    load(numbered(100_000, 5000), 6);
    expect(slice.tables()[0]!.sortedRowCount).toBe(75_000);
    load(numbered(80_000, 3000).reverse(), 7);
    expect(slice.tables()[0]!.sortedRowCount).toBe(75_000);
    const reader = slice.scan(sorted, [1], [], snapshot(8));
    const first = reader.next()!;
    const report = atOnce(slice.vacuum(sorted, { xid: 8, oldestXmin: 8, mode: 'full', threshold: 100 }));
    // Only the unsorted group moves: its keys lie between two sorted groups.
    expect(report).toMatchObject({
      before: { rows: 78_000, sortedRows: 75_000 },
      after: { rows: 78_000, sortedRows: 78_000 },
      groupsRewritten: 1,
    });
    expect(cells(slice, sorted, snapshot(8))).toHaveLength(78_000);
    slice.commit(8, 8, [report.change]);
    expect(cells(slice, sorted, snapshot(9)).map((r) => r[0])).toEqual(
      [...numbered(0, 70_000), ...numbered(80_000, 3000), ...numbered(100_000, 5000)].map((r) => r[0]),
    );
    slice.reclaim(9, 9);
    let rows = first.rowCount;
    first.release();
    for (let group = reader.next(); group; group = reader.next()) {
      rows += decode(node, group.chunks[0]!, INT4, group.rowCount).length;
      group.release();
    }
    reader.close();
    expect(rows).toBe(78_000);
    const files = disk.list('slice-0').length;
    slice.reclaim(9, 9);
    expect(disk.list('slice-0').length).toBeLessThanOrEqual(files);
    expect(slice.tables()[0]!.sortedRowCount).toBe(78_000);
    slice.close();
  });

  test('random deletes and loads, then VACUUM: same rows, all sorted (seed 33)', () => {
    const random = new Prng(33);
    const slice = openTestSlice(node, memoryDisk(), { sortBytesMax: 300_000 });
    let xid = 5;
    for (let round = 0; round < 6; round++) {
      const change = insert(node, slice, sorted, shuffled(random.int(10, 30_000), round), xid, { sortRows: true });
      slice.commit(xid, xid, [change]);
      xid++;
      const doomed = rowsOf(node, slice, sorted, snapshot(xid))
        .filter(() => random.int(0, 5) === 0)
        .map((r) => r.address);
      slice.commit(xid, xid, [slice.deleteRows(sorted, doomed, xid, 1)]);
      xid++;
    }
    const before = cells(slice, sorted, snapshot(xid));
    const old = snapshot(xid);
    const report = atOnce(slice.vacuum(sorted, { xid, oldestXmin: xid, mode: 'full', threshold: 100 }));
    slice.commit(xid, xid, [report.change]);
    expect(cells(slice, sorted, snapshot(xid + 1))).toEqual(inOrder(before));
    expect(cells(slice, sorted, old)).toEqual(before);
    expect(slice.tables()[0]).toMatchObject({
      rowCount: before.length,
      deletedRowCount: 0,
      sortedRowCount: before.length,
    });
    slice.reclaim(xid + 1, xid + 1);
    expect(cells(slice, sorted, snapshot(xid + 1))).toEqual(inOrder(before));
    const again = atOnce(slice.vacuum(sorted, { xid: xid + 1, oldestXmin: xid, mode: 'full', threshold: 100 }));
    expect(again.groupsRewritten).toBe(0);
    slice.close();
  });
});

describe('vacuum without sort key', () => {
  test('removes deleted rows, joins small groups, fills columns added later', () => {
    const slice = openTestSlice(node);
    for (let n = 0; n < 10; n++)
      slice.commit(5 + n, n + 1, [insert(node, slice, plain, numbered(n * 10, 10), 5 + n)]);
    const addresses = rowsOf(node, slice, plain, snapshot(20)).map((r) => r.address);
    slice.commit(20, 20, [
      slice.deleteRows(
        plain,
        addresses.filter((_, i) => i % 2 === 0),
        20,
        1,
      ),
    ]);
    const wider: StorageTable = {
      ...plain,
      columns: [...plain.columns, { ...column(3, varchar(9)), missingValue: 'later' }, column(4, INT8)],
    };
    const report = atOnce(slice.vacuum(wider, { xid: 21, oldestXmin: 21, mode: 'full', threshold: 95 }));
    expect(report).toMatchObject({
      before: { rows: 100, blocks: 5 },
      after: { rows: 50, blocks: 7 },
      groupsRewritten: 10,
    });
    slice.commit(21, 21, [report.change]);
    const odd = numbered(0, 100).filter((_, i) => i % 2 === 1);
    expect(cells(slice, wider, snapshot(22))).toEqual(odd.map((r) => [...r, 'later', null]));
    expect(() => slice.deleteRows(wider, addresses.slice(1, 2), 22, 1)).toThrow('1023');
    slice.reclaim(22, 22);
    expect(slice.tables()[0]).toMatchObject({ rowCount: 50, tailRowCount: 0 });
    slice.close();
  });

  test('a group with uncommitted deletes is left alone', () => {
    const slice = openTestSlice(node);
    slice.commit(5, 1, [insert(node, slice, plain, numbered(0, 10), 5)]);
    const [row] = rowsOf(node, slice, plain, snapshot(6));
    const change = slice.deleteRows(plain, [row!.address], 6, 1);
    expect(atOnce(slice.vacuum(plain, { xid: 7, oldestXmin: 6, mode: 'full', threshold: 100 })).groupsRewritten).toBe(
      0,
    );
    slice.commit(6, 2, [change]);
    expect(cells(slice, plain, snapshot(8))).toHaveLength(9);
    slice.close();
  });
});

describe('tail', () => {
  test('many small writes become few groups; old addresses, deletes and replay still fit', () => {
    const disk = memoryDisk();
    const slice = openTestSlice(node, disk);
    const changes: [number, ReturnType<Slice['deleteRows']>][] = [];
    const commit = (xid: number, change: ReturnType<Slice['deleteRows']>): void => {
      slice.commit(xid, xid, [change]);
      changes.push([xid, change]);
    };
    for (let n = 0; n < 200; n++) {
      commit(5 + n, insert(node, slice, plain, [[n, `row ${n}`]], 5 + n));
      if (n === 120) slice.reclaim(5 + n, 5 + n);
    }
    const old = rowsOf(node, slice, plain, snapshot(300)).map((r) => r.address);
    commit(300, slice.deleteRows(plain, [old[150]!], 300, 1));
    slice.reclaim(301, 301);
    expect(slice.scan(plain, [1], [], snapshot(302)).statistics.groupsTotal).toBe(1);
    expect(cells(slice, plain, snapshot(302))).toEqual(numbered(0, 200).filter((_, i) => i !== 150));
    // Addresses read before the merge.
    const deletion = slice.deleteRows(plain, [old[0]!, old[199]!], 302, 1);
    // A row that another transaction deleted since it was read: the first wins.
    expect(() => slice.deleteRows(plain, [old[150]!], 303, 1)).toThrowError(
      expect.objectContaining({ message: '1023' }),
    );
    expect(deletion.rowsDeleted).toBe(2);
    commit(302, deletion);
    const scan = slice.scan(plain, [-2], [], snapshot(303));
    const group = scan.next()!;
    expect(decode(node, group.chunks[0]!, INT8, 200).map(Number)).toEqual(
      Array.from({ length: 200 }, (_, i) => 5 + i),
    );
    group.release();
    scan.close();
    const expected = cells(slice, plain, snapshot(400));
    expect(expected).toHaveLength(197);
    // The log alone, on a slice that merged nothing.
    const replayed = openTestSlice(node, memoryDisk());
    for (const [xid, change] of changes) replayed.commit(xid, xid, [change]);
    expect(cells(replayed, plain, snapshot(400))).toEqual(expected);
    // Checkpoint, then a VACUUM that only the log knows.
    slice.checkpoint(302);
    const report = atOnce(slice.vacuum(plain, { xid: 303, oldestXmin: 303, mode: 'full', threshold: 100 }));
    slice.commit(303, 303, [report.change]);
    expect(cells(slice, plain, snapshot(400))).toEqual(expected);
    const reopened = openTestSlice(node, disk);
    expect(reopened.checkpointLsn).toBe(302);
    reopened.commit(303, 303, [report.change]);
    expect(cells(reopened, plain, snapshot(400))).toEqual(expected);
    replayed.commit(303, 303, [report.change]);
    // Its file belongs to the other disk; what must be gone are the old groups.
    expect(replayed.tables()[0]!.tailRowCount).toBe(0);
    for (const s of [slice, replayed, reopened]) s.close();
  });

  test('a replica follows commits and never writes', () => {
    const disk = memoryDisk();
    const owner = openTestSlice(node, disk);
    owner.commit(5, 1, [insert(node, owner, plain, numbered(0, 40_000), 5)]);
    owner.checkpoint(1);
    const replica = openTestSlice(node, disk, { readOnly: true });
    const change = insert(node, owner, plain, numbered(40_000, 5), 6);
    replica.stage(change);
    expect(cells(replica, plain, snapshot(6, 6))).toHaveLength(40_005);
    expect(cells(replica, plain, snapshot(7, 0, [6]))).toHaveLength(40_000);
    for (const s of [owner, replica]) s.commit(6, 2, [change]);
    const rows = rowsOf(node, owner, plain, snapshot(7));
    const deletion = owner.deleteRows(
      plain,
      rows.slice(39_990).map((r) => r.address),
      7,
      1,
    );
    for (const s of [owner, replica]) s.commit(7, 3, [deletion]);
    expect(cells(replica, plain, snapshot(8))).toEqual(cells(owner, plain, snapshot(8)));
    expect(() => replica.openWriter(plain, 9, 1, { sortRows: false })).toThrow();
    owner.close();
    replica.close();
  });
});

test('drop while a scan is open; nothing leaks', () => {
  const disk = memoryDisk();
  const slice = openTestSlice(node, disk);
  slice.commit(5, 1, [insert(node, slice, plain, numbered(0, 50_000), 5)]);
  const scan = slice.scan(plain, [1], [], snapshot(6));
  const group = scan.next()!;
  slice.dropTable(plain.tableId);
  expect(decode(node, group.chunks[0]!, INT4, group.rowCount)[7]).toBe(7);
  expect(cells(slice, plain, snapshot(6))).toEqual([]);
  group.release();
  scan.close();
  slice.reclaim(6, 6);
  expect(disk.list('slice-0')).toEqual([]);
  slice.close();
  expect(slice.context.pool.usedBytes).toBe(0);
});

test('a file that the disk refuses to remove is told by reclaim, tried again, and no fault of the commit', () => {
  const whole = memoryDisk();
  let broken = true;
  const disk: Disk = {
    ...whole,
    remove(path) {
      if (broken) throw Object.assign(new Error(`EIO: input/output error, unlink ${path}`), { code: 'EIO' });
      whole.remove(path);
    },
  };
  const slice = openTestSlice(node, disk);
  slice.commit(5, 1, [insert(node, slice, plain, numbered(0, 50_000), 5)]);
  slice.dropTable(plain.tableId);
  expect(cells(slice, plain, snapshot(6))).toEqual([]);
  for (let n = 0; n < 2; n++) expect(() => slice.reclaim(6, 6)).toThrow('EIO');
  expect(disk.list('slice-0')).toHaveLength(1);
  broken = false;
  slice.reclaim(6, 6);
  expect(disk.list('slice-0')).toEqual([]);
  slice.close();
});

test('ANALYZE COMPRESSION samples visible rows', () => {
  const slice = openTestSlice(node);
  slice.commit(5, 1, [insert(node, slice, plain, numbered(0, 20_000), 5)]);
  const choices = slice.sampleEncodings(plain, snapshot(6), 10_000);
  expect(choices.map((c) => c.attnum)).toEqual([1, 2]);
  expect(choices[0]).toMatchObject({ encoding: 'az64', encodedBytes: 64, rawBytes: 40_064 });
  expect(choices[1]!.encodedBytes).toBeLessThan(choices[1]!.rawBytes / 2);
  slice.close();
  expect(slice.context.pool.usedBytes).toBe(0);
});

test('abort leaves nothing', () => {
  const disk = memoryDisk();
  const slice = openTestSlice(node, disk);
  const writer = slice.openWriter(plain, 5, 1, { sortRows: false });
  const rows = numbered(0, 30_000);
  const vectors = plain.columns.map((c, i) =>
    vector(
      node,
      c.attnum,
      c.type,
      rows.map((r) => r[i]!),
    ),
  );
  for (let n = 0; n < 5; n++) writer.append(vectors, rows.length);
  expect(disk.list('slice-0')).toHaveLength(1);
  writer.abort();
  for (const v of vectors) v.free();
  expect(disk.list('slice-0')).toEqual([]);
  expect(cells(slice, plain, snapshot(5, 5))).toEqual([]);
  slice.close();
  expect(slice.context.pool.usedBytes).toBe(0);
});
