/** Rows to delete: every address once, in order within its group, and room by the rows that were seen. */
import { expect, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { RowAddresses } from './row-addresses.ts';

const addressOf = (group: number, row: number): bigint => (BigInt(group) << 20n) + BigInt(row);

test.each([1, 2, 3])('rows of many groups in any order, seed %i', (seed) => {
  const random = new Prng(seed);
  const rows = new RowAddresses();
  const model = new Map<number, Set<number>>();
  for (let n = 0; n < 20_000; n++) {
    const group = random.pick([1, 2, 3, 70_000, 2 ** 31 + 5]);
    const row = random.int(0, random.pick([3, 100, 65_535]));
    const seen = model.get(group) ?? new Set();
    model.set(group, seen);
    const address = addressOf(group, row);
    expect(rows.add(Number(address & 0xffffffffn), Number(address >> 32n))).toBe(!seen.has(row));
    seen.add(row);
  }
  const given = [...rows].length;
  expect(given).toBe(model.size);
  for (const { groupId, rows: list } of rows)
    expect([...list]).toEqual([...model.get(groupId)!].sort((a, b) => a - b));
});

test('twenty thousand groups of one row take little memory', () => {
  const before = process.memoryUsage().arrayBuffers;
  const rows = RowAddresses.of(Array.from({ length: 20_000 }, (_, i) => addressOf(i + 1, 0)));
  let count = 0;
  for (const { rows: list } of rows) count += list.length;
  expect(count).toBe(20_000);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 * 1024 * 1024);
});
