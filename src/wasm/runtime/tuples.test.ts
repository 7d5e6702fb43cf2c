/**
 * Tables over tuples: what lies in memory before a tuple is linked never counts as a mark of a join.
 */
import { beforeAll, expect, test } from 'vitest';
import { makeBench, type Bench } from './test-bed.ts';

const [SIZE, NULL_AT, KEY_AT] = [24, 8, 16];
let b: Bench;
beforeAll(async () => {
  b = await makeBench();
});

test('rows without a key are unmatched rows of a table by the key itself', () => {
  const keys = [5, undefined, 7, 5, undefined];
  const [start, heads, out, next] = [8 << 20, 9 << 20, 10 << 20, 11 << 20];
  const end = start + keys.length * SIZE;
  b.bytes.fill(0xff, start, end);
  b.bytes.fill(0, heads, heads + 64);
  keys.forEach((key, i) => {
    const t = start + i * SIZE;
    b.bytes[t + NULL_AT] = key === undefined ? 1 : 0;
    b.view.setBigInt64(t + KEY_AT, BigInt(key ?? 0), true);
  });
  b.k['link_dense']!(start, end, SIZE, KEY_AT, 1, NULL_AT, heads, 5n);
  const first = b.view.getUint32(heads, true);
  expect([first, b.view.getUint32(first, true)]).toEqual([start + 3 * SIZE, start]);
  expect(b.k['unmatched_tuples']!(start, end, SIZE, out, 100, next)).toBe(keys.length);
});
