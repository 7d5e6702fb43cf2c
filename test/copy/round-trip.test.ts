/** UNLOAD then COPY gives the same rows, for every type and every format; where the objects lie and what they hold. */
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUTH, Lake } from './cluster.ts';

let lake: Lake;
const COLUMNS = `b boolean, i2 smallint, i4 int, i8 bigint, n numeric(18,4), w numeric(38,10), f4 real, f8 double precision, c char(6), v varchar(200),
  d date, t time, ts timestamp, tz timestamptz`;
const ROWS = [
  `true, 1, -2147483648, 9223372036854775807, 12345678901234.5678, -1234567890123456789012345678.0123456789, 1.5, 0.1, 'ab', 'plain', '1999-12-31', '23:59:59.123456', '2024-02-29 10:11:12.5', '2024-01-01 00:00:00+02'`,
  `false, -32768, 0, -9223372036854775808, -0.0001, 0.0000000001, 3.4028235e38, 1.7976931348623157e308, 'x y', 'pi|pe, "quoted" and ''single''', '0001-01-01', '00:00:00', '1970-01-01 00:00:00', '1969-12-31 23:59:59.999999+00'`,
  `null, null, null, null, null, null, null, null, null, null, null, null, null, null`,
  `true, 7, 7, 7, 7, 7, 1e-7, 5e-324, '', 'new' || chr(10) || 'line \\ back', '9999-12-31', '12:00', '2038-01-19 03:14:07.000001', '2050-06-01 12:00:00-05'`,
  `true, 8, 8, 8, 8, 8, 0.333333343, 0.1234567890123456789, 'é'::varchar::varchar, 'é日本 語', '2000-01-01', '01:02:03', '2000-01-01', '2000-01-01 00:00:00+00'`.replace(
    "'é'::varchar::varchar",
    "'q'",
  ),
];
beforeAll(async () => {
  lake = await Lake.open();
  await lake.run(`create table every_type(${COLUMNS}) diststyle even`);
  for (const r of ROWS) await lake.run(`insert into every_type select ${r}`);
  await lake.run(`create table back(${COLUMNS}) diststyle even`);
  await lake.run('create table numbers(n int) diststyle all');
  await lake.run('insert into numbers values (0),(1),(2),(3),(4),(5),(6),(7),(8),(9)');
  await lake.run('create table many(id int, k varchar(30), x numeric(10,2)) distkey(id) sortkey(id)');
  await lake.run(
    `insert into many select a.n + 10*b.n + 100*c.n + 1000*d.n, 'key|' || a.n || ',' || d.n, a.n + 0.25 from numbers a, numbers b, numbers c, numbers d`,
  );
});
afterAll(() => lake.close());

const FORMATS: readonly (readonly [string, string, string])[] = [
  ['csv', `csv null as '@NULL@'`, `csv null as '@NULL@'`],
  ['csv with another delimiter', `csv delimiter ' ' null as '~'`, `csv delimiter ' ' null as '~'`],
  ['csv whose delimiter stands in dates', `csv delimiter '-' null as '~'`, `csv delimiter '-' null as '~'`],
  ['csv with header', `csv header null as '~'`, `csv ignoreheader 1 null as '~'`],
  ['escape', `escape null as '@N'`, `escape null as '@N'`],
  ['addquotes and escape', `addquotes escape null as '@N'`, `removequotes escape null as '@N'`],
  ['json', `json`, `json 'auto'`],
  ['json, one writer', `json parallel off zstd`, `json 'auto' zstd`],
  ['gzip', `escape gzip null as '@N'`, `escape gzip null as '@N'`],
  ['bzip2', `csv bzip2 null as '@N'`, `csv bzip2 null as '@N'`],
  ['zstd', `addquotes escape zstd null as '@N'`, `removequotes escape zstd null as '@N'`],
  ['one writer', `csv parallel off null as '~'`, `csv null as '~'`],
  ['tabs', `delimiter '\\t' escape null as '@N'`, `delimiter '\\t' escape null as '@N'`],
];
describe('every type', () => {
  test.each(FORMATS)('%s', async (name, out, back) => {
    const prefix = `trip/${name.replaceAll(' ', '-')}/`;
    expect(await lake.run(`unload ('select * from every_type') to 's3://lake/${prefix}' ${AUTH} ${out}`)).toBe(
      'UNLOAD',
    );
    await lake.run('delete from back');
    expect(await lake.run(`copy back from 's3://lake/${prefix}' ${AUTH} ${back}`)).toBe('COPY');
    expect(await lake.rows('select * from back order by i4, i2')).toEqual(
      await lake.rows('select * from every_type order by i4, i2'),
    );
    expect(lake.temporaryFiles()).toEqual([]);
  });
});

