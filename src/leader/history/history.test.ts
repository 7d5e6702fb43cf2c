/**
 * The history keeps the newest rows, in order, and hands out lists that do not grow under the reader.
 */
import { expect, it } from 'vitest';
import { createHistory } from './history.ts';

const error = (n: number) => ({ userid: n, pid: 1, timeMicros: 0n, sqlstate: 'XX000', message: '', context: '' });

it('numbers queries upwards from where it left off', () => {
  const history = createHistory(41);
  expect([history.nextQueryId(), history.nextQueryId()]).toEqual([42, 43]);
});
it('drops the oldest rows and never shows more than the limit', () => {
  const history = createHistory(0, 20);
  for (let i = 0; i < 1000; i++) {
    history.add('errors', error(i));
    const rows = history.read('errors');
    expect(rows.length).toBe(Math.min(i + 1, 20));
    expect(rows.at(-1)?.userid).toBe(i);
    expect(rows[0]?.userid).toBe(Math.max(0, i - 19));
  }
});
it('gives a list that later rows do not change', () => {
  const history = createHistory();
  history.add('errors', error(1));
  const rows = history.read('errors');
  history.add('errors', error(2));
  expect(rows).toHaveLength(1);
});
