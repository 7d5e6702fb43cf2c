/** Where loaded rows go and what fills the columns no file fills: distribution, identity, defaults, encodings, statistics. */
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { orderLines } from '../data/adventureworks.ts';
import { saleLines } from '../data/tickit.ts';
import { AUTH, Lake } from './cluster.ts';

let lake: Lake;
const fixtures = join(import.meta.dirname, '../../fixtures');
beforeAll(async () => {
  lake = await Lake.open();
  lake.put(
    'rows/x',
    Array.from({ length: 20_000 }, (_, i) => `${i}|name ${i % 100}|${i % 7 === 0 ? '' : i / 4}\n`).join(''),
  );
});
afterAll(() => lake.close());

test.each([
  ['diststyle even', 'even'],
  ['distkey(a)', 'key'],
  ['diststyle all', 'all'],
  ['diststyle auto', 'auto'],
  ['distkey(a) sortkey(b, a)', 'sorted'],
  ['distkey(b) interleaved sortkey(a)', 'interleaved'],
])('%s', async (attributes, name) => {
  await lake.run(`create table d_${name}(a int, b varchar(20), c numeric(12,2)) ${attributes}`);
  await lake.run(`copy d_${name} from 's3://lake/rows/' ${AUTH} emptyasnull`);
  expect(
    await lake.rows(
      `select count(*), count(distinct a), min(a), max(a), count(c), sum(c), count(distinct b) from d_${name}`,
    ),
  ).toEqual([
    [
      '20000',
      '20000',
      '0',
      '19999',
      '17142',
      (Array.from({ length: 20_000 }, (_, i) => (i % 7 === 0 ? 0 : i * 25)).reduce((x, y) => x + y, 0) / 100).toFixed(
        2,
      ),
      '100',
    ],
  ]);
  expect(await lake.value(`select b from d_${name} where a = 12345`)).toBe('name 45');
  expect(await lake.value('select pg_last_copy_count()')).toBe('20000');
  // What a second load adds is added.
  await lake.run(`copy d_${name} from 's3://lake/rows/' ${AUTH} compupdate off statupdate off`);
  expect(await lake.value(`select count(*) from d_${name} where a < 10`)).toBe('20');
});
test('an AUTO table that gets much is spread over the slices', async () => {
  await lake.run('create table grown(a int, b varchar(100)) diststyle auto');
  lake.put('much/x', Array.from({ length: 120_000 }, (_, i) => `${i}|${'y'.repeat(80)}\n`).join(''));
  await lake.run(`copy grown from 's3://lake/much/' ${AUTH}`);
  expect(await lake.value('select count(*) from grown')).toBe('120000');
  expect(await lake.value(`select diststyle from svv_table_info where "table" = 'grown'`)).toBe('AUTO(EVEN)');
});
test('identity, defaults, column lists', async () => {
  await lake.run(
    `create table ids(id bigint identity(100, 10), a int, b varchar(20) default 'none', u varchar(60) default current_user, at timestamp default getdate(), n int not null default 7)`,
  );
  await lake.run(`copy ids(a) from 's3://lake/rows/' ${AUTH} maxerror 100000`).catch(() => undefined);
  lake.put('ids/1', Array.from({ length: 5000 }, (_, i) => `${i}\n`).join(''));
  lake.put('ids/2', Array.from({ length: 3000 }, (_, i) => `${i}\n`).join(''));
  await lake.run(`copy ids(a) from 's3://lake/ids/' ${AUTH}`);
  await lake.run(`insert into ids(a) values (-1)`);
  await lake.run(`copy ids(a) from 's3://lake/ids/2' ${AUTH}`);
  expect(
    await lake.rows(
      `select count(*), count(distinct id), min(b), max(b), min(n), max(n), count(at), sum(case when (id - 100) % 10 = 0 then 0 else 1 end) from ids`,
    ),
  ).toEqual([['11001', '11001', 'none', 'none', '7', '7', '11001', '0']]);
  expect(await lake.value("select count(distinct u) from ids where u = 'awsuser'")).toBe('1');
  lake.put('explicit/x', '5|1\n6|2\n');
  expect((await lake.fails(`copy ids(id, a) from 's3://lake/explicit/' ${AUTH}`)).message).toBe(
    'cannot set an identity column to a value',
  );
  await lake.run(`copy ids(id, a) from 's3://lake/explicit/' ${AUTH} explicit_ids`);
  expect(await lake.rows('select id, a from ids where id < 100 order by 1')).toEqual([
    ['5', '1'],
    ['6', '2'],
  ]);
  await lake.run('create table strict(a int, b int not null)');
  expect((await lake.fails(`copy strict(a) from 's3://lake/ids/1' ${AUTH}`)).message).toMatch(
    /^null value in column "b"/,
  );
});
test('COMPUPDATE gives each data set the encodings that suit it', async () => {
  for (const [name, row] of [
    ['sequential', (i: number) => `${i}|${i % 3}|constant|${(i * 7919) % 1000}`],
    [
      'scattered',
      (i: number) =>
        `${(i * 2654435761) % 2147483647}|${(i * 40503) % 2000000000}|${((i * 2654435761) % 4294967296).toString(36)}${(i * 97) % 1000}|7`,
    ],
  ] as const) {
    lake.put(`comp/${name}`, Array.from({ length: 30_000 }, (_, i) => `${row(i)}\n`).join(''));
    await lake.run(`create table ${name}(a int, b int, c varchar(30), d int) diststyle even`);
    await lake.run(`copy ${name} from 's3://lake/comp/${name}' ${AUTH}`);
  }
  const encodings = async (t: string): Promise<string> =>
    (await lake.rows(`select "column", encoding from pg_table_def where tablename = '${t}' order by 1`))
      .map((r) => r[1])
      .join();
  const [sequential, scattered] = [await encodings('sequential'), await encodings('scattered')];
  expect(sequential).not.toBe(scattered);
  expect(sequential.split(',')[2]).not.toBe(scattered.split(',')[2]);
  expect(
    Number(
      await lake.value(`select count(*) from stl_analyze_compression where tablename in ('sequential', 'scattered')`),
    ),
  ).toBe(8);
  await lake.run('create table untouched(a int, b int, c varchar(30), d int) diststyle even');
  const before = await encodings('untouched');
  await lake.run(`copy untouched from 's3://lake/comp/sequential' ${AUTH} compupdate off`);
  expect(await encodings('untouched')).toBe(before);
  expect(await lake.fingerprint('select * from untouched')).toBe(await lake.fingerprint('select * from sequential'));
});
test('NOLOAD reads and checks, and loads nothing', async () => {
  lake.notices.length = 0;
  await lake.run('create table nothing(a int, b varchar(20), c numeric(12,2))');
  await lake.run(`copy nothing from 's3://lake/rows/' ${AUTH} noload`);
  expect(lake.notices[0]).toMatch(/20000 record\(s\)/);
  expect(await lake.value('select count(*) from nothing')).toBe('0');
});
test('a rolled back COPY leaves nothing, a committed one stays; rights are checked', async () => {
  await lake.run('create table tx(a int, b varchar(20), c numeric(12,2))');
  await lake.run('begin');
  await lake.run(`copy tx from 's3://lake/rows/' ${AUTH}`);
  expect(await lake.value('select count(*) from tx')).toBe('20000');
  await lake.run('rollback');
  expect(await lake.value('select count(*) from tx')).toBe('0');
  await lake.run(`create user loader password 'Passw0rd1'`);
  await lake.run('set session authorization loader');
  expect((await lake.fails(`copy tx from 's3://lake/rows/' ${AUTH}`)).code).toBe('42501');
  expect((await lake.fails(`unload ('select * from tx') to 's3://lake/no/' ${AUTH}`)).code).toBe('42501');
  await lake.run('reset session authorization');
});
test('an object put by an AWS SDK is loaded', async () => {
  const s3 = new S3Client({
    endpoint: lake.cluster.httpUrl,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'x', secretAccessKey: 'y' },
  });
  await s3.send(
    new PutObjectCommand({ Bucket: 'lake', Key: 'sdk/part-1.csv.gz', Body: gzipSync('a,b\n1,"x, y"\n2,\n') }),
  );
  await lake.run('create table sdk(a int, b varchar(10))');
  await lake.run(`copy sdk from 's3://lake/sdk/' ${AUTH} csv gzip ignoreheader 1`);
  expect(await lake.rows('select * from sdk order by a')).toEqual([
    ['1', 'x, y'],
    ['2', ''],
  ]);
  s3.destroy();
});
test('csv-spectrum', async () => {
  const folder = join(fixtures, 'copy/csv-spectrum');
  for (const file of readdirSync(join(folder, 'csvs'))) {
    const name = file.slice(0, -4);
    const json = JSON.parse(readFileSync(join(folder, 'json', `${name}.json`), 'utf8')) as
      Record<string, string>[] | Record<string, string>;
    const want = Array.isArray(json) ? json : [json];
    const keys = Object.keys(want[0]!);
    await lake.run(`create table cs_${name}(${keys.map((_, i) => `c${i} varchar(200)`).join(', ')})`);
    lake.put(`cs/${name}.csv`, readFileSync(join(folder, 'csvs', file)));
    await lake.run(`copy cs_${name} from 's3://lake/cs/${name}.csv' ${AUTH} csv ignoreheader 1`);
    const plain = (rows: (string | null | undefined)[][]): string[] =>
      rows.map((r) => JSON.stringify(r.map((c) => c?.replaceAll('\r\n', '\n').trimEnd()))).sort();
    expect([name, plain(await lake.rows(`select * from cs_${name}`))]).toEqual([
      name,
      plain(want.map((w) => keys.map((k) => w[k]))),
    ]);
  }
});
test('adventureworks, jaffle-shop, tickit', async () => {
  const load = async (
    ddl: string,
    key: string,
    body: string | Uint8Array,
    options: string,
  ): Promise<string | null> => {
    const table = ddl.slice(0, ddl.indexOf('('));
    lake.put(key, body);
    await lake.run(`create table ${ddl}`);
    await lake.run(`copy ${table} from 's3://lake/${key}' ${AUTH} ${options}`);
    return lake.value(`select count(*) from ${table}`);
  };
  const file = (name: string): Buffer => readFileSync(join(fixtures, name));
  const records = (name: string): number => file(name).toString().trimEnd().split('\n').length;
  const orders = [...orderLines({ lines: 6000 })];
  const ddl =
    'salesorderid int, salesorderdetailid int, orderdate date, duedate date, shipdate date, employeeid int, customerid int, subtotal numeric(18,4), taxamt numeric(18,4), freight numeric(18,4), totaldue numeric(18,4), productid int, orderqty int, unitprice numeric(18,4), unitpricediscount numeric(18,4), linetotal numeric(18,4)';
  expect(
    await load(
      `orders(${ddl}) distkey(customerid) sortkey(orderdate)`,
      'aw/orders.csv',
      `${orders.join('\n')}\n`,
      `csv dateformat 'auto'`,
    ),
  ).toBe(String(orders.length));
  const total = orders.reduce((n, l) => n + BigInt(Math.round(Number(l.split(',').at(-1)) * 1e4)), 0n);
  expect(String(await lake.value('select sum(linetotal) from orders')).replace('.', '')).toBe(String(total));
  expect(
    await load(
      'jaffle(id int, user_id int, order_date date, status varchar(30))',
      'jaffle/orders.csv',
      file('jaffle-shop/raw_orders.csv'),
      'csv ignoreheader 1',
    ),
  ).toBe(String(records('jaffle-shop/raw_orders.csv') - 1));
  expect(
    await load(
      'venue(venueid smallint not null, venuename varchar(100), venuecity varchar(30), venuestate char(2), venueseats integer)',
      'tickit/venue',
      file('tickit/venue_pipe.txt'),
      `delimiter '|'`,
    ),
  ).toBe(String(records('tickit/venue_pipe.txt')));
  const sales = [...saleLines(0.02)];
  expect(
    await load(
      'sales(salesid int not null, listid int, sellerid int, buyerid int, eventid int, dateid smallint, qtysold smallint, pricepaid numeric(8,2), commission numeric(8,2), saletime timestamp)',
      'tickit/sales',
      `${sales.join('\n')}\n`,
      `delimiter '\\t' timeformat 'MM/DD/YYYY HH:MI:SS'`,
    ),
  ).toBe(String(sales.length));
});
test.each(['gzip-6.gz GZIP', 'bzip2-1.bz2 bzip2', 'zstd-19.zst ZSTD', 'lzop-9.lzo LZOP', 'lzop-two.lzo LZOP'])(
  'compressed objects: %s',
  async (source) => {
    const [file, option] = source.split(' ') as [string, string];
    const bytes = readFileSync(new URL(`../../fixtures/codecs/${file}`, import.meta.url));
    lake.put(`packed/${file}`, bytes);
    await lake.run('create temp table packed (id int, name varchar(20), x float8, day date)');
    const copy = `copy packed from 's3://lake/packed/${file}' ${AUTH}`;
    await lake.run(`${copy} ${option}`);
    const times = file.includes('two') ? 2 : 1;
    expect(await lake.rows('select count(*), sum(id), min(day), count(distinct name) > 390 from packed')).toEqual([
      [String(400 * times), String(79800 * times), '2026-01-01', 't'],
    ]);
    const other = option.toUpperCase() === 'GZIP' ? 'zstd' : 'gzip';
    expect(await lake.fails(`${copy} ${other}`)).toMatchObject({ code: 'XX000' });
    expect(await lake.fails(`${copy} ${option} ${other}`)).toMatchObject({ code: '42601' });
    await lake.run('drop table packed');
  },
);