test('parallel: objects by slice, each row once; a manifest names them all', async () => {
  lake.notices.length = 0;
  await lake.run(`unload ('select * from many') to 's3://lake/par/m_' ${AUTH} manifest`);
  expect(lake.notices).toEqual(['INFO: UNLOAD completed, 10000 record(s) unloaded successfully.']);
  const keys = lake.keys('par/m_');
  expect(keys).toEqual([
    'par/m_0000_part_00',
    'par/m_0001_part_00',
    'par/m_0002_part_00',
    'par/m_0003_part_00',
    'par/m_manifest',
  ]);
  const ids = keys.slice(0, 4).flatMap((k) =>
    lake
      .get(k)
      .toString()
      .trim()
      .split('\n')
      .map((l) => Number(l.split('|')[0])),
  );
  expect(new Set(ids).size).toBe(10_000);
  const manifest = JSON.parse(lake.get('par/m_manifest').toString()) as { entries: { url: string }[] };
  expect(manifest.entries.map((e) => e.url)).toEqual(keys.slice(0, 4).map((k) => `s3://lake/${k}`));
  await lake.run('create table many2 (like many)');
  await lake.run(`copy many2 from 's3://lake/par/m_manifest' ${AUTH} manifest delimiter ',' maxerror 100000`);
  await lake.run('delete from many2');
  await lake.run(`unload ('select * from many') to 's3://lake/par/q_' ${AUTH} manifest csv`);
  await lake.run(`copy many2 from 's3://lake/par/q_manifest' ${AUTH} manifest csv`);
  expect(await lake.fingerprint('select * from many2')).toBe(await lake.fingerprint('select * from many'));
  expect(
    await lake.rows(
      `select count(*), sum(line_count), sum(transfer_size) from stl_unload_log where path like 's3://lake/par/m_%'`,
    ),
  ).toEqual([['4', '10000', String(keys.slice(0, 4).reduce((n, k) => n + lake.get(k).length, 0))]]);
  expect(await lake.value('select pg_last_unload_count()')).toBe('10000');
});
test('PARALLEL OFF writes one object in the order of the query', async () => {
  await lake.run(
    `unload ('select id, k from many order by id desc') to 's3://lake/serial/' ${AUTH} parallel off header`,
  );
  expect(lake.keys('serial/')).toEqual(['serial/000']);
  const lines = lake.get('serial/000').toString().trimEnd().split('\n');
  expect(lines[0]).toBe('id|k');
  expect(lines.slice(1).map((l) => Number(l.split('|')[0]))).toEqual(
    Array.from({ length: 10_000 }, (_, i) => 9999 - i),
  );
});
test('ORDER BY in parallel orders each object', async () => {
  await lake.run(`unload ('select id from many order by id') to 's3://lake/sorted/' ${AUTH}`);
  for (const key of lake.keys('sorted/')) {
    const ids = lake.get(key).toString().trim().split('\n').map(Number);
    expect(ids).toEqual([...ids].sort((a, b) => a - b));
  }
});
test('MAXFILESIZE begins new parts between rows', async () => {
  const wide = 'select id, rpad(k, 100, k) from many, numbers';
  await lake.run(`unload ('${wide}') to 's3://lake/parts/' ${AUTH} parallel off maxfilesize 5 mb`);
  const keys = lake.keys('parts/');
  expect(keys).toEqual(['parts/000', 'parts/001', 'parts/002']);
  expect(keys.every((k) => lake.get(k).length <= 5_000_000 && lake.get(k).at(-1) === 10)).toBe(true);
  expect(keys.reduce((n, k) => n + lake.get(k).toString().split('\n').length - 1, 0)).toBe(100_000);
});
test('rows that end on the leader, nested LIMIT, ALL tables, no rows', async () => {
  await lake.run(`unload ('select count(*), ''a|b''::varchar from many') to 's3://lake/agg/' ${AUTH} addquotes gzip`);
  expect(lake.keys('agg/')).toEqual(['agg/0000_part_00.gz']);
  expect(gunzipSync(lake.get('agg/0000_part_00.gz')).toString()).toBe('"10000"|"a|b"\n');
  await lake.run(
    `unload ($$select * from (select id from many order by id limit 3)$$) to 's3://lake/limit/' ${AUTH}`,
  );
  expect(
    lake
      .keys('limit/')
      .map((k) => lake.get(k).toString())
      .join(''),
  ).toBe('0\n1\n2\n');
  await lake.run(`unload ('select n from numbers') to 's3://lake/all/' ${AUTH}`);
  expect(
    lake
      .keys('all/')
      .flatMap((k) => lake.get(k).toString().trim().split('\n'))
      .sort()
      .join(''),
  ).toBe('0123456789');
  await lake.run(`unload ('select id from many where id < 0') to 's3://lake/none/' ${AUTH} header`);
  expect(lake.keys('none/').map((k) => lake.get(k).toString())).toEqual(['id\n']);
});
test('a destination in use, wrong queries, errors while rows are written: nothing is left behind', async () => {
  expect((await lake.fails(`unload ('select 1') to 's3://lake/agg/' ${AUTH}`)).message).toMatch(
    /^Specified unload destination on S3 is not empty/,
  );
  await lake.run(`unload ('select 5 as n') to 's3://lake/agg/' ${AUTH} cleanpath`);
  expect(lake.keys('agg/')).toEqual(['agg/0000_part_00']);
  const statement = `unload ('select ''x'', nosuch from many') to 's3://lake/bad/' ${AUTH}`;
  const bad = await lake.fails(statement);
  expect([bad.code, statement.slice(Number(bad.position) - 1).startsWith('nosuch')]).toEqual(['42703', true]);
  expect((await lake.fails(`unload ('select 1 limit 5') to 's3://lake/bad/' ${AUTH}`)).message).toBe(
    'Limit clause is not supported',
  );
  expect((await lake.fails(`unload ('select id / (id - 9999) from many') to 's3://lake/bad/' ${AUTH}`)).code).toBe(
    '22012',
  );
  expect(
    (
      await lake.fails(
        `unload ('select id / (id - 9999) from many order by 1') to 's3://lake/bad/' ${AUTH} parallel off`,
      )
    ).code,
  ).toBe('22012');
  expect((await lake.fails(`unload ('select 1') to 's3://nobucket/bad/' ${AUTH}`)).message).toMatch(/NoSuchBucket/);
  expect(lake.keys('bad/')).toEqual([]);
  expect(lake.temporaryFiles()).toEqual([]);
});
