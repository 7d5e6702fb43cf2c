/** UNLOAD with PARTITION BY: Hive's folders, what they hold in every format, what is cleaned and refused. */
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AUTH, Lake } from './cluster.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await Lake.open({ nodes: 2, slices: 2 });
  await lake.run('create table p (id int, region varchar(20), day date, ok boolean, x numeric(6,2)) diststyle even');
  await lake.run(`insert into p values (1, 'eu', '2026-01-01', true, 1.5), (2, 'a/b=c d', '2026-01-01', false, 2),
    (3, null, null, null, 3), (4, 'eu', '2026-01-02', true, 4), (5, 'é', '2026-01-02', true, 5), (6, 'eu', '2026-01-01', true, 6)`);
});
afterAll(() => lake.close());
const unload = (to: string, options: string, query = 'select * from p'): Promise<string> =>
  lake.run(`unload ('${query}') to 's3://lake/${to}' ${AUTH} ${options}`);
const folders = (prefix: string): string[] => [
  ...new Set(lake.keys(prefix).map((k) => k.slice(prefix.length).replace(/[^/]*$/, ''))),
];
const lines = (prefix: string): string[] =>
  lake
    .keys(prefix)
    .flatMap((k) => lake.get(k).toString().split('\n'))
    .filter((l) => l !== '')
    .sort();

test('a folder for every value; the columns are not in the files', async () => {
  lake.notices.length = 0;
  await unload('plain', 'partition by (region, day)');
  expect(folders('plain/')).toEqual([
    'region=__HIVE_DEFAULT_PARTITION__/day=__HIVE_DEFAULT_PARTITION__/',
    'region=a%2Fb%3Dc d/day=2026-01-01/',
    'region=eu/day=2026-01-01/',
    'region=eu/day=2026-01-02/',
    'region=é/day=2026-01-02/',
  ]);
  expect(lines('plain/region=eu/day=2026-01-01/')).toEqual(['1|t|1.50', '6|t|6.00']);
  expect(lake.keys('plain/').every((k) => /\/\d{4}_part_\d\d$/.test(k))).toBe(true);
  expect(lake.notices.join()).toContain('6 record(s) unloaded');
  expect(await lake.value('select count(*) from stl_unload_log where query = pg_last_unload_id()')).toBe(
    String(lake.keys('plain/').length),
  );
});
test('a value that no folder can be named by is an error, however long', async () => {
  const query = `select 1 as id, repeat(''x'', 65535)::varchar(65535) as name`;
  await expect(unload('long/', 'partition by (name)', query)).rejects.toThrow(
    /^S3ServiceException:Your key is too long,Status 400,Error KeyTooLongError,/,
  );
  expect(lake.keys('long/')).toEqual([]);
});
test('with INCLUDE, header, compression, one writer, a manifest', async () => {
  await unload(
    'inc/',
    'partition by (ok) include csv header gzip parallel off manifest',
    'select * from p order by id',
  );
  expect(lake.keys('inc/')).toEqual([
    'inc/manifest',
    'inc/ok=__HIVE_DEFAULT_PARTITION__/000.gz',
    'inc/ok=f/000.gz',
    'inc/ok=t/000.gz',
  ]);
  expect(gunzipSync(lake.get('inc/ok=t/000.gz')).toString()).toBe(
    'id,region,day,ok,x\n1,eu,2026-01-01,t,1.50\n4,eu,2026-01-02,t,4.00\n5,é,2026-01-02,t,5.00\n6,eu,2026-01-01,t,6.00\n',
  );
  const { entries } = JSON.parse(lake.get('inc/manifest').toString()) as { entries: { url: string }[] };
  expect(entries.map((e) => e.url).sort()).toEqual(lake.keys('inc/ok').map((k) => `s3://lake/${k}`));
  await lake.run('create table back (like p)');
  await lake.run(`copy back from 's3://lake/inc/manifest' ${AUTH} manifest csv gzip ignoreheader 1 emptyasnull`);
  expect(await lake.rows('select * from back order by id')).toEqual(await lake.rows('select * from p order by id'));
  await unload('json/', 'partition by (day) json', 'select id, day from p');
  expect(lines('json/day=2026-01-02/')).toEqual(['{"id":4}', '{"id":5}']);
});
test('many rows and partitions', async () => {
  await lake.run(
    `create table big diststyle even as with recursive n(i) as (select 1 union all select i + 1 from n where i < 1000)
     select a.i * 1000 + b.i as id, mod(a.i, 100) as part from n a, n b where a.i <= 60`,
  );
  await unload('big/', 'partition by (part)', 'select id, part from big');
  expect(folders('big/').length).toBe(60);
  expect(lines('big/').length).toBe(60_000);
  expect(new Set(lines('big/')).size).toBe(60_000);
  expect(lake.temporaryFiles()).toEqual([]);
  const most = await lake.fails(
    `unload ('select id, id as part from big') to 's3://lake/most/' ${AUTH} partition by (part)`,
  );
  expect(most.code).toBe('54000');
  expect(lake.keys('most/')).toEqual([]);
  await expect.poll(() => lake.temporaryFiles(), { timeout: 20_000 }).toEqual([]);
});
test('a destination in use; cleaning touches what is written', async () => {
  expect(
    (await lake.fails(`unload ('select * from p') to 's3://lake/plain' ${AUTH} partition by (region, day)`)).message,
  ).toMatch(/not empty/);
  await unload('plain', 'partition by (region, day) cleanpath', "select * from p where region = ''eu'' and id = 4");
  expect(lines('plain/region=eu/day=2026-01-02/')).toEqual(['4|t|4.00']);
  expect(lines('plain/region=eu/day=2026-01-01/')).toEqual(['1|t|1.50', '6|t|6.00']);
  await unload(
    'plain',
    'partition by (region, day) cleanpath',
    "select 9 as id, ''eu'' as region, date ''2026-01-01'' as day",
  );
  expect(lines('plain/region=eu/day=2026-01-01/')).toEqual(['9']);
  for (const [query, code] of [
    ['select id, nosuch from p', '42703'],
    ['select id, 1.5::float8 as region, day from p', '0A000'],
    ['select region, day from p', '42601'],
  ] as const)
    expect((await lake.fails(`unload ('${query}') to 's3://lake/no/' ${AUTH} partition by (region, day)`)).code).toBe(
      code,
    );
});
