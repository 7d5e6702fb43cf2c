/**
 * ORC as a load format: Apache's example files against what they hold, as typed columns and as SUPER; encodings, codecs, zones, pieces; what does
 * not fit the table; files that are damaged.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { SqlError } from '../common/errors/sql-error.ts';
import { Prng } from '../common/prng.ts';
import { trials } from '../common/test-trials.ts';
import { numeric, varbyte, varchar, type SqlType } from '../types/sql-type.ts';
import type { LoadObject, SchemaHost } from './load-format.ts';
import { orc } from './orc.ts';
import { orcFileOf } from './orc/footer.ts';
import type { OrcType } from './orc/metadata.ts';
import { testLoad, type TestLoaded } from './test-load.ts';

const folder = join(import.meta.dirname, '../../fixtures/copy/orc');
const fileOf = (name: string): Buffer => readFileSync(join(folder, `${name}.orc`));
const objectOf = (bytes: Uint8Array): LoadObject => ({
  size: bytes.length,
  read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
  stream: () => {
    throw new Error('not here');
  },
});
const SUPER: SqlType = { name: 'super' };
const type = (name: SqlType['name']): SqlType => ({ name });
const NO_HOST = {} as SchemaHost;

interface More {
  readonly fillRecord?: boolean;
  readonly acceptInvChars?: number;
  readonly most?: () => number;
  readonly start?: number;
  readonly end?: number;
}
async function load(bytes: Buffer, types: readonly SqlType[], more: More = {}): Promise<TestLoaded> {
  const columns = types.map((type, i) => ({ name: `c${i}`, type, nullable: true }));
  const { fillRecord = false, acceptInvChars, most, start = 0, end = bytes.length } = more;
  const { plan } = await orc.schema(
    columns,
    { fillRecord, acceptInvChars, serializeToJson: true },
    undefined,
    NO_HOST,
  );
  return testLoad(orc, plan, types.length, bytes, most, { start, end, first: start === 0 }, types);
}
const failure = async (bytes: Buffer, types: readonly SqlType[], more: More = {}): Promise<string> => {
  try {
    await load(bytes, types, more);
  } catch (error) {
    if (error instanceof SqlError) return /context: +(.*)/.exec(error.detail ?? '')?.[1] ?? error.message;
    throw error;
  }
  return 'none';
};

/** A value of the expected files in the form that a SUPER column has. */
function wanted(value: unknown, { kind, children, names }: OrcType): unknown {
  if (value === null) return null;
  switch (kind) {
    case 'binary':
      return Buffer.from(value as number[]).toString('hex');
    case 'timestamp':
      return (value as string)
        .replace(/(\.\d{1,6})\d*$/, '$1')
        .replace(/\.?0+$/, (zeros) => (zeros.startsWith('.') ? '' : (value as string).includes('.') ? '' : zeros));
    case 'float':
      return Math.fround(value as number);
    case 'double':
      return Number((value as number).toPrecision(12));
    case 'array':
      return (value as unknown[]).map((v) => wanted(v, children[0]!));
    case 'map':
      return Object.fromEntries(
        (value as { key: string; value: unknown }[]).map((e) => [e.key, wanted(e.value, children[1]!)]),
      );
    case 'struct':
      return Object.fromEntries(names.map((name, i) => [name, wanted((value as never)[name], children[i]!)]));
    case 'uniontype': {
      const { tag, value: inner } = value as { tag: number; value: unknown };
      return wanted(inner, children[tag]!);
    }
    default:
      return value;
  }
}
/** A SUPER column's value, its floats as exact as those of the expected files. */
function read(value: unknown, { kind, children, names }: OrcType): unknown {
  if (value === null) return null;
  switch (kind) {
    case 'float':
      return Math.fround(value as number);
    case 'double':
      return Number((value as number).toPrecision(12));
    case 'array':
      return (value as unknown[]).map((v) => read(v, children[0]!));
    case 'map':
      return Object.fromEntries(Object.entries(value as object).map(([k, v]) => [k, read(v, children[1]!)]));
    case 'struct':
      return Object.fromEntries(names.map((name, i) => [name, read((value as never)[name], children[i]!)]));
    default:
      return value;
  }
}

