/**
 * Small writes and deletes by the thousand: what they leave is merged and packed, while addresses that were read before, deletes,
 * their hidden columns and the log's names of groups still fit. Random cases print their seed in the test name.
 */
import { beforeAll, describe, expect, test, vi } from 'vitest';
import type { Disk, DiskFile } from '../common/disk.ts';
import { memoryDisk } from '../common/disk-memory.ts';
import { Prng } from '../common/prng.ts';
import { INT4, INT8, varchar } from '../types/sql-type.ts';
import { GroupParts, packRun } from './group-parts.ts';
import type { Slice } from './slice.ts';
import type { SliceChange, Snapshot, StorageTable } from './storage.ts';
import { column, decode, insert, openTestSlice, rowsOf, snapshot, testNode, type TestNode } from './test-slice.ts';

let node: TestNode;
beforeAll(async () => {
  node = await testNode(192);
});
const TABLE: StorageTable = {
  tableId: 100001,
  name: 't',
  columns: [column(1, INT4, 'az64'), column(2, varchar(20000), 'raw')],
  sortkey: [],
};
const keys = (slice: Slice, at: Snapshot): number[] => rowsOf(node, slice, TABLE, at).map((r) => Number(r.cells[0]));
const upTo = (from: number, end: number): number[] => Array.from({ length: end - from }, (_, i) => from + i);
const groups = (slice: Slice, at: Snapshot): number => slice.scan(TABLE, [1], [], at).statistics.groupsTotal;

describe.each([1, 2, 3])('parts of a merged group, seed %i', (seed) => {
  test('every part is found by its id and by its rows', () => {
    const random = new Prng(seed);
    const packed: number[] = [];
    const parts: { id: number; start: number; rows: number }[] = [];
    const ids = upTo(1, 400);
    for (let i = ids.length - 1; seed > 1 && i > 0; i -= 1 + (random.u32() % 60)) {
      const [id] = ids.splice(i, 1);
      ids.splice(random.u32() % ids.length, 0, id!);
    }
    let rows = 0;
    for (const id of ids.filter((n) => n % 7 !== 0)) {
      const count = random.u32() % 4 === 0 ? 1 + (random.u32() % 5) : 1;
      parts.push({ id, start: rows, rows: count });
      packRun(packed, id, 1, count);
      rows += count;
    }
    const made = new GroupParts(packed);
    expect([...made]).toEqual(parts);
    expect(made.packed()).toEqual(packed);
    expect(made.firstId).toBe(parts[0]!.id);
    for (const part of parts) {
      expect(made.find(part.id)).toEqual(part);
      for (let row = part.start; row < part.start + part.rows; row++) expect(made.at(row)).toEqual(part);
    }
    for (const id of [0, 7, 14, 399, 400, 2 ** 31])
      expect(made.find(id)?.id).toBe(parts.find((p) => p.id === id)?.id);
  });
});

describe('merging', () => {
  test('an address that was read before two merges of its group still names its row', () => {
    const slice = openTestSlice(node);
    let xid = 5;
    const more = (): void => {
      for (let n = 0; n < 70; n++, xid++) slice.commit(xid, xid, [insert(node, slice, TABLE, [[xid, 'r']], xid)]);
      slice.reclaim(xid, 1000);
    };
    more();
    const read = rowsOf(node, slice, TABLE, snapshot(xid)).map((r) => r.address);
    more();
    more();
    const deletion = slice.deleteRows(TABLE, [read[3]!, read[69]!], 900, 1);
    expect(deletion.rowsDeleted).toBe(2);
    const left = upTo(5, 215).filter((n) => n !== 8 && n !== 74);
    expect(keys(slice, snapshot(950, 900))).toEqual(left);
    slice.commit(900, 900, [deletion]);
    expect(keys(slice, snapshot(950))).toEqual(left);
    // Whoever may have read it has ended.
    slice.reclaim(1000, 1000);
    expect(() => slice.deleteRows(TABLE, [read[5]!], 1001, 1)).toThrow();
    slice.close();
  });

  test('groups whose rows are long merge as far as a block holds them, once', () => {
    const slice = openTestSlice(node);
    const long = (n: number): string => `${n}`.repeat(20_000).slice(0, 15_000);
    let xid = 5;
    for (let round = 0; round < 5; round++) {
      for (let n = 0; n < 70; n++, xid++)
        slice.commit(xid, xid, [insert(node, slice, TABLE, [[xid, long(xid)]], xid)]);
      slice.reclaim(xid, xid);
    }
    expect(keys(slice, snapshot(xid))).toEqual(upTo(5, xid));
    expect(groups(slice, snapshot(xid))).toBeLessThan(20);
    const before = rowsOf(node, slice, TABLE, snapshot(xid)).map((r) => r.address);
    slice.reclaim(xid, xid);
    expect(rowsOf(node, slice, TABLE, snapshot(xid)).map((r) => r.address)).toEqual(before);
    slice.close();
  });
});

