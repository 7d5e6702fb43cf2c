/** Sequences: made as they are read, again for each reader, and in turns. */
import { expect, test } from 'vitest';
import { Sequence } from './sequence.ts';

const upTo = (n: number): Sequence<number> =>
  new Sequence(function* () {
    for (let i = 1; i <= n; i++) yield i;
  });

test('items are made only when they are read, and again for the next reader', () => {
  let made = 0;
  const items = upTo(1000).map((i) => {
    made++;
    return i * 2;
  });
  expect(made).toBe(0);
  const first: number[] = [];
  for (const item of items) {
    first.push(item);
    if (first.length === 3) break;
  }
  expect(first).toEqual([2, 4, 6]);
  expect(made).toBe(3);
  expect([...items]).toHaveLength(1000);
});

test('filter and flatMap', () => {
  expect([...upTo(6).filter((i) => i % 2 === 0)]).toEqual([2, 4, 6]);
  expect([...upTo(3).flatMap((i) => Array<number>(i).fill(i))]).toEqual([1, 2, 2, 3, 3, 3]);
});

test('a long reading lets others have their turn and ends when it is cancelled', async () => {
  const cancel = new AbortController();
  let turns = 0;
  const other = setInterval(() => {
    if (++turns === 2) cancel.abort(new Error('not wanted any more'));
  }, 1);
  const endless = new Sequence(function* () {
    for (;;) yield 1;
  });
  await expect(endless.each(() => undefined, cancel.signal)).rejects.toThrow('not wanted any more');
  clearInterval(other);
  expect(turns).toBeGreaterThanOrEqual(2);
});