const names = readdirSync(folder)
  .filter((f) => f.endsWith('.orc') && existsSync(join(folder, f.replace(/\.orc$/, '.jsn.gz'))))
  .map((f) => f.replace(/\.orc$/, ''));
test.each(names)('%s', async (name) => {
  const bytes = fileOf(name);
  const { root } = await orcFileOf(objectOf(bytes));
  const expected = gunzipSync(readFileSync(join(folder, `${name}.jsn.gz`)))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => wanted(JSON.parse(line), root));
  const { rows } = await load(
    bytes,
    root.children.map(() => SUPER),
  );
  const found = rows.map((row) =>
    read(
      Object.fromEntries(
        row.map((text, i) => [root.names[i]!, text === null ? null : (JSON.parse(text) as unknown)]),
      ),
      root,
    ),
  );
  expect(found).toEqual(expected);
});

test('typed columns of every kind', async () => {
  const types = [
    type('bool'),
    type('int2'),
    type('int2'),
    type('int4'),
    type('int8'),
    type('float4'),
    type('float8'),
    varbyte(10),
    varchar(10),
    SUPER,
    SUPER,
    SUPER,
  ];
  const { rows } = await load(fileOf('TestOrcFile.test1'), types);
  expect(rows.map((row) => row.slice(0, 7))).toEqual([
    ['0', '1', '1024', '65536', '9223372036854775807', '1', '-15'],
    ['1', '100', '2048', '65536', '9223372036854775807', '2', '-5'],
  ]);
  expect(rows.map((row) => row[8])).toEqual(['hi', 'bye']);
  const decimals = await load(fileOf('decimal'), [numeric(10, 5)]);
  expect([decimals.rows.length, decimals.rows[0], decimals.rows[2]]).toEqual([6000, ['-100050000'], ['-99870000']]);
  const wide = await load(fileOf('decimal'), [numeric(38, 5)]);
  expect(wide.rows).toEqual(decimals.rows);
});
test('values before 1970, in the zone of who wrote them; nanoseconds are cut', async () => {
  const { rows } = await load(fileOf('TestOrcFile.testDate1900'), [type('timestamp'), type('date')]);
  const micros = (text: string): string => String(Date.parse(`${text}Z`) * 1000 - 946684800000000);
  const days = (text: string): string => String((Date.parse(text) - 946684800000) / 86400000);
  expect(rows).toHaveLength(70000);
  expect(rows[0]).toEqual([String(BigInt(micros('1900-05-05T12:34:56')) + 100000n), days('1900-12-25')]);
  expect(rows[69999]).toEqual([String(BigInt(micros('1969-05-05T12:34:56')) + 199900n), days('1969-12-25')]);
});
test('snappy and zstd', async () => {
  const { rows } = await load(fileOf('TestOrcFile.testSnappy'), [type('int4'), varchar(20)]);
  expect([rows.length, rows.reduce((sum, [n]) => sum + Number(n), 0)]).toEqual([10000, -60390886051]);
  expect(rows.reduce((most, [, s]) => (s! > most ? s! : most), '')).toBe('fffee5c6');
  const columns = [type('int8'), type('int4'), type('int8')];
  expect((await load(fileOf('TestVectorOrcFile.testZstd.0.12'), columns)).rows).toHaveLength(10000);
});
test('short decimals of version 2', async () => {
  const columns = [type('int8'), numeric(12, 0), numeric(20, 2), numeric(12, 2), numeric(2, 2)];
  const { rows } = await load(fileOf('decimal64_v2'), columns);
  expect([rows.length, rows[0]]).toEqual([10, ['17292380420', '24', '3616416', '3', '1']]);
});
test('pieces of a file, bytes in any portions', async () => {
  const bytes = fileOf('TestOrcFile.testMemoryManagementV11');
  const types = [type('int4'), varchar(20)];
  const whole = (await load(bytes, types)).rows;
  const prng = new Prng(5);
  for (let round = 0; round < trials(20); round++) {
    const wishes = [1, 2, 3].map((i) => Math.floor((bytes.length * i) / 4) + prng.int(-500, 500));
    const cuts = [0, ...(await orc.split(objectOf(bytes), wishes, undefined as never)), bytes.length];
    const rows: TestLoaded['rows'][number][] = [];
    for (const [i, end] of cuts.slice(1).entries())
      if (end > cuts[i]!)
        rows.push(...(await load(bytes, types, { start: cuts[i]!, end, most: () => prng.int(0, 300) })).rows);
    expect(rows).toEqual(whole);
  }
});
test('what does not fit the table', async () => {
  const bytes = fileOf('TestOrcFile.testStripeLevelStats');
  expect(await failure(bytes, [type('int4')])).toMatch(
    /^Unmatched number of columns .* Table columns: 1, Data columns: 2/,
  );
  expect(await failure(bytes, [type('int8'), varchar(9)])).toMatch(
    /incompatible ORC schema .*Column type: BIGINT, ORC schema:/,
  );
  expect(await failure(bytes, [type('int4'), varchar(2)])).toMatch(
    /The length of the data column c1 is longer .* Table: 2, Data: 3/,
  );
  expect(await failure(fileOf('decimal'), [numeric(10, 2)])).toMatch(
    /has a scale that does not match .* scale: 5, .* scale: 2/,
  );
  expect(await failure(fileOf('decimal'), [numeric(9, 5)])).toMatch(/has a precision that does not match/);
  const filled = await load(bytes, [type('int4'), varchar(9), type('float8')], { fillRecord: true });
  expect([filled.rows.length, filled.rows[0]]).toEqual([11000, ['1', 'one', null]]);
});
test('damaged files are refused', async () => {
  const types = [
    type('int4'),
    type('bool'),
    type('int2'),
    type('int2'),
    type('int4'),
    type('int8'),
    type('float4'),
    type('float8'),
  ];
  const all = [...types, varchar(20), varchar(20), type('timestamp')];
  expect(await failure(fileOf('missing_length_stream_in_string_dict'), all)).toMatch(
    /is corrupt: a stream ends too early/,
  );
  expect(await failure(fileOf('negative_dict_entry_lengths'), all)).toMatch(
    /is corrupt: a dictionary has impossible lengths/,
  );
  const decimals = [numeric(9, 0), numeric(10, 0), numeric(20, 10), numeric(38, 38), numeric(10, 5)];
  expect(await failure(fileOf('stripe_footer_bad_column_encodings'), decimals)).toMatch(
    /is corrupt: its metadata is cut off/,
  );
  expect(await failure(fileOf('TestOrcFile.testTimestamp'), [type('timestamp')])).toMatch(
    /is corrupt: its rows are no structs/,
  );
  expect(await failure(Buffer.from('id,name\n1,a\n'), types)).toMatch(/has an invalid version number/);
  expect(await failure(Buffer.alloc(0), types)).toMatch(/has an invalid version number/);
  const good = fileOf('decimal');
  expect(await failure(good.subarray(0, 1000), [numeric(10, 5)])).toMatch(/has an invalid version number/);
});
test('bytes at random never end the reader', async () => {
  const prng = new Prng(11);
  const some = [
    'TestOrcFile.test1',
    'TestOrcFile.testUnionAndTimestamp',
    'decimal64_v2',
    'complextypes_iceberg',
    'over1k_bloom',
    'TestOrcFile.testStripeLevelStats',
  ];
  const files = await Promise.all(
    some.map(async (name) => ({
      bytes: fileOf(name),
      fields: (await orcFileOf(objectOf(fileOf(name)))).root.children,
    })),
  );
  const flat: Partial<Record<OrcType['kind'], SqlType>> = {
    int: type('int4'),
    bigint: type('int8'),
    string: varchar(100),
    timestamp: type('timestamp'),
    boolean: type('bool'),
    double: type('float8'),
    smallint: type('int2'),
  };
  for (let round = 0; round < trials(250); round++) {
    const { bytes, fields } = prng.pick(files);
    const broken = Buffer.from(bytes);
    for (let i = prng.int(1, 8); i > 0; i--) {
      // Half of them where the metadata lies.
      const least = prng.int(0, 1) === 0 ? 0 : Math.max(0, broken.length - 600);
      broken[prng.int(least, broken.length - 1)] = prng.int(0, 255);
    }
    const types = fields.map((f) => (prng.int(0, 3) > 0 ? (flat[f.kind] ?? SUPER) : SUPER));
    await failure(broken, types);
  }
});
