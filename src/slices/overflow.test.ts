/**
 * Values larger than a block: their chunks lie in several blocks, which the block list names, scans count, VACUUM rewrites
 * and recovery finds; a broken piece is told, never read.
 */
import { beforeAll, expect, test } from 'vitest';
import { memoryDisk } from '../common/disk-memory.ts';
import { SimulatedDisk } from '../common/disk-simulated.ts';
import { BLOCK_BYTES_MAX } from '../common/limits.ts';
import { Prng } from '../common/prng.ts';
import { INT4, varchar } from '../types/sql-type.ts';
import { packedBlocks } from './block-file.ts';
import { blockIsIntact, readBlockHeader, STORED_CHUNK_BYTES_MAX } from './disk-layout.ts';
import { atOnce, type StorageTable } from './storage.ts';
import { column, insert, openTestSlice, rowsOf, snapshot, testNode, type Cell, type TestNode } from './test-slice.ts';

const VALUE_BYTES = 16 * 1024 * 1024;
let node: TestNode;
beforeAll(async () => {
  node = await testNode(768);
});

const tableOf = (encoding: string): StorageTable => ({
  tableId: 100001,
  name: 't',
  columns: [column(1, INT4, 'az64'), column(2, varchar(VALUE_BYTES), encoding)],
  sortkey: [],
});
/** Text that no codec makes small. */
function text(random: Prng, bytes: number): string {
  const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+-';
  let out = '';
  while (out.length < bytes) out += letters[random.int(0, 63)];
  return out;
}

test.each(['raw', 'lzo', 'zstd'])('%s: values of all sizes around a block, up to 16 MB', (encoding) => {
  const disk = memoryDisk();
  const table = tableOf(encoding);
  const slice = openTestSlice(node, disk);
  const sizes = [1, 100_000, STORED_CHUNK_BYTES_MAX - 200, STORED_CHUNK_BYTES_MAX, BLOCK_BYTES_MAX * 2, 5_000_000];
  if (encoding === 'raw') sizes.push(VALUE_BYTES);
  const random = text(new Prng(5), 600_000);
  const rows: Cell[][] = sizes.map((size, i) => [i, random.repeat(Math.ceil(size / random.length)).slice(0, size)]);
  rows.push([99, null], [100, '']);
  slice.commit(5, 1, [insert(node, slice, table, rows, 5, { batch: 2 })]);
  const read = (): Cell[][] => rowsOf(node, slice, table, snapshot(9)).map((r) => r.cells);
  expect(read()).toEqual(rows);
  const blocks = slice.blocks().filter((b) => b.attnum === 2);
  expect(blocks.every((b) => b.bytes <= BLOCK_BYTES_MAX)).toBe(true);
  expect(blocks.reduce((n, b) => n + b.rowCount, 0)).toBe(rows.length);
  expect(slice.tables()[0]).toMatchObject({ rowCount: rows.length, blockCount: slice.blocks().length });
  // Every block of the file is whole and as the list says.
  for (const b of slice.blocks().filter((x) => x.onDisk)) {
    const file = disk.open(b.file, 'read');
    const bytes = new Uint8Array(b.bytes);
    file.read(b.offset, bytes);
    file.close();
    expect(blockIsIntact(bytes)).toBe(true);
    expect(readBlockHeader(bytes)!.rows).toBe(b.rowCount);
  }
  const scan = slice.scan(table, [2], [], snapshot(9));
  for (let g = scan.next(); g; g = scan.next()) g.release();
  expect(scan.blocks()[0]).toEqual({ attnum: 2, held: blocks.length, read: blocks.length, skipped: 0 });
  scan.close();
  const addresses = rowsOf(node, slice, table, snapshot(9)).map((r) => r.address);
  slice.commit(10, 2, [slice.deleteRows(table, addresses.slice(0, 3), 10, 1)]);
  const report = atOnce(slice.vacuum(table, { xid: 11, oldestXmin: 11, mode: 'full', threshold: 100 }));
  slice.commit(11, 3, [report.change]);
  slice.reclaim(12, 12);
  expect(rowsOf(node, slice, table, snapshot(12)).map((r) => r.cells)).toEqual(rows.slice(3));
  expect(report.after.blocks).toBe(slice.tables()[0]!.blockCount);
  slice.checkpoint(3);
  slice.close();
  const again = openTestSlice(node, disk);
  expect(rowsOf(node, again, table, snapshot(12)).map((r) => r.cells)).toEqual(rows.slice(3));
  again.close();
});

test('a byte that changed in any piece is told, and the other values are read', () => {
  const disk = new SimulatedDisk({ seed: 1 });
  const table = tableOf('raw');
  const slice = openTestSlice(node, disk);
  slice.commit(5, 1, [
    insert(
      node,
      slice,
      table,
      [
        [1, text(new Prng(1), 3_000_000)],
        [2, 'small'],
      ],
      5,
    ),
  ]);
  const last = slice.blocks().filter((b) => b.attnum === 2 && b.onDisk)[2]!;
  disk.corrupt(last.file, last.offset + 1000);
  expect(() => rowsOf(node, slice, table, snapshot(9))).toThrow(/checksum/);
  slice.close();
});

test('blocks that packing would take', () => {
  expect(packedBlocks([STORED_CHUNK_BYTES_MAX * 2 + 1, 100, 100])).toBe(4);
  expect(packedBlocks([100, STORED_CHUNK_BYTES_MAX * 2, 100])).toBe(4);
});
