/**
 * A writer encodes, sorts and puts rows aside in steps that others may stand between: what it writes is the same whether
 * its caller takes the steps, takes some, or none.
 */
import { beforeAll, expect, test } from 'vitest';
import { memoryDisk } from '../common/disk-memory.ts';
import { Prng } from '../common/prng.ts';
import { INT4, varchar } from '../types/sql-type.ts';
import type { StorageTable } from './storage.ts';
import { column, openTestSlice, rowsOf, snapshot, testNode, vector, type Cell, type TestNode } from './test-slice.ts';

let node: TestNode;
beforeAll(async () => {
  node = await testNode(192);
});

const BATCH = 2048;
const BATCHES = 70;
const tableOf = (sortkey: number[]): StorageTable => ({
  tableId: 100001,
  name: 't',
  columns: [column(1, INT4, 'az64'), column(2, varchar(40), 'lzo'), column(3, INT4)],
  sortkey,
});

test.each([
  ['unsorted', false, undefined],
  ['sorted in memory', true, undefined],
  ['sorted by runs', true, 500_000],
  ['sorted by more runs than are merged at a time', true, 60_000],
] as const)('%s', (_name, sortRows, sortBytesMax) => {
  const table = tableOf(sortRows ? [1] : []);
  const written = ['all', 'some', 'none'].map((taken) => {
    const slice = openTestSlice(node, undefined, { sortBytesMax });
    const random = new Prng(11);
    const choice = new Prng(12);
    const writer = slice.openWriter(table, 5, 1, { sortRows });
    let steps = 0;
    let works = 0;
    for (let batch = 0; batch < BATCHES; batch++) {
      const rows = Array.from({ length: BATCH }, (_r, i): Cell[] => {
        const k = random.int(0, 1_000_000);
        return [k, random.int(0, 9) === 0 ? null : `text ${k}`, batch * BATCH + i];
      });
      const vectors = table.columns.map((c, i) =>
        vector(
          node,
          c.attnum,
          c.type,
          rows.map((r) => r[i]!),
        ),
      );
      writer.append(vectors, BATCH);
      for (const v of vectors) v.free();
      if (writer.hasWork) works++;
      while (writer.hasWork && taken !== 'none' && (taken === 'all' || choice.int(0, 2) > 0)) {
        writer.step();
        steps++;
      }
    }
    slice.commit(5, 1, [writer.finish()]);
    const read = rowsOf(node, slice, table, snapshot(9)).map((r) => r.cells);
    slice.close();
    if (taken === 'all' && (!sortRows || sortBytesMax !== undefined)) expect(steps).toBeGreaterThan(works * 2);
    return read;
  });
  expect(written[0]).toHaveLength(BATCH * BATCHES);
  expect(written[1]).toEqual(written[0]);
  expect(written[2]).toEqual(written[0]);
  const keys = written[0]!.map((r) => Number(r[0]));
  if (sortRows) expect(keys).toEqual([...keys].sort((a, b) => a - b));
});

test('a writer that is dropped between two steps leaves nothing', () => {
  const table = tableOf([1]);
  const disk = memoryDisk();
  const slice = openTestSlice(node, disk, { sortBytesMax: 300_000 });
  const files = disk.list('slice-0');
  const writer = slice.openWriter(table, 5, 1, { sortRows: true });
  const rows = Array.from({ length: BATCH }, (_, i): Cell[] => [i, `text ${i}`, i]);
  const vectors = table.columns.map((c, i) =>
    vector(
      node,
      c.attnum,
      c.type,
      rows.map((r) => r[i]!),
    ),
  );
  for (let batch = 0; batch < 20 && !writer.hasWork; batch++) writer.append(vectors, BATCH);
  expect(writer.hasWork).toBe(true);
  writer.step();
  writer.abort();
  expect(disk.list('slice-0')).toEqual(files);
  for (const v of vectors) v.free();
  slice.close();
});