test('a checkpoint that the disk refuses leaves no open file', () => {
  const disk = memoryDisk();
  let open = 0,
    isFull = false;
  const counting: Disk = {
    ...disk,
    open: (path, mode) => {
      const file = disk.open(path, mode);
      open++;
      return Object.assign(Object.create(file) as DiskFile, {
        write: (at: number, bytes: Uint8Array) => {
          if (isFull) throw Object.assign(new Error('full'), { code: 'ENOSPC' });
          file.write(at, bytes);
        },
        close: () => {
          open--;
          file.close();
        },
      });
    },
  };
  const slice = openTestSlice(node, counting);
  for (let xid = 5; xid < 75; xid++)
    slice.commit(xid, xid, [insert(node, slice, TABLE, [[xid, `${xid}`.repeat(5000)]], xid)]);
  slice.reclaim(75, 75);
  const before = open;
  isFull = true;
  expect(() => slice.checkpoint(74)).toThrow('Disk Full');
  expect(open).toBe(before);
  expect(disk.list('slice-0').filter((n) => n.endsWith('.blk'))).toEqual([]);
  isFull = false;
  slice.checkpoint(74);
  expect(keys(slice, snapshot(75))).toEqual(upTo(5, 75));
  slice.close();
});

test('rows of many small groups go with few looks at the table', () => {
  const slice = openTestSlice(node);
  const COUNT = 600;
  const looks = vi.spyOn(Array.prototype, 'filter');
  const long = (): number => looks.mock.contexts.filter((list) => (list as unknown[]).length >= COUNT / 2).length;
  const insertMany = (xid: number): void => {
    for (let n = 0; n < COUNT; n++) insert(node, slice, TABLE, [[n, 'r']], xid, { statement: n });
  };
  try {
    insertMany(5);
    looks.mockClear();
    slice.rollback(5);
    expect(long(), 'rollback').toBeLessThan(10);
    insertMany(6);
    slice.commit(6, 6, []);
    looks.mockClear();
    slice.reclaim(7, 7);
    expect(long(), 'merging').toBeLessThan(10);
  } finally {
    looks.mockRestore();
  }
  expect(keys(slice, snapshot(7))).toEqual(upTo(0, COUNT));
  slice.close();
});

describe('deleted rows', () => {
  const deletingXids = (slice: Slice, at: Snapshot): number[] => {
    const scan = slice.scan(TABLE, [-3], [], at);
    const found: number[] = [];
    for (let group = scan.next(); group; group = scan.next()) {
      found.push(...decode(node, group.chunks[0]!, INT8, group.rowCount).map(Number));
      group.release();
    }
    scan.close();
    return found;
  };

  test('many deletes of one row each are packed; snapshots, masks, delete_xid and a restart see them as before', () => {
    const disk = memoryDisk();
    const slice = openTestSlice(node, disk);
    slice.commit(5, 5, [
      insert(
        node,
        slice,
        TABLE,
        upTo(0, 500).map((n) => [n, 'r']),
        5,
      ),
    ]);
    const addresses = rowsOf(node, slice, TABLE, snapshot(6)).map((r) => r.address);
    const random = new Prng(9);
    const left = upTo(0, 200);
    const order = upTo(0, 200).map(() => left.splice(random.int(0, left.length - 1), 1)[0]!);
    const changes: SliceChange[] = [];
    order.forEach((row, i) => {
      const change = slice.deleteRows(TABLE, [addresses[row]!], 10 + i, 1);
      changes.push(change);
      slice.commit(10 + i, 10 + i, [change]);
      // A reader of before the last hundred, whose mask comes in between.
      if (i === 150) expect(keys(slice, snapshot(110))).toHaveLength(400);
      if (i % 16 === 0) slice.reclaim(Math.min(10 + i, 110), 10 + i);
      if (i % 5 === 0) expect(keys(slice, snapshot(11 + i))).toHaveLength(499 - i);
    });
    expect(keys(slice, snapshot(110))).toHaveLength(400);
    slice.reclaim(300, 300);
    const xids = upTo(0, 500).map((row) => (order.includes(row) ? 10 + order.indexOf(row) : 0));
    expect(deletingXids(slice, snapshot(300))).toEqual(xids);
    expect(slice.tables()[0]).toMatchObject({ rowCount: 500, deletedRowCount: 200 });
    slice.checkpoint(250);
    const reopened = openTestSlice(node, disk);
    for (const s of [slice, reopened]) {
      expect(deletingXids(s, snapshot(300))).toEqual(xids);
      expect(keys(s, snapshot(300))).toEqual(upTo(200, 500));
      expect(() => s.deleteRows(TABLE, [addresses[3]!], 301, 1)).toThrow('1023');
      s.commit(150, 251, changes);
      expect(s.tables()[0]!.deletedRowCount).toBe(200);
      s.close();
    }
  });
});
