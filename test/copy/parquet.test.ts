/**
 * COPY of Parquet from files to rows: options that go with it and those that do not, columns, SUPER, manifests, errors and what is kept of
 * them, files spread over slices.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AUTH, Lake } from './cluster.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await Lake.open({ nodes: 2, slices: 2 });
  for (const name of FILES) lake.put(`${name}.parquet`, fixture(name));
});
afterAll(() => lake.close());
const FILES = [
  'delta_encoding_optional_column',
  'nullable.impala',
  'rle-dict-snappy-checksum',
  'int32_with_null_pages',
  'list_columns',
];
const fixture = (name: string): Buffer =>
  readFileSync(join(import.meta.dirname, `../../fixtures/copy/parquet/${name}.parquet`));
const copy = (table: string, key: string, options = ''): string =>
  `copy ${table} from 's3://lake/${key}' ${AUTH} format as parquet ${options}`;
const detail = async (sql: string): Promise<string> => {
  const { message, detail: text } = await lake.fails(sql);
  return `${message} ${/context: +([\s\S]*?)\n {2}query/.exec(text ?? '')?.[1] ?? ''}`;
};

test('rows of a file', async () => {
  await lake.run(`create table customers (c_customer_sk bigint, c_current_cdemo_sk bigint, c_current_hdemo_sk bigint,
    c_current_addr_sk bigint, c_first_shipto_date_sk bigint, c_first_sales_date_sk bigint, c_birth_day bigint, c_birth_month bigint,
    c_birth_year bigint, c_customer_id varchar(16), c_salutation varchar(10), c_first_name varchar(20), c_last_name varchar(30),
    c_preferred_cust_flag char(1), c_birth_country varchar(20), c_email_address varchar(50), c_last_review_date varchar(10)) distkey(c_customer_sk)`);
  expect(await lake.run(copy('customers', 'delta_encoding_optional_column'))).toBe('COPY');
  expect(lake.notices.at(-1)).toBe("INFO: Load into table 'customers' completed, 100 record(s) loaded successfully.");
  expect(await lake.rows('select * from customers where c_customer_sk = 100')).toEqual([
    [
      '100',
      '1254468',
      '6370',
      '6672',
      '2449148',
      '2449118',
      '13',
      '7',
      '1958',
      'AAAAAAAAEGAAAAAA',
      'Ms.',
      'Jeannette',
      'Johnson',
      'Y',
      'BANGLADESH',
      'Jeannette.Johnson@8BvSqgp.com',
      '2452635',
    ],
  ]);
  expect(
    await lake.rows('select count(*), count(c_birth_day), count(c_salutation), min(c_customer_sk) from customers'),
  ).toEqual([['100', '97', '97', '1']]);
});
test('a column list, identity and defaults, NOT NULL', async () => {
  await lake.run(`create table pages (k bigint identity(1,1), at timestamp default '2026-11-27', v int)`);
  await lake.run(copy('pages (v)', 'int32_with_null_pages'));
  expect(await lake.rows('select count(*), count(v), count(distinct k), min(at), min(v) from pages')).toEqual([
    ['1000', '725', '1000', '2026-11-27 00:00:00', '-2136906554'],
  ]);
  await lake.run('create table strict (v int not null)');
  expect((await lake.fails(copy('strict', 'int32_with_null_pages'))).message).toContain('stl_load_errors');
  const errors = await lake.rows(`select trim(colname), err_code, trim(err_reason), line_number from stl_load_errors e
    where query = pg_last_query_id()`);
  expect(errors.map((r) => r.slice(0, 3))).toEqual([['v', '1213', 'Missing data for not-null field']]);
});
test('SUPER wants SERIALIZETOJSON', async () => {
  await lake.run(
    `create table nested (id bigint, ints super, lists super, entries super, list_of_maps super, all_of_it super)`,
  );
  expect(await lake.fails(copy('nested', 'nullable.impala'))).toMatchObject({
    code: '0A000',
    message: 'SUPER column in COPY query requires SERIALIZETOJSON option',
  });
  await lake.run('create table impala (id bigint, a super, b super, c super, d super)');
  const failed = await detail(copy('impala', 'nullable.impala', 'serializetojson'));
  expect(failed).toContain('Table columns: 5, Data columns: 6');
  await lake.run('alter table impala add column e super');
  await lake.run(copy('impala', 'nullable.impala', 'serializetojson'));
  expect(await lake.rows('select id, a, c.k2, e.b[0] from impala order by id limit 4')).toEqual([
    ['1', '[1,2,3]', '100', '1'],
    ['2', '[null,1,2,null,3,null]', 'null', 'null'],
    ['3', '[]', null, null],
    ['4', null, null, null],
  ]);
});
test('options: few go with it', async () => {
  await lake.run('create table o (id bigint, s varchar(40))');
  for (const option of [
    'truncatecolumns',
    'maxerror 5',
    'compupdate off',
    'gzip',
    "delimiter '|'",
    'ignoreheader 1',
    'acceptanydate',
    'noload',
    "null 'x'",
  ]) {
    const { code, message } = await lake.fails(copy('o', 'rle-dict-snappy-checksum', option));
    const name = option.split(' ')[0]!.toUpperCase();
    expect([code, message]).toEqual(['0A000', `${name} argument is not supported for PARQUET based COPY`]);
  }
  await lake.run(
    copy('o', 'rle-dict-snappy-checksum', "acceptinvchars as '_' statupdate on fillrecord region 'us-west-2'"),
  );
  await lake.run('create table more (id bigint, s varchar(40), t varchar(10), n numeric(30,2) default 5)');
  await lake.run(copy('more', 'rle-dict-snappy-checksum', 'fillrecord'));
  expect(await lake.rows('select count(*), count(s), count(t), count(n) from more')).toEqual([
    ['1000', '1000', '0', '0'],
  ]);
  expect((await lake.fails(`copy o from 's3://lake/rle' ${AUTH} csv serializetojson`)).message).toBe(
    'SERIALIZETOJSON needs PARQUET',
  );
});
test('manifests say how long the files are', async () => {
  const url = 's3://lake/rle-dict-snappy-checksum.parquet';
  lake.put('m1', JSON.stringify({ entries: [{ url }] }));
  lake.put(
    'm2',
    JSON.stringify({
      entries: [
        { url, meta: { content_length: 822 } },
        { url, meta: { content_length: 822 } },
      ],
    }),
  );
  await lake.run('create table m (id bigint, s varchar(40))');
  expect((await lake.fails(copy('m', 'm1', 'manifest'))).message).toContain('"content_length"');
  await lake.run(copy('m', 'm2', 'manifest'));
  expect(await lake.value('select count(*) from m')).toBe('2000');
});
test('what is no Parquet, and what is damaged', async () => {
  lake.put('bad/text', 'id,name\n1,two\n');
  const whole = fixture('rle-dict-snappy-checksum');
  lake.put('bad/cut', whole.subarray(0, -100));
  const flipped = Buffer.from(whole);
  flipped[100] = flipped[100]! ^ 255;
  lake.put('bad/flipped', flipped);
  lake.put('bad/empty', '');
  await lake.run('create table b (id bigint, s varchar(40))');
  expect(await detail(copy('b', 'bad/text'))).toContain(
    "File 'https://s3.us-east-1.amazonaws.com/lake/bad/text' has an invalid version number: two.",
  );
  expect(await detail(copy('b', 'bad/cut'))).toContain('has an invalid version number');
  expect(await detail(copy('b', 'bad/flipped'))).toContain('is corrupt: a page has another checksum');
  expect(await detail(copy('b', 'bad/empty'))).toContain('has an invalid version number');
  expect(await lake.value('select count(*) from b')).toBe('0');
});
