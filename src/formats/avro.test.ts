/**
 * Avro as a load format: every type into every kind of column, paths, codecs, pieces of a file; schemas and values at random against
 * what they were made of; files that are damaged, and such as want more than there is.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Prng } from '../common/prng.ts';
import { trials } from '../common/test-trials.ts';
import { bzip2 } from '../s3/codecs/bzip2.ts';
import { numeric, varbyte, varchar, type SqlType } from '../types/sql-type.ts';
import { avro, type AvroLoadOptions } from './avro.ts';
import type { AvroPlan } from './avro/reader.ts';
import { avroFile, encodeAvro, long, PACK, type TestSchema } from './avro/test-writer.ts';
import { delimitedFormat } from './delimited.ts';
import type { PathArgument } from './json/path-tree.ts';
import type { LoadObject } from './load-format.ts';
import { testLoad, type TestLoaded } from './test-load.ts';
import { loadReason } from './text/load-reason.ts';

const TEXT = varchar(65535);
const type = (name: SqlType['name']): SqlType => ({ name });
const SUPER = type('super');

const optionsOf = (paths: PathArgument, more: Partial<AvroLoadOptions> = {}): AvroLoadOptions => ({
  text: { ...delimitedFormat({}), kind: 'avro', nullText: undefined },
  dateFormat: undefined,
  timeFormat: undefined,
  paths,
  ...more,
});
async function planOf(
  columns: Readonly<Record<string, SqlType>>,
  paths: PathArgument = 'auto',
  file = '',
  more: Partial<AvroLoadOptions> = {},
): Promise<AvroPlan> {
  const all = Object.entries(columns).map(([name, type]) => ({ name, type, nullable: true }));
  const host = { object: () => Promise.resolve(Buffer.from(file)) };
  return (await avro.schema(all, optionsOf(paths, more), undefined, host)).plan;
}
async function load(
  file: Buffer,
  columns: Readonly<Record<string, SqlType>>,
  ...more: [PathArgument?, string?, Partial<AvroLoadOptions>?]
): Promise<TestLoaded> {
  const types = Object.values(columns);
  return testLoad(avro, await planOf(columns, ...more), types.length, file, undefined, {}, types);
}
const record = (...fields: readonly (readonly [string, TestSchema])[]): TestSchema => ({
  type: 'record',
  name: 'r',
  fields: fields.map(([name, type]) => ({ name, type })),
});
const fileOf = (schema: TestSchema, rows: readonly unknown[], codec?: string): Buffer =>
  avroFile(schema, [rows.map((row) => encodeAvro(schema, row))], codec);
/** One field `f` into a column of each type. */
async function into(schema: TestSchema, value: unknown, ...types: readonly SqlType[]): Promise<(string | null)[]> {
  const shape = record(['f', schema]);
  const out: (string | null)[] = [];
  for (const type of types) {
    const loaded = await load(fileOf(shape, [{ f: value }]), { f: type });
    const [refused] = loaded.refused;
    out.push(refused === undefined ? loaded.rows[0]![0]! : `refused ${refused.code}`);
  }
  return out;
}
const reasons = ({ refused }: TestLoaded): readonly string[] =>
  refused.map((r) => `${r.line} ${r.code} ${loadReason({ ...r, value: r.rawValue })}`);

