/** What is framed as DataRow messages is read back as it was, and cut where whole messages end. */
import { expect, test } from 'vitest';
import { dataRowsEnd, readTextRows, textRows, type TextRow } from './data-rows.ts';

const ROWS: readonly TextRow[] = [['a', null, ''], [], [null], ['é', 'x'.repeat(300)]];

test('rows come back as they were, NULL and empty text apart', () => {
  const read: TextRow[] = [];
  readTextRows(textRows(ROWS), read, Infinity);
  expect(read).toEqual(ROWS);
});

test('a list is filled over several chunks, and is never cut at its limit without a word', () => {
  const read: TextRow[] = [];
  readTextRows(textRows(ROWS.slice(0, 2)), read, 3);
  expect(() => readTextRows(textRows(ROWS.slice(0, 2)), read, 3)).toThrow('limit of 3 rows');
  expect(read).toEqual([ROWS[0], ROWS[1], ROWS[0]]);
});

test('a chunk is cut behind whole messages, wherever it begins', () => {
  const chunk = textRows(ROWS);
  const second = dataRowsEnd(chunk, 0, 1);
  const read: TextRow[] = [];
  readTextRows(chunk.subarray(second, dataRowsEnd(chunk, second, 2)), read, Infinity);
  expect(read).toEqual([ROWS[1], ROWS[2]]);
});
