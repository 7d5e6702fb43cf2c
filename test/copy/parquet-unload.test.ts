/**
 * UNLOAD of Parquet: every type there and back, NULLs, long strings, dictionaries that pay and that do not, partitions, sizes of files,
 * manifests, PARALLEL OFF, what is refused.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { fileMetadata } from '../../src/formats/parquet/metadata.ts';
import { readParquet } from '../../src/formats/parquet/test-read.ts';
import { AUTH, Lake } from './cluster.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await Lake.open({ nodes: 2, slices: 2 });
});
afterAll(() => lake.close());
const unload = (query: string, to: string, options = ''): string =>
  `unload ('${query.replaceAll("'", "''")}') to 's3://lake/${to}' ${AUTH} format as parquet ${options}`;
const copy = (table: string, from: string, options = ''): string =>
  `copy ${table} from 's3://lake/${from}' ${AUTH} format as parquet ${options}`;

const TYPES = `b boolean, i2 smallint, i4 int, i8 bigint, d9 decimal(9,2), d18 decimal(18,4), d19 decimal(19,3), d38 decimal(38,10),
  f4 real, f8 float8, c char(5), v varchar(40), t varchar(65535), day date, ts timestamp, tz timestamptz, s super`;
const ROWS = `select (i % 3 = 0), (i % 100 - 50)::smallint, (i * 7919 % 100003)::int, i::bigint * 1000000007, (i % 1000)::decimal(9,2) / 8,
  (i * 12345.6789)::decimal(18,4), (i || '000000000.125')::decimal(19,3), ('-' || i || '123456789012345.0123456789')::decimal(38,10),
  (i * 1.5)::real, i / 7.0::float8, 'c' || (i % 7), case when i % 5 = 0 then null else 'é ' || (i % 50) end,
  repeat('text ', i % 30) || i, date '1970-01-01' + (i * 37 % 60000)::int, timestamp '1900-01-01 00:00:00.123456' + i * interval '1 hour',
  timestamptz '2020-01-01 00:00:00+02' + i * interval '1 second', json_parse('{"a":[' || i || ',null,"x"]}')
  from numbers`;

test('every type there and back, in many rows and in one', async () => {
  lake.put('numbers', Array.from({ length: 50_000 }, (_, i) => `${i + 1}\n`).join(''));
  await lake.run('create table numbers (i int)');
  await lake.run(`copy numbers from 's3://lake/numbers' ${AUTH}`);
  for (const [name, rows] of [
    ['few', 1],
    ['many', 50000],
  ] as const) {
    await lake.run(`create table ${name} (${TYPES}) diststyle even`);
    await lake.run(`create table ${name}_back (${TYPES})`);
    await lake.run(`insert into ${name} ${ROWS} where i <= ${rows}`);
    await lake.run(`insert into ${name} (i4) values (null)`);
    await lake.run(unload(`select * from ${name}`, `types/${name}_`));
    expect(lake.notices.at(-1)).toBe(`INFO: UNLOAD completed, ${rows + 1} record(s) unloaded successfully.`);
    await lake.run(copy(`${name}_back`, `types/${name}_`, 'serializetojson'));
    const columns = 'b, i2, i4, i8, d9, d18, d19, d38, f4, f8, c, v, md5(t), day, ts, tz, json_serialize(s)';
    const before = await lake.fingerprint(`select ${columns} from ${name}`);
    expect(await lake.fingerprint(`select ${columns} from ${name}_back`)).toBe(before);
    expect(before).toMatch(new RegExp(`^${rows + 1} `));
  }
  const keys = lake.keys('types/many_');
  expect(keys).toEqual([0, 1, 2, 3].map((n) => `types/many_000${n}_part_00.parquet`));
  expect(lake.temporaryFiles()).toEqual([]);
});
test('what a file says of its columns', async () => {
  const bytes = lake.get(lake.keys('types/many_')[0]!);
  const footer = bytes.subarray(-8).readUInt32LE();
  const { schema, groups } = fileMetadata(bytes.subarray(-8 - footer, -8), bytes.length);
  const said = schema.slice(1).map((e) => `${e.name} ${e.repetition} ${e.type} ${JSON.stringify(e.annotation)}`);
  expect(said).toEqual([
    'b optional boolean {"kind":"none"}',
    'i2 optional int32 {"kind":"integer","bits":16,"signed":true}',
    'i4 optional int32 {"kind":"none"}',
    'i8 optional int64 {"kind":"none"}',
    'd9 optional int64 {"kind":"decimal","precision":9,"scale":2}',
    'd18 optional int64 {"kind":"decimal","precision":18,"scale":4}',
    'd19 optional fixed_len_byte_array {"kind":"decimal","precision":19,"scale":3}',
    'd38 optional fixed_len_byte_array {"kind":"decimal","precision":38,"scale":10}',
    'f4 optional float {"kind":"none"}',
    'f8 optional double {"kind":"none"}',
    'c optional byte_array {"kind":"string"}',
    'v optional byte_array {"kind":"string"}',
    't optional byte_array {"kind":"string"}',
    'day optional int32 {"kind":"date"}',
    'ts optional int64 {"kind":"timestamp","unit":"micros","utc":false}',
    'tz optional int64 {"kind":"timestamp","unit":"micros","utc":true}',
    's optional byte_array {"kind":"json"}',
  ]);
  expect(groups.every((g) => g.columns.every((c) => c.codec === 'snappy'))).toBe(true);
});
test('partitions are folders of files; CLEANPATH, INCLUDE and the manifest', async () => {
  await lake.run(`create table sales (k int, region varchar(20), day date, v decimal(10,2))`);
  await lake.run(
    `insert into sales select i4, case when i4 % 4 = 0 then null else 'r ' || i4 % 4 end, case when i4 % 3 > 0 then date '2026-01-01' + i4 % 3 end, i4 / 4.0 from many where i4 is not null`,
  );
  await lake.run(unload('select * from sales', 'parts', 'partition by (region, day) manifest verbose'));
  const keys = lake.keys('parts/');
  expect(keys).toContain('parts/manifest');
  const folders = ['__HIVE_DEFAULT_PARTITION__', 'r 1', 'r 2', 'r 3'].flatMap((r) =>
    ['__HIVE_DEFAULT_PARTITION__', '2026-01-02', '2026-01-03'].map((d) => `region=${r}/day=${d}`),
  );
  const foldersOf = (all: readonly string[]) =>
    [...new Set(all.map((k) => k.split('/').slice(1, -1).join('/')))].filter((f) => f !== '').sort();
  expect(foldersOf(keys)).toEqual(folders.sort());
  // As text writes them.
  await lake.run(`unload ('select * from sales') to 's3://lake/text' ${AUTH} csv partition by (region, day)`);
  expect(foldersOf(lake.keys('text/'))).toEqual(folders);
  const manifest = JSON.parse(lake.get('parts/manifest').toString()) as {
    entries: { url: string; meta: { content_length: number; record_count: number } }[];
    meta: { record_count: number };
  };
  expect(manifest.meta.record_count).toBe(50000);
  for (const { url, meta } of manifest.entries)
    expect(lake.get(url.slice('s3://lake/'.length)).length).toBe(meta.content_length);
  await lake.run('create table sales_back (k int, v decimal(10,2))');
  await lake.run(copy('sales_back', 'parts/manifest', 'manifest'));
  expect(await lake.fingerprint('select k, v from sales_back')).toBe(
    await lake.fingerprint('select k, v from sales'),
  );
  await lake.run(
    unload('select k, region from sales where region is not null', 'inc', 'partition by (region) include'),
  );
  const read = await readParquet(lake.get(lake.keys('inc/region=r 1')[0]!));
  expect(read.names).toEqual(['k', 'region']);
  expect(read.rows.every((r) => r[1] === 'r 1')).toBe(true);
});
test('PARALLEL OFF keeps the order; sizes of files and row groups', async () => {
  await lake.run(unload('select i8, t from many order by i8', 'serial/s', 'parallel off'));
  expect(lake.keys('serial/')).toEqual(['serial/s000.parquet']);
  const { rows } = await readParquet(lake.get('serial/s000.parquet'));
  expect(rows.length).toBe(50001);
  expect(rows[0]![0]).toBe('1000000007');
  expect(rows.at(-1)![0]).toBeNull();
  // Strings that do not pack make more than one file of 5 MB.
  await lake.run(
    'create table noise as select sha2(i8::varchar, 512) || sha2((i8 + 1)::varchar, 512) as x from many',
  );
  await lake.run(unload('select x from noise', 'noise/n', 'parallel off maxfilesize 5 mb'));
  const noise = lake.keys('noise/');
  expect(noise.length).toBeGreaterThan(1);
  expect(noise[1]).toBe('noise/n001.parquet');
  for (const key of noise) expect(lake.get(key).length).toBeLessThanOrEqual(5_000_000);
  await lake.run('create table noise_back (x varchar(300))');
  await lake.run(copy('noise_back', 'noise/n'));
  expect(await lake.fingerprint('select x from noise_back')).toBe(await lake.fingerprint('select x from noise'));
});
test('no rows, long values, rows of the leader', async () => {
  await lake.run(unload('select i4, v from many where i4 < 0', 'none/n'));
  expect(lake.keys('none/').length).toBe(1);
  const none = await readParquet(lake.get(lake.keys('none/')[0]!));
  expect([none.names, none.rows]).toEqual([['i4', 'v'], []]);
  await lake.run(unload("select 1 as a, 'x' as b, null::int as c", 'one/n'));
  expect((await readParquet(lake.get(lake.keys('one/')[0]!))).rows).toEqual([['1', 'x', null]]);
  await lake.run(
    `create table long_values as select i4, array_concat(json_parse('[' || repeat('"0123456789",', 4500) || i4 || ']'), json_parse('[' || repeat('"abcdefghij",', 4500) || i4 || ']')) as s from few where i4 is not null`,
  );
  await lake.run('insert into long_values select i4 + 1, s from long_values');
  await lake.run(unload('select * from long_values', 'long/n'));
  await lake.run('create table long_back (i4 int, s super)');
  await lake.run(copy('long_back', 'long/n', 'serializetojson'));
  expect(
    await lake.rows(
      'select count(*), min(get_array_length(s)), max(json_serialize(s[9001])), min(json_serialize(s[4500])) from long_back',
    ),
  ).toEqual(
    await lake.rows(
      'select count(*), min(get_array_length(s)), max(json_serialize(s[9001])), min(json_serialize(s[4500])) from long_values',
    ),
  );
});
test('what does not go with it', async () => {
  for (const option of ['gzip', 'header', "delimiter ','", "null as 'x'", 'csv', 'addquotes', 'escape'])
    expect((await lake.fails(unload('select 1 as a', 'no/n', option))).code, option).toBe('42601');
  expect(await lake.fails(unload("select time '10:00' as a", 'no/n'))).toMatchObject({
    code: '0A000',
    message: 'UNLOAD with FORMAT PARQUET cannot write type time without time zone',
  });
  expect((await lake.fails(unload('select 1::int::varbyte as a', 'no/n'))).code).toBe('0A000');
  expect((await lake.fails(`unload ('select 1') to 's3://lake/no/n' ${AUTH} rowgroupsize 64 mb`)).message).toBe(
    'ROWGROUPSIZE needs PARQUET',
  );
  await lake.run(unload('select i4 from few', 'rg/n', 'rowgroupsize 64 mb'));
});