test('whole numbers', async () => {
  const [i2, i4, i8, f4, f8, bool] = (['int2', 'int4', 'int8', 'float4', 'float8', 'bool'] as const).map(type);
  expect(await into('int', 5n, i2!, i4!, i8!, f4!, f8!, TEXT, SUPER)).toEqual(['5', '5', '5', '5', '5', '5', '5']);
  expect(await into('long', -(2n ** 63n), i2!, i4!, i8!, f8!, TEXT)).toEqual([
    'refused 1222',
    'refused 1222',
    '-9223372036854775808',
    String(-(2 ** 63)),
    '-9223372036854775808',
  ]);
  expect(await into('int', 1n, bool!, numeric(5, 2))).toEqual(['1', '1']);
  expect(await into('boolean', true, bool!, TEXT, SUPER, i4!)).toEqual(['1', 'true', 'true', 'refused 1207']);
});
test('floats keep all their digits', async () => {
  const f4 = type('float4');
  const f8 = type('float8');
  for (const v of [0.1, -1 / 3, 5e-324, 1.7976931348623157e308, 123456789012345680])
    expect((await into('double', v, f8, TEXT, SUPER)).map(Number)).toEqual([v, v, v]);
  expect(await into('float', Math.fround(0.1), f4, TEXT)).toEqual([String(Math.fround(0.1)), '0.1']);
  expect(await into('float', Math.fround(0.1), f8)).toEqual([String(Math.fround(0.1))]);
  expect(await into('double', NaN, f8, SUPER)).toEqual(['NaN', '"NaN"']);
  expect(await into('double', -Infinity, SUPER)).toEqual(['"-Infinity"']);
  expect(await into('double', 1.5, type('int4'))).toEqual(['refused 1207']);
});
test('texts, bytes, enums and fixed', async () => {
  expect(await into('string', ' 12 ', type('int4'), TEXT, SUPER, type('float8'))).toEqual([
    '12',
    ' 12 ',
    '" 12 "',
    '12',
  ]);
  expect(await into('string', 'q"\\\n\u0001é', SUPER)).toEqual(['"q\\"\\\\\\n\\u0001é"']);
  expect(await into('bytes', Buffer.from([0, 255, 65]), varbyte(10), SUPER)).toEqual(['00ff41', '"\\u0000ÿA"']);
  expect(await into('bytes', Buffer.alloc(0), varbyte(10))).toEqual(['']);
  expect(await into('bytes', Buffer.from('abc'), TEXT)).toEqual(['abc']);
  expect(await into({ type: 'fixed', name: 'x', size: 2 }, Buffer.from('ok'), TEXT, varbyte(2))).toEqual([
    'ok',
    '6f6b',
  ]);
  expect(await into({ type: 'enum', name: 'x', symbols: ['A', 'B'] }, 'B', TEXT, SUPER)).toEqual(['B', '"B"']);
  const broken = await load(
    fileOf(record(['f', 'bytes']), [{ f: Buffer.from([65, 0xff]) }, { f: Buffer.from('ok') }]),
    {
      f: TEXT,
    },
  );
  expect([broken.rows, broken.refused.map((r) => [r.line, r.code, r.column])]).toEqual([[['ok']], [[1, 1220, 0]]]);
});
test('decimals; of other logical types what is stored', async () => {
  const decimal = { type: 'bytes', logicalType: 'decimal', precision: 38, scale: 2 };
  const bytesOf = (v: bigint, n: number): Buffer =>
    Buffer.from(
      BigInt.asUintN(n * 8, v)
        .toString(16)
        .padStart(n * 2, '0'),
      'hex',
    );
  expect(await into(decimal, bytesOf(-12345n, 3), numeric(10, 2), TEXT, SUPER)).toEqual([
    '-123.45',
    '-123.45',
    '-123.45',
  ]);
  expect(await into(decimal, bytesOf(10n ** 38n - 1n, 20), TEXT)).toEqual([`${'9'.repeat(36)}.99`]);
  expect(await into(decimal, bytesOf(5n, 1), TEXT)).toEqual(['0.05']);
  const fixed = { type: 'fixed', name: 'd', size: 4, logicalType: 'decimal', precision: 9, scale: 4 };
  expect(await into(fixed, bytesOf(-1n, 4), numeric(9, 4))).toEqual(['-0.0001']);
  const day = type('date');
  const stamp = type('timestamp');
  const zoned = type('timestamptz');
  // Dates and times are numbers, which the columns read as they read any.
  expect(await into({ type: 'int', logicalType: 'date' }, 0n, day, stamp, type('int4'))).toEqual([
    'refused 1205',
    'refused 1206',
    '0',
  ]);
  const micros = { type: 'long', logicalType: 'timestamp-micros' };
  expect(await into(micros, 946684800123456n, stamp, zoned, day, type('int8'), TEXT, SUPER)).toEqual([
    'refused 1206',
    'refused 1206',
    'refused 1205',
    '946684800123456',
    '946684800123456',
    '946684800123456',
  ]);
  for (const logicalType of ['timestamp-millis', 'local-timestamp-millis', 'local-timestamp-nanos'])
    expect(await into({ type: 'long', logicalType }, 1528000000123n, stamp, zoned)).toEqual([
      'refused 1206',
      'refused 1206',
    ]);
  expect(await into({ type: 'long', logicalType: 'time-micros' }, 90061000001n, TEXT)).toEqual(['90061000001']);
  expect(await into({ type: 'string', logicalType: 'uuid' }, 'f81d4fae-7dec', TEXT)).toEqual(['f81d4fae-7dec']);
  // By TIMEFORMAT a stored number is one.
  const file = fileOf(record(['f', { type: 'long', logicalType: 'timestamp-micros' }]), [{ f: 946684801000n }]);
  const epoch = await load(file, { f: stamp }, 'auto', '', { timeFormat: 'epochmillisecs' });
  expect(epoch.rows).toEqual([['1000000']]);
});
test('unions, records, arrays, maps', async () => {
  const union: TestSchema = ['null', 'long', 'string'];
  expect(await into(union, { branch: 0, value: null }, TEXT, SUPER, type('int4'))).toEqual([null, 'null', null]);
  expect(await into(union, { branch: 2, value: 'x' }, TEXT, SUPER)).toEqual(['x', '"x"']);
  const nested = { type: 'array', items: { type: 'map', values: union } };
  const value = [
    { a: { branch: 1, value: 5n }, 'b"': { branch: 0, value: null } },
    {},
    { c: { branch: 2, value: '' } },
  ];
  const json = '[{"a":5,"b\\"":null},{},{"c":""}]';
  expect(await into(nested, value, SUPER, TEXT)).toEqual([json, json]);
  const list = {
    type: 'record',
    name: 'node',
    fields: [
      { name: 'v', type: 'int' },
      { name: 'next', type: ['null', 'node'] },
    ],
  };
  const bytes = Buffer.concat([long(1), long(1), long(2), long(0)]);
  const file = avroFile(record(['f', list], ['g', 'string']), [
    [Buffer.concat([bytes, encodeAvro('string', 'end')])],
  ]);
  expect((await load(file, { g: TEXT, f: SUPER })).rows).toEqual([['end', '{"v":1,"next":{"v":2,"next":null}}']]);
});
test('paths into records, maps and arrays', async () => {
  const schema = record(
    ['id', 'long'],
    ['name', ['null', { type: 'record', name: 'n', fields: [{ name: 'first', type: 'string' }] }]],
    ['tags', { type: 'array', items: 'string' }],
    ['more', { type: 'map', values: 'int' }],
  );
  const rows = [
    { id: 1n, name: { branch: 1, value: { first: 'Ann' } }, tags: ['a', 'b', 'c'], more: { x: 1n, y: 2n } },
    { id: 2n, name: { branch: 0, value: null }, tags: ['a'], more: {} },
  ];
  const columns = { a: TEXT, b: TEXT, c: TEXT, d: TEXT, e: type('int4'), f: SUPER };
  const paths = (...all: string[]): string => JSON.stringify({ jsonpaths: all });
  const file = fileOf(schema, rows);
  const read = await load(
    file,
    columns,
    { url: 's3://b/k' },
    paths('$.id', '$.name.first', '$.tags[0]', '$.tags', '$.more.y', '$'),
  );
  expect(read.rows).toEqual([
    [
      '1',
      'Ann',
      'a',
      '["a","b","c"]',
      '2',
      '{"id":1,"name":{"first":"Ann"},"tags":["a","b","c"],"more":{"x":1,"y":2}}',
    ],
    ['2', null, 'a', '["a"]', null, '{"id":2,"name":null,"tags":["a"],"more":{}}'],
  ]);
  const short = await load(file, { a: TEXT, b: TEXT }, { url: 's3://b/k' }, paths('$.tags[1]', '$.nothing'));
  expect([short.rows, reasons(short)]).toEqual([
    [['b', null]],
    ['2 1216 Invalid JSONPath format: Not an array or index out of range.'],
  ]);
  const scalar = await load(file, { a: TEXT }, { url: 's3://b/k' }, paths('$.id.x'));
  expect(reasons(scalar)).toEqual([1, 2].map((n) => `${n} 1216 Invalid JSONPath format: Member is not an object.`));
});
test('names, and their case', async () => {
  const file = fileOf(record(['Id', 'int'], ['name', 'string']), [{ Id: 1n, name: 'x' }]);
  expect((await load(file, { id: TEXT, name: TEXT })).rows).toEqual([[null, 'x']]);
  expect((await load(file, { id: TEXT, name: TEXT }, 'auto ignorecase')).rows).toEqual([['1', 'x']]);
});

