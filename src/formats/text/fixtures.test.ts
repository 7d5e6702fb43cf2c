/** The files of fixtures/copy scanned and converted as a load does it: right values, right STL_LOAD_ERRORS texts. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { FolderIo } from '../../s3/folder-io.ts';
import { INT4, numeric, varchar, type SqlType } from '../../types/sql-type.ts';
import { CopyKernels } from './copy-kernels.test-support.ts';
import { csvFormat } from '../csv.ts';
import { delimitedFormat } from '../delimited.ts';
import { loadReason } from './load-reason.ts';
import { compileDateFormat, compileTimeFormat } from './time-format.ts';
import type { TextFormat } from './text-format.ts';

let k: CopyKernels;
beforeAll(async () => {
  k = await CopyKernels.open();
}, 120_000);
const fixtures = join(import.meta.dirname, '../../../fixtures');
const file = (name: string): Buffer => readFileSync(join(fixtures, 'copy', name));
const TYPES: readonly SqlType[] = [
  INT4,
  varchar(12),
  numeric(10, 2),
  { name: 'date' },
  { name: 'timestamp' },
  { name: 'bool' },
];
const KINDS = [0, 3, 0, 0, 0, 0];

interface Options {
  readonly dateFormat?: string;
  readonly timeFormat?: string;
  readonly roundDec?: boolean;
}
/** Loads like the parse step: id is NOT NULL. Returns good rows, and `line code reason` of the others. */
function load(data: Uint8Array, format: TextFormat, o: Options = {}): { rows: unknown[][]; errors: string[] } {
  const out = k.scan(data, format, 6, { kinds: KINDS });
  const errors = out.bad.map(
    (b) =>
      `${b.line} ${loadReason({ code: b.code, reason: b.reason, position: b.position, value: k.bytes.slice(b.arg - b.position, b.arg + 4) })}`,
  );
  const rows: unknown[][] = [];
  for (const row of out.rows) {
    const values: unknown[] = [];
    let failure: string | undefined;
    row.cells.forEach((cell, c) => {
      if (failure !== undefined) return;
      if (cell === null) {
        if (c === 0) failure = loadReason({ code: 1213, reason: 10, position: 0, value: new Uint8Array(0) });
        values.push(null);
        return;
      }
      const more: readonly (number | bigint)[][] = [
        [],
        [12, 0],
        [10, 2, o.roundDec ? 1 : 0],
        [k.string(compileDateFormat(o.dateFormat)!), 0],
        [k.string(compileTimeFormat(o.timeFormat)!), 0],
        [],
      ];
      const name = ['load_int4', 'load_varchar', 'load_numeric_64', 'load_date', 'load_timestamp', 'load_bool'][c]!;
      const got = k.load(name, cell, ...more[c]!);
      if (got.code !== 0)
        failure = loadReason({
          code: got.code,
          reason: got.reason,
          position: got.position,
          value: Buffer.from(cell),
          type: TYPES[c],
          ...o,
        });
      values.push(c === 1 ? cell : got.value);
    });
    if (failure === undefined) rows.push(values);
    else errors.push(`${row.line} ${failure}`);
  }
  return { rows, errors };
}
const day = (iso: string): number => (Date.parse(iso) - Date.UTC(2000, 0, 1)) / 86_400_000;
const at = (iso: string): bigint => BigInt(Date.parse(`${iso}Z`) - Date.UTC(2000, 0, 1)) * 1000n;

test('good files', () => {
  expect(load(file('good-pipe.tbl'), delimitedFormat())).toEqual({
    errors: [],
    rows: [
      [1, 'Ann', 1050n, day('2024-01-31'), at('2024-01-31T10:00:00'), 1],
      [2, 'Bob', -5n, day('1999-12-31'), at('1999-12-31T23:59:59.5'), 0],
      [3, null, null, day('2000-02-29'), at('2000-02-29T00:00:00'), 1],
    ],
  });
  expect(load(file('good-quoted.csv'), csvFormat({ ignoreHeader: 1 }))).toEqual({
    errors: [],
    rows: [
      [1, 'Ann "A", x', 1050n, day('2024-01-31'), at('2024-01-31T10:00:00'), 1],
      [2, 'two\nlines', -5n, day('1999-12-31'), at('1999-12-31T23:59:59'), 0],
    ],
  });
});
test('a gzip file gives the rows of the plain one', async () => {
  const key = 'good-quoted.csv.gz';
  const { size, mtimeMs } = statSync(join(fixtures, 'copy', key));
  const state = { size, modifiedMs: mtimeMs };
  const source = await new FolderIo(fixtures).open({
    bucket: 'copy',
    key,
    start: 0,
    end: size,
    state,
    compression: 'gzip',
  });
  const into = new Uint8Array(10_000);
  const n = await source.read(into);
  await source.close();
  expect(Buffer.from(into.subarray(0, n)).equals(file('good-quoted.csv'))).toBe(true);
});
test("DATEFORMAT 'auto', TIMEFORMAT 'auto', ROUNDEC", () => {
  const o = { dateFormat: 'auto', timeFormat: 'auto', roundDec: true };
  expect(load(file('good-auto-dates.csv'), csvFormat(), o)).toEqual({
    errors: [],
    rows: [
      [1, 'A', 126n, day('2024-01-31'), at('2017-01-01T00:01:00'), 1],
      [2, 'B', 200n, day('2024-01-31'), at('2017-01-01T00:01:00'), 0],
    ],
  });
});
test('every bad row is named with its line and reason; the others load', () => {
  const out = load(file('bad-rows.tbl'), delimitedFormat());
  expect(out.rows.map((r) => r[0])).toEqual([1, 12]);
  expect(out.errors.sort((a, b) => Number.parseInt(a) - Number.parseInt(b))).toEqual([
    "2 Invalid digit, Value 'x', Pos 0, Type: Integer",
    '3 String length exceeds DDL length',
    '4 Overflow for NUMERIC(10,2)',
    '5 Invalid date format or value [YYYY-MM-DD]',
    '6 Invalid timestamp format or value [YYYY-MM-DD HH24:MI:SS]',
    '7 Unknown boolean format',
    '8 Extra column(s) found',
    '9 Delimiter not found',
    '10 Missing data for not-null field',
    "11 Overflow, Value '9', Pos 9, Type: Integer",
  ]);
  const utf8 = load(file('bad-utf8.tbl'), delimitedFormat());
  expect(utf8.rows).toHaveLength(1);
  expect(utf8.errors).toEqual([
    '2 String contains invalid or unsupported UTF-8 codepoints. Bad UTF-8 hex sequence: ff (error 3)',
  ]);
  const quotes = load(file('bad-quotes.csv'), csvFormat());
  expect(quotes.rows.map((r) => r[0])).toEqual([2]);
  expect(quotes.errors).toEqual(['1 Invalid quote formatting for CSV', '3 Invalid quote formatting for CSV']);
});
