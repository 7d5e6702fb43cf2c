/**
 * Parquet as a load format: files of others with what they mean (fixtures/copy/parquet), wherever their bytes stop; files that are
 * damaged at random, which end in an error and keep nothing; pairs of columns that do not fit; strings and what is refused of them.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { trials } from '../common/test-trials.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import { char, numeric, varbyte, varchar, type SqlType } from '../types/sql-type.ts';
import { decimalBytes } from './parquet/forms.ts';
import { readParquet } from './parquet/test-read.ts';

const FOLDER = join(import.meta.dirname, '../../fixtures/copy/parquet');
const file = (name: string): Buffer => readFileSync(join(FOLDER, `${name}.parquet`));
interface Expected {
  readonly error?: string;
  readonly columns?: readonly string[];
  readonly rows?: number;
  readonly first?: readonly (readonly (string | null)[])[];
  readonly digest?: string;
}
const EXPECTED = JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')) as Record<string, Expected>;
async function context(work: Promise<unknown>): Promise<string> {
  try {
    await work;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    return /context: +([\s\S]*?)\n {2}query/.exec(error.detail ?? '')?.[1] ?? error.message;
  }
  return 'no error';
}
const prng = new Prng(5);

test.each(Object.keys(EXPECTED))('%s', async (name) => {
  const bytes = readFileSync(join(FOLDER, name));
  const wanted = EXPECTED[name]!;
  for (const most of [Infinity, 100, 3000]) {
    const given = { most: () => (most === Infinity ? most : prng.int(0, most)) };
    if (wanted.error !== undefined) {
      expect((await context(readParquet(bytes, given))).split('\n')[0]).toBe(wanted.error);
      continue;
    }
    const read = await readParquet(bytes, given);
    expect({
      columns: read.names.map((n, i) => `${n} ${read.types[i]!.name}`),
      rows: read.rows.length,
      first: read.rows.slice(0, 3),
      digest: createHash('md5').update(JSON.stringify(read.rows)).digest('hex'),
    }).toEqual(wanted);
    expect(read.kept).toBe(0);
  }
});
test('columns that hold the same in two encodings', async () => {
  const { rows } = await readParquet(file('byte_stream_split_extended.gzip'));
  for (const row of rows) for (let c = 0; c < row.length; c += 2) expect(row[c]).toBe(row[c + 1]);
  const [hadoop, plain, raw] = await Promise.all(
    ['hadoop_lz4_compressed', 'non_hadoop_lz4_compressed', 'lz4_raw_compressed'].map((f) => readParquet(file(f))),
  );
  expect(hadoop!.rows).toEqual(plain!.rows);
  expect(raw!.rows).toEqual(plain!.rows);
});
test('damaged files end in an error, and keep nothing', async () => {
  const names = Object.keys(EXPECTED).filter((n) => EXPECTED[n]!.error === undefined);
  let refused = 0;
  for (let round = 0; round < trials(1500); round++) {
    const name = prng.pick(names);
    const bytes = Buffer.from(readFileSync(join(FOLDER, name)));
    const isFooter = prng.int(0, 1) === 0;
    for (let k = prng.int(1, 5); k > 0; k--) {
      const from = isFooter ? Math.max(4, bytes.length - 600) : 4;
      bytes[prng.int(from, bytes.length - 9)] = prng.pick([0, 1, 127, 128, 255, prng.int(0, 255)]);
    }
    const cut = prng.int(0, 9) === 0 ? bytes.subarray(prng.int(0, bytes.length - 1)) : bytes;
    const started = performance.now();
    try {
      const { kept } = await readParquet(cut);
      expect(kept).toBe(0);
    } catch (error) {
      refused++;
      // Out of the test's memory, or the file's own fault.
      if (!(error instanceof SqlError) && (error as Error).message !== 'out of memory') throw error;
    }
    expect(performance.now() - started).toBeLessThan(20_000);
  }
  expect(refused).toBeGreaterThan(trials(300));
});

const columns = (...types: SqlType[]) => types.map((type, i) => ({ name: `c${i}`, type }));
const pair = async (name: string, at: number, type: SqlType): Promise<string> => {
  const { types } = await readParquet(file(name));
  return context(readParquet(file(name), { columns: columns(...types.map((t, i) => (i === at ? type : t))) }));
};
test('types match by width, decimals by scale and length', async () => {
  const started = "File 'https://s3.us-east-1.amazonaws.com/b/k' ";
  const schema = (column: string, type: string, text: string) =>
    `${started}has an incompatible Parquet schema for column 's3://b/k.${column}'. Column type: ${type}, Parquet schema:\n${text}`;
  const plain = 'alltypes_plain.snappy';
  expect(await pair(plain, 0, { name: 'int8' })).toBe(schema('id', 'BIGINT', 'optional int32 id [i:0 d:1 r:0]'));
  expect(await pair(plain, 0, { name: 'int2' })).toBe(schema('id', 'SMALLINT', 'optional int32 id [i:0 d:1 r:0]'));
  expect(await pair(plain, 5, { name: 'int4' })).toBe(
    schema('bigint_col', 'INT', 'optional int64 bigint_col [i:5 d:1 r:0]'),
  );
  expect(await pair(plain, 6, { name: 'float8' })).toContain('Column type: DOUBLE, Parquet schema:\noptional float');
  expect(await pair(plain, 7, numeric(20, 10))).toContain(
    'Column type: DECIMAL(20, 10), Parquet schema:\noptional double',
  );
  expect(await pair(plain, 10, { name: 'date' })).toContain('Column type: DATE, Parquet schema:\noptional int96');
  expect(await pair(plain, 8, varchar(20))).toBe('no error');
  expect(await pair('list_columns', 0, varchar(20))).toContain(
    'optional struct int64_list [d:1 r:0] {\n  repeated struct list',
  );
  expect(await pair('int32_decimal', 0, numeric(4, 1))).toContain(
    'has a scale that does not match the table metadata scale. File metadata scale: 2, table metadata scale: 1',
  );
  expect(await pair('int32_decimal', 0, numeric(3, 2))).toContain(
    'File metadata precision: 4, table metadata precision: 3',
  );
  expect(await pair('int32_decimal', 0, numeric(30, 2))).toBe('no error');
  expect(await pair('fixed_length_decimal', 0, numeric(30, 2))).toBe(
    `${started}column 'value' has an invalid type length. Expecting: 13 len in file: 11`,
  );
  expect([1, 9, 18, 19, 29, 38].map(decimalBytes)).toEqual([1, 4, 8, 9, 13, 16]);
});
test('strings: too long, of several bytes a character, no UTF-8', async () => {
  const hello = 'data_index_bloom_encoding_stats';
  expect(await pair(hello, 0, varchar(4))).toBe(
    'The length of the data column c0 is longer than the length defined in the table. Table: 4, Data: 5, File name: https://s3.us-east-1.amazonaws.com/b/k',
  );
  expect(await pair(hello, 0, varbyte(4))).toContain('Table: 4, Data: 5');
  expect((await readParquet(file(hello), { columns: columns(char(40)) })).rows[0]).toEqual(['Hello']);
  const bytes = file('fixed_length_byte_array');
  expect(await context(readParquet(bytes, { columns: columns(varchar(4)) }))).toContain('incompatible');
  const dictionary = file('rle-dict-snappy-checksum');
  const { rows } = await readParquet(dictionary, { columns: columns({ name: 'int8' }, varchar(40)) });
  expect(rows[0]![1]).toBe('c95e263a-f5d4-401f-8107-5ca7146a1f98');
});
test('columns by position; missing ones with FILLRECORD', async () => {
  const three = columns({ name: 'int8' }, varchar(40), { name: 'date' });
  const bytes = file('rle-dict-snappy-checksum');
  expect(await context(readParquet(bytes, { columns: three }))).toBe(
    'Unmatched number of columns between table and file. Table columns: 3, Data columns: 2, File name: https://s3.us-east-1.amazonaws.com/b/k',
  );
  const { rows } = await readParquet(bytes, { columns: three, fillRecord: true });
  expect(rows.slice(0, 2).map((r) => r[2])).toEqual([null, null]);
  const one = readParquet(bytes, { columns: three.slice(0, 1), fillRecord: true });
  expect(await context(one)).toContain('Table columns: 1, Data columns: 2');
  expect(await context(readParquet(Buffer.from('id,name\n1,two\n')))).toContain('the file ends with two.');
});
