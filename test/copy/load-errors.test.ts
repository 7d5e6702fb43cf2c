/** What COPY refuses: MAXERROR, STL_LOAD_ERRORS and its codes, broken sources, keys that never show. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { AUTH, Lake } from './cluster.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await Lake.open();
});
afterAll(() => lake.close());
beforeEach(async () => {
  lake.notices.length = 0;
  await lake.run('drop table if exists t');
});
const errors = (): Promise<(string | null)[][]> =>
  lake.rows(`select line_number, colname, err_code, err_reason, raw_field_value, raw_line from stl_load_errors
    where query = (select max(query) from stl_load_errors) order by line_number`);

test('the first bad record fails the load; its row stays, the table is as before', async () => {
  await lake.run('create table t(a int, b varchar(3))');
  await lake.run(`insert into t values (0, 'old')`);
  lake.put('e1/x', '1|abc\nzwei|b\n3|c\n');
  const e = await lake.fails(`copy t from 's3://lake/e1/' ${AUTH}`);
  expect([e.code, e.message]).toEqual([
    'XX000',
    "Load into table 't' failed.  Check 'stl_load_errors' system table for details.",
  ]);
  expect(await lake.rows('select * from t')).toEqual([['0', 'old']]);
  expect(await errors()).toEqual([
    ['2', 'a', '1207', "Invalid digit, Value 'z', Pos 0, Type: Integer", 'zwei', 'zwei|b'],
  ]);
  expect(
    await lake.rows(`select trim(filename), session = pg_backend_pid(), type, col_length from stl_load_errors`),
  ).toEqual([['s3://lake/e1/x', 't', 'int4', '0']]);
});
test('MAXERROR n fails at n, passes below; IGNOREALLERRORS passes', async () => {
  await lake.run('create table t(a int)');
  lake.put('e2/x', '1\nx\n2\ny\n3\nz\n');
  await lake.fails(`copy t from 's3://lake/e2/' ${AUTH} maxerror 3`);
  expect(await lake.value('select count(*) from t')).toBe('0');
  await lake.run(`copy t from 's3://lake/e2/' ${AUTH} maxerror 4`);
  expect(lake.notices).toEqual([
    "INFO: Load into table 't' completed, 3 record(s) loaded successfully.",
    "INFO: Load into table 't' completed, 3 record(s) could not be loaded.  Check 'stl_load_errors' system table for details.",
  ]);
  expect((await errors()).map((r) => r[0])).toEqual(['2', '4', '6']);
  await lake.run(`copy t from 's3://lake/e2/' ${AUTH} ignoreallerrors`);
  expect(await lake.value('select count(*) from t')).toBe('6');
  expect(await lake.rows(`select lines_scanned, errors from stl_load_commits order by query desc limit 1`)).toEqual([
    ['6', '3'],
  ]);
});
test('all slices count together: as many rows as MAXERROR says, from whichever of them', async () => {
  await lake.run('create table t(a int)');
  for (let file = 0; file < 8; file++)
    lake.put(`e3/${file}`, Array.from({ length: 3000 }, (_, i) => `x${i}\n`).join(''));
  for (const limit of [1, 10, 17]) {
    await lake.fails(`copy t from 's3://lake/e3/' ${AUTH} maxerror ${limit}`);
    expect(await errors()).toHaveLength(limit);
  }
  const few = 'x\n1\n'.repeat(6);
  for (let file = 0; file < 8; file++) lake.put(`e4/${file}`, few);
  await lake.run(`copy t from 's3://lake/e4/' ${AUTH} maxerror 49`);
  expect(await errors()).toHaveLength(48);
  await lake.fails(`copy t from 's3://lake/e4/' ${AUTH} maxerror 48`);
  expect(await errors()).toHaveLength(48);
  expect(await lake.value('select count(*) from t')).toBe('48');
});
test('every code that a file can cause', async () => {
  await lake.run(
    `create table t(i smallint, n numeric(5,2), f float8, b boolean, d date, ts timestamp, c char(3), v varchar(4) not null)`,
  );
  const good = ['1', '1.5', '1.5', 't', '2024-01-01', '2024-01-01 10:00:00', 'abc', 'abcd'];
  const line = (at: number, value: string): string => good.map((g, i) => (i === at ? value : g)).join('|');
  const cases: readonly (readonly [string, string, string])[] = [
    [line(0, 'x'), '1207', 'i'],
    [line(0, '40000'), '1222', 'i'],
    [line(1, '12345.6'), '1204', 'n'],
    [line(2, '1e999'), '1204', 'f'],
    [line(2, '1.2.3'), '1207', 'f'],
    [line(3, 'perhaps'), '1210', 'b'],
    [line(4, '2023-02-29'), '1205', 'd'],
    [line(5, 'noon'), '1206', 'ts'],
    [line(6, 'é'), '1215', 'c'],
    [line(6, 'abcd'), '1204', 'c'],
    [line(7, 'abcde'), '1204', 'v'],
    [line(7, '\\N'), '1213', 'v'],
    ['1|2', '1214', 'n'],
    [`${good.join('|')}|9`, '1202', ''],
    ['', '1211', ''],
    [`${line(7, 'a')}\u0000`.replace('\u0000', ''), '0', ''],
  ];
  const bytes = Buffer.concat([
    Buffer.from(`${cases.map((c) => c[0]).join('\n')}\n`),
    Buffer.from(line(7, '')),
    Buffer.from([0xff, 0x0a]),
  ]);
  lake.put('codes/x', bytes);
  await lake.run(`copy t from 's3://lake/codes/' ${AUTH} maxerror 100`);
  const want = cases.flatMap(([, code, column], i) => (code === '0' ? [] : [[String(i + 1), column, code]]));
  expect((await errors()).map((r) => [r[0], r[1], r[2]])).toEqual([...want, [String(cases.length + 1), 'v', '1220']]);
  expect(await lake.rows('select i, v from t')).toEqual([['1', 'a']]);
});
test('a record that ends the load has its row when the table is empty and encodings are chosen first', async () => {
  await lake.run('create table empty_one (k int, v varchar(100))');
  lake.put('huge/1', `1|${'y'.repeat(5_000_000)}\n`);
  await lake.fails(`copy empty_one from 's3://lake/huge/1' ${AUTH}`);
  expect(
    await lake.rows(
      'select line_number, err_code from stl_load_errors where query = (select max(query) from stl_load_errors)',
    ),
  ).toEqual([['1', '1216']]);
});
test('CSV quotes that do not close, rows over 4 MB, files that are no gzip', async () => {
  await lake.run('create table t(a int, b varchar(65535))');
  lake.put('quotes/x', '1,"ok"\n2,"bad"x\n3,"open\n');
  await lake.run(`copy t from 's3://lake/quotes/' ${AUTH} csv maxerror 5`);
  expect((await errors()).map((r) => [r[0], r[2], r[3]])).toEqual([
    ['2', '1214', 'Invalid quote formatting for CSV'],
    ['3', '1214', 'Invalid quote formatting for CSV'],
  ]);
  lake.put('wide/x', `1|${'x'.repeat(5 << 20)}\n2|y\n`);
  await lake.fails(`copy t from 's3://lake/wide/' ${AUTH} maxerror 5`);
  expect((await errors())[0]![2]).toBe('1216');
  lake.put('gz/x.gz', 'this is no gzip');
  expect((await lake.fails(`copy t from 's3://lake/gz/' ${AUTH} gzip`)).code).toBe('XX000');
  const whole = gzipSync(Array.from({ length: 50_000 }, (_, i) => `${i}|row ${i}`).join('\n'));
  lake.put('gz2/x.gz', whole.subarray(0, whole.length / 2));
  await lake.fails(`copy t from 's3://lake/gz2/' ${AUTH} gzip`);
  expect(await lake.value('select count(*) from t')).toBe('1');
});
test('line numbers of a file read in ranges count from its start; EVEN keeps slices equal', async () => {
  await lake.run('create table t(a int, b varchar(100)) diststyle even');
  const pad = 'x'.repeat(90);
  const lines = Array.from({ length: 400_000 }, (_, i) =>
    i === 250_000 || i === 399_998 ? `bad|${pad}` : `${i}|${pad}`,
  );
  lake.put('large/x', `${lines.join('\n')}\n`);
  await lake.run(`copy t from 's3://lake/large/' ${AUTH} maxerror 10`);
  expect((await errors()).map((r) => r[0])).toEqual(['250001', '399999']);
  expect(await lake.rows('select count(*), count(distinct a), sum(a) from t')).toEqual([
    ['399998', '399998', String((399_999 * 400_000) / 2 - 250_000 - 399_998)],
  ]);
  expect(
    await lake.value(`select count(distinct slice) from stl_load_commits where filename = 's3://lake/large/x'`),
  ).toBe('4');
  const perSlice = (await lake.rows(`select rows from stv_tbl_perm where name = 't' order by slice`)).map((r) =>
    Number(r[0]),
  );
  expect(perSlice.length).toBeGreaterThanOrEqual(4);
  for (const n of perSlice) expect(Math.abs(n / (399_998 / perSlice.length) - 1)).toBeLessThan(0.01);
});
test('STL_LOADERROR_DETAIL has the fields up to the bad one, of twenty rows a slice', async () => {
  await lake.run('create table wide (a int, b varchar(10), c char(3), d decimal(6,2), e date)');
  lake.put('wide/1', `1|two||4.5|never\n\\N|zwei|drei|x|2026-01-01\n`);
  await lake.run(`copy wide from 's3://lake/wide/1' ${AUTH} maxerror 5 compupdate off`);
  const detail = `select line_number, field, trim(colname), trim(value), is_null, trim(type), trim(col_length)
    from stl_loaderror_detail where query = pg_last_copy_id() order by line_number, field`;
  expect(await lake.rows(detail)).toEqual([
    ['1', '1', 'a', '1', '0', 'int4', '0'],
    ['1', '2', 'b', 'two', '0', 'varchar', '10'],
    ['1', '3', 'c', '', '0', 'char', '3'],
    ['1', '4', 'd', '4.5', '0', 'numeric', '6, 2'],
    ['1', '5', 'e', 'never', '0', 'date', '0'],
    ['2', '1', 'a', '', '1', 'int4', '0'],
    ['2', '2', 'b', 'zwei', '0', 'varchar', '10'],
    ['2', '3', 'c', 'drei', '0', 'char', '3'],
  ]);
  lake.put('wide/2', `{"e":"2026-01-01","a":1,"b":null,"d":"x"}`);
  await lake.fails(`copy wide from 's3://lake/wide/2' ${AUTH} json 'auto' compupdate off`);
  expect(
    await lake.rows(`select field, trim(colname), trim(value), is_null from stl_loaderror_detail
      where query = (select max(query) from stl_load_errors) order by field`),
  ).toEqual([
    ['1', 'a', '1', '0'],
    ['2', 'b', '', '1'],
    ['3', 'c', '', '1'],
    ['4', 'd', 'x', '0'],
  ]);
  lake.put('wide/3', 'x|b|c|1|2026-01-01\n'.repeat(100));
  await lake.run(`copy wide from 's3://lake/wide/3' ${AUTH} ignoreallerrors compupdate off`);
  const counts = 'select count(*) from stl_loaderror_detail where query = pg_last_copy_id() group by slice';
  expect((await lake.rows(counts)).every(([n]) => Number(n) <= 20)).toBe(true);
  expect(await lake.value('select count(*) from stl_load_errors where query = pg_last_copy_id()')).toBe('100');
});
test('prefixes, buckets, manifests', async () => {
  await lake.run('create table t(a int)');
  lake.put('m/1', '1\n');
  lake.put('m/2', '2\n');
  const missing = await lake.fails(`copy t from 's3://lake/nosuch' ${AUTH}`);
  expect([missing.code, missing.message]).toEqual(['XX000', "The specified S3 prefix 'nosuch' does not exist"]);
  expect((await lake.fails(`copy t from 's3://nosuch/x' ${AUTH}`)).message).toMatch(/NoSuchBucket/);
  lake.put(
    'man.json',
    JSON.stringify({
      entries: [
        { url: 's3://lake/m/1', mandatory: true },
        { url: 's3://lake/m/9', mandatory: false },
      ],
    }),
  );
  await lake.run(`copy t from 's3://lake/man.json' ${AUTH} manifest`);
  expect(await lake.rows('select a from t')).toEqual([['1']]);
  lake.put('man2.json', JSON.stringify({ entries: [{ url: 's3://lake/m/9', mandatory: true }] }));
  expect((await lake.fails(`copy t from 's3://lake/man2.json' ${AUTH} manifest`)).message).toBe(
    'Mandatory url is not present in manifest file.',
  );
  expect((await lake.fails(`copy nosuch from 's3://lake/m/' ${AUTH}`)).code).toBe('42P01');
  expect((await lake.fails(`copy t(zz) from 's3://lake/m/' ${AUTH}`)).code).toBe('42703');
  expect((await lake.fails(`copy t from stdin`)).code).toBe('0A000');
});
test('no form of credentials shows its keys anywhere', async () => {
  await lake.run('create table t(a int)');
  lake.put('k/x', '1\n');
  const forms = [
    `access_key_id 'AKIATOPSECRET' secret_access_key 'wJalrTOPSECRET' session_token 'tokTOPSECRET'`,
    `credentials 'aws_access_key_id=AKIATOPSECRET;aws_secret_access_key=wJalrTOPSECRET'`,
    `with credentials as 'aws_access_key_id=AKIATOPSECRET;aws_secret_access_key=wJalrTOPSECRET;token=tTOPSECRET'`,
  ];
  for (const form of forms) {
    await lake.run(`copy t from 's3://lake/k/' ${form}`);
    await lake.run(`unload ('select a from t') to 's3://lake/k2/' ${form} allowoverwrite`);
    await lake.fails(`copy t from 's3://lake/none' ${form}`);
    await lake.fails(`copy t from 's3://lake/k/' ${form} csv fixedwidth 'a:1'`);
  }
  await lake.run(`copy t from 's3://lake/k/' credentials 'aws_iam_role=arn:aws:iam::123456789012:role/loader'`);
  expect(
    Number(await lake.value(`select count(*) from stl_query where querytxt like 'copy t%'`)),
  ).toBeGreaterThanOrEqual(4);
  for (const [view, column] of [
    ['stl_query', 'querytxt'],
    ['stl_querytext', 'text'],
    ['stl_utilitytext', 'text'],
    ['svl_statementtext', 'text'],
    ['stl_ddltext', 'text'],
    ['stl_error', 'context'],
    ['stv_recents', 'query'],
    ['svl_qlog', 'substring'],
  ]) {
    expect([view, await lake.value(`select count(*) from ${view} where ${column} like '%TOP' || 'SECRET%'`)]).toEqual(
      [view, '0'],
    );
  }
  expect((await lake.fails(`copy t from 's3://lake/k/' credentials 'nonsense'`)).message).toMatch(
    /^Invalid credentials/,
  );
});
test('the files of fixtures/copy', async () => {
  const fixture = (name: string): Buffer => readFileSync(join(import.meta.dirname, '../../fixtures/copy', name));
  await lake.run('create table t(a varchar(200), b varchar(200))');
  lake.put('fx/bad', fixture('bad-utf8.tbl'));
  await lake.fails(`copy t from 's3://lake/fx/bad' ${AUTH}`);
  expect(await lake.value('select count(*) from t')).toBe('0');
});