const files = join(import.meta.dirname, '../../fixtures/copy/avro');
test('all codecs hold the same readings', async () => {
  const columns = { station: TEXT, time: type('int8'), temp: type('int4') };
  const expected = readFileSync(join(files, 'weather.json'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => Object.values(JSON.parse(line) as object).map(String));
  for (const name of ['weather', 'weather-deflate', 'weather-snappy', 'weather-zstd'])
    expect((await load(readFileSync(join(files, `${name}.avro`)), columns)).rows).toEqual(expected);
  const schema = record(['station', 'string'], ['time', 'long'], ['temp', 'int']);
  const rows = expected.map(([station, time, temp]) =>
    encodeAvro(schema, { station, time: BigInt(time!), temp: BigInt(temp!) }),
  );
  const packed = await bzip2.pack!(Buffer.concat(rows));
  expect(
    (
      await load(
        avroFile(schema, [rows], 'bzip2', () => packed),
        columns,
      )
    ).rows,
  ).toEqual(expected);
});

/** A schema at random with a value of it, and what JSON says of the value. */
function anything(prng: Prng, depth: number): { schema: TestSchema; make: () => readonly [unknown, unknown] } {
  const kind = prng.int(0, depth > 2 ? 8 : 12);
  const simple = <T>(schema: TestSchema, make: () => T, json: (v: T) => unknown = (v) => v) => ({
    schema,
    make: () => {
      const v = make();
      return [v, json(v)] as const;
    },
  });
  const text = (): string => Array.from({ length: prng.int(0, 20) }, () => prng.pick([...'abc"\\\n é😀'])).join('');
  switch (kind) {
    case 0:
      return simple('null', () => null);
    case 1:
      return simple('boolean', () => prng.pick([true, false]));
    case 2:
      return simple('int', () => BigInt(prng.u32() | 0), Number);
    case 3:
      return simple('long', () => BigInt(prng.u32() | 0) * BigInt(prng.int(0, 100_000)), Number);
    case 4:
      return simple('double', () => prng.pick([0, -1.5, 1e300, 1 / 3, prng.float()]));
    case 5:
      return simple(
        'bytes',
        () => Buffer.from(text()),
        (v) => v.toString('latin1'),
      );
    case 6:
      return simple('string', text);
    case 7:
      return simple({ type: 'enum', name: `e${prng.u32()}`, symbols: ['A', 'B_1'] }, () => prng.pick(['A', 'B_1']));
    case 8:
      return simple({ type: 'fixed', name: `f${prng.u32()}`, size: 3 }, () => Buffer.from('a"b'), String);
    case 9: {
      const items = anything(prng, depth + 1);
      return {
        schema: { type: 'array', items: items.schema },
        make: () => {
          const all = Array.from({ length: prng.int(0, 5) }, items.make);
          return [all.map(([v]) => v), all.map(([, j]) => j)];
        },
      };
    }
    case 10: {
      const values = anything(prng, depth + 1);
      return {
        schema: { type: 'map', values: values.schema },
        make: () => {
          const all = Array.from({ length: prng.int(0, 4) }, (_, i) => [`k${i}"é`, values.make()] as const);
          const of = (n: 0 | 1): object => Object.fromEntries(all.map(([k, v]) => [k, v[n]]));
          return [of(0), of(1)];
        },
      };
    }
    case 11: {
      const branches = Array.from({ length: prng.int(1, 3) }, () => anything(prng, 3));
      return {
        schema: branches.map((b) => b.schema),
        make: () => {
          const branch = prng.int(0, branches.length - 1);
          const [value, json] = branches[branch]!.make();
          return [{ branch, value }, json];
        },
      };
    }
    default: {
      const fields = Array.from({ length: prng.int(0, 4) }, (_, i) => [`f${i}`, anything(prng, depth + 1)] as const);
      return {
        schema: {
          type: 'record',
          name: `r${prng.u32()}`,
          fields: fields.map(([name, f]) => ({ name, type: f.schema })),
        },
        make: () => {
          const all = fields.map(([name, f]) => [name, f.make()] as const);
          const of = (n: 0 | 1): object => Object.fromEntries(all.map(([k, v]) => [k, v[n]]));
          return [of(0), of(1)];
        },
      };
    }
  }
}
const NAMES = ['a', 'b', 'c', 'd', 'e'];
function randomFile(prng: Prng): { file: Buffer; expected: readonly Readonly<Record<string, unknown>>[] } {
  const fields = NAMES.map((name) => [name, anything(prng, 0)] as const);
  const schema = record(...fields.map(([name, f]) => [name, f.schema] as const));
  const blocks = Array.from({ length: prng.int(1, 6) }, () =>
    Array.from({ length: prng.int(0, 60) }, () => fields.map(([name, f]) => [name, f.make()] as const)),
  );
  const rows = blocks.map((block) =>
    block.map((row) => encodeAvro(schema, Object.fromEntries(row.map(([name, [v]]) => [name, v])))),
  );
  return {
    file: avroFile(schema, rows, prng.pick(Object.keys(PACK))),
    expected: blocks.flat().map((row) => Object.fromEntries(row.map(([name, [, json]]) => [name, json]))),
  };
}
const objectOf = (bytes: Buffer): LoadObject => ({
  size: bytes.length,
  read: (start, end) => Promise.resolve(bytes.subarray(start, end)),
  stream: () => {
    throw new Error('not here');
  },
});

test('schemas and values at random, read in pieces', async () => {
  const prng = new Prng(20261127);
  const columns = { c: SUPER, a: SUPER, e: SUPER };
  const plan = await planOf(columns);
  for (let round = 0; round < trials(60); round++) {
    const { file, expected } = randomFile(prng);
    const most = prng.pick([1, 100, 1 << 20]);
    const size = (): number => prng.int(0, most);
    const wishes = [1, 2].map((i) => Math.floor((file.length * i) / 3));
    const cuts = [0, ...(await avro.split(objectOf(file), wishes, optionsOf('auto'))), file.length];
    const parts = cuts.slice(1).map((end, i) => {
      const start = cuts[i]!;
      if (start >= end) return undefined;
      return testLoad(avro, plan, 3, file, size, { start, end, first: start === 0 });
    });
    const rows = parts.flatMap((p) => p?.rows ?? []);
    const read = rows.map((row) => row.map((text) => JSON.parse(text!) as unknown));
    expect(read, `round ${round}`).toEqual(expected.map((r) => [r['c'], r['a'], r['e']]));
    const lines = await avro.linesBefore!(objectOf(file), cuts[1]!);
    expect(lines).toBe(parts[0]?.lines);
  }
});

test('files that are damaged are refused', async () => {
  const column = { station: TEXT };
  const good = readFileSync(join(files, 'weather.avro'));
  const one = async (file: Buffer): Promise<readonly string[]> => reasons(await load(file, column));
  expect(await one(Buffer.alloc(0))).toEqual(['1 1216 Invalid AVRO file found. Unexpected end of AVRO file.']);
  expect(await one(good.subarray(0, 40))).toEqual(['1 1216 Invalid AVRO file found. Unexpected end of AVRO file.']);
  expect(await one(good.subarray(0, good.length - 1))).toEqual([
    '1 1216 Invalid AVRO file found. Unexpected end of AVRO file.',
  ]);
  expect(await one(Buffer.from('a,b\n'))).toEqual(['1 1216 Invalid AVRO file found. The file has no AVRO header.']);
  expect(await one(avroFile(record(['a', 'int']), []))).toEqual([
    '1 1216 Invalid AVRO file found. Unexpected end of AVRO file.',
  ]);
  expect(await one(avroFile(record(['a', 'int']), [], 'xz', (x) => x))).toEqual([
    '1 1216 Invalid AVRO file found. Codec xz is not supported.',
  ]);
  expect(await one(avroFile('"int"', [[long(1)]]))).toEqual([
    '1 1216 Invalid AVRO file found. The schema cannot be used: its type is not record',
  ]);
  expect(await one(avroFile(record(['a', 'nothing']), []))).toEqual([
    '1 1216 Invalid AVRO file found. The schema cannot be used: type nothing is not known',
  ]);
  expect(await one(avroFile(record(['a', 'int']), [[]], 'null', () => Buffer.alloc(4 * 1024 * 1024 + 1)))).toEqual([
    '1 1216 Invalid AVRO file found. A block is larger than 4 MB.',
  ]);
  expect(
    await one(avroFile(record(['a', 'int']), [[long(1)]], 'snappy', () => Buffer.from('\x01\x00\x02????'))),
  ).toEqual(['1 1216 Invalid AVRO file found. A block cannot be unpacked with snappy.']);
  const bomb = avroFile(record(['a', 'string']), [[long(1)]], 'deflate', () =>
    PACK['deflate']!(Buffer.alloc(80 * 1024 * 1024)),
  );
  expect(await one(bomb)).toEqual(['1 1216 Invalid AVRO file found. A block cannot be unpacked with deflate.']);
});
test('a boolean is a byte of 0 or 1, whoever reads it', async () => {
  const broken = ['1 1216 Invalid AVRO file found.'];
  const file = avroFile(record(['a', 'boolean'], ['b', 'int']), [[Buffer.from([2]), long(1)]]);
  expect(reasons(await load(file, { a: type('bool') }))).toEqual(broken);
  expect(reasons(await load(file, { a: SUPER }))).toEqual(broken);
  expect(reasons(await load(file, { b: type('int4') }))).toEqual(broken);
});
test('values without bytes, and what recursion makes of them, come to an end', async () => {
  const broken = ['1 1216 Invalid AVRO file found.'];
  const nulls = { type: 'array', items: 'null' };
  const many = avroFile(record(['a', nulls]), [[Buffer.concat([long(2n ** 60n), long(0)])]]);
  expect(reasons(await load(many, { a: SUPER }))).toEqual(broken);
  expect(reasons(await load(many, { b: SUPER }))).toEqual(broken);
  let type: TestSchema = 'null';
  for (let i = 0; i < 60; i++)
    type = {
      type: 'record',
      name: `r${i}`,
      fields: [
        { name: 'a', type },
        { name: 'b', type: i === 0 ? 'null' : `r${i - 1}` },
      ],
    };
  expect(reasons(await load(avroFile(record(['a', type]), [[Buffer.alloc(0)]]), { b: SUPER }))).toEqual(broken);
  const endless = { type: 'record', name: 'e', fields: [{ name: 'e', type: 'e' }] };
  expect(reasons(await load(avroFile(record(['a', endless]), [[Buffer.alloc(0)]]), { a: SUPER }))).toEqual(broken);
  const free = avroFile(record(['n', 'null']), [Array.from({ length: 5000 }, () => Buffer.alloc(0))]);
  expect((await load(free, { n: TEXT })).rows).toHaveLength(5000);
});
test('bytes at random never end the reader', async () => {
  const prng = new Prng(9);
  const columns = { a: SUPER, b: TEXT, c: type('int4'), station: TEXT, time: type('timestamp') };
  const plan = await planOf(columns);
  const types = Object.values(columns);
  const whole = ['weather-snappy', 'weather-deflate', 'person-10', 'avro-1279-codec'].map((n) =>
    readFileSync(join(files, `${n}.avro`)),
  );
  for (let round = 0; round < trials(400); round++) {
    const file = Buffer.from(prng.pick([...whole, randomFile(prng).file]));
    for (let i = prng.int(1, 6); i > 0; i--) file[prng.int(0, file.length - 1)] = prng.int(0, 255);
    const cut = prng.pick([file.length, prng.int(0, file.length)]);
    const loaded = testLoad(avro, plan, types.length, file.subarray(0, cut), undefined, {}, types);
    expect(loaded.rows.length).toBeLessThan(5000);
  }
});
