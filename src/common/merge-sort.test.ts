/**
 * Sorting in steps against sorting at once.
 */
import { expect, test } from 'vitest';
import { sortIndex, sortNumbers } from './merge-sort.ts';
import { Prng } from './prng.ts';
import { atOnce } from './steps.ts';

const random = new Prng(7);
const numbers = (count: number): Float64Array =>
  Float64Array.from({ length: count }, () => (random.u32() % 50_000) - 25_000);

test.each([0, 1, 2, 100, 16_384, 16_385, 100_000])('%i numbers come out in ascending order', (count) => {
  const values = numbers(count);
  const expected = [...values].sort((a, b) => a - b);
  expect([...atOnce(sortNumbers(values))]).toEqual(expected);
});

test('numbers in order stay as they are', () => {
  const values = Float64Array.from({ length: 1000 }, (_, i) => i);
  expect(atOnce(sortNumbers(values))).toBe(values);
});

test.each([0, 1, 2048, 2049, 70_000])('the index of %i elements is sorted by what they stand for', (count) => {
  const values = numbers(count);
  const index = atOnce(sortIndex(count, (a, b) => values[a]! - values[b]!));
  expect(new Set(index).size).toBe(count);
  expect([...index].map((i) => values[i])).toEqual([...values].sort((a, b) => a - b));
});

test('a long sort is many steps', () => {
  const steps = sortNumbers(numbers(200_000));
  let count = 0;
  while (steps.next().done !== true) count += 1;
  expect(count).toBeGreaterThan(20);
});
