/**
 * What the views tell of COPYs and UNLOADs: counters that agree with the files, while a load runs, after it and after one
 * that failed; compressed files, files read in ranges, other users.
 */
import { createHash } from 'node:crypto';
import { statSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ObjectIoSwitch } from '../../src/common/object-io-switch.ts';
import { AUTH, Lake } from './cluster.ts';

const io = new ObjectIoSwitch();
let lake: Lake;
const LINES = 50_000;
const text = Array.from({ length: LINES }, (_, i) => `${i}|row ${i} ${'x'.repeat(50)}\n`).join('');
beforeAll(async () => {
  lake = await Lake.open({ nodes: 2, slices: 1, testing: { objectIo: io.buffer } });
  await lake.run('create table t (a int, b varchar(100)) diststyle even');
  for (const name of ['1', '2', '3']) lake.put(`rows/${name}`, text);
  lake.put('packed/1.gz', gzipSync(text));
  lake.put('big/1', text.repeat(6));
});
afterAll(() => lake.close());
const COPY = `copy t from 's3://lake/rows/' ${AUTH} compupdate off statupdate off`;
const LAST = 'query = pg_last_copy_id()';

test('a load that went well, file by file', async () => {
  await lake.run(COPY);
  const bytes = text.length;
  expect(
    await lake.rows(`select filename, lines_scanned, errors, status, file_format, is_partial, start_offset
      from stl_load_commits where ${LAST} order by 1`),
  ).toEqual(['1', '2', '3'].map((n) => [`s3://lake/rows/${n}`, String(LINES), '0', '1', 'Text', '0', '0']));
  expect(
    await lake.rows(`select name, lines, bytes, is_partial from stl_file_scan where ${LAST} order by 1`),
  ).toEqual(['1', '2', '3'].map((n) => [`s3://lake/rows/${n}`, String(LINES), String(bytes), '0']));
  expect(
    await lake.rows(`select http_method, bucket, key, transfer_size, data_size, end_time >= start_time,
        transfer_time > 0, retries from stl_s3client where ${LAST} order by key`),
  ).toEqual(['1', '2', '3'].map((n) => ['GET', 'lake', `rows/${n}`, String(bytes), String(bytes), 't', 't', null]));
  expect(
    await lake.rows(`select status, table_name, data_source, file_format, loaded_rows, loaded_bytes, source_file_count,
        source_file_bytes, file_count_scanned, file_bytes_scanned, error_count, duration > 0, session_id = pg_backend_pid()
      from sys_load_history where query_id = pg_last_copy_id()`),
  ).toEqual([
    [
      'completed',
      't',
      's3://lake/rows/',
      'Text',
      String(3 * LINES),
      ...[3 * bytes, 3, 3 * bytes, 3, 3 * bytes, 0].map(String),
      't',
      't',
    ],
  ]);
  const { mtimeMs } = statSync(lake.path('rows/1'));
  const modified = new Date(mtimeMs).toISOString().replace('T', ' ').slice(0, 19);
  expect(
    await lake.rows(`select file_name, bytes_scanned, lines_scanned, splits_scanned, to_char(file_last_modified, 'YYYY-MM-DD HH24:MI:SS')
      from sys_load_detail where query_id = pg_last_copy_id() order by 1 limit 1`),
  ).toEqual([['s3://lake/rows/1', String(bytes), String(LINES), '1', modified]]);
});
test('the ETag of a file is told once it is known', async () => {
  await fetch(`${lake.cluster.httpUrl}/lake/rows/1`, { method: 'HEAD' });
  await lake.run(COPY);
  const etags = await lake.rows(
    `select file_etag from sys_load_detail where query_id = pg_last_copy_id() order by file_name`,
  );
  expect(etags).toEqual([[createHash('md5').update(text).digest('hex')], [null], [null]]);
});
test('compressed files count twice: as they lie there, and unpacked', async () => {
  await lake.run(`copy t from 's3://lake/packed/' ${AUTH} gzip compupdate off`);
  const packed = statSync(lake.path('packed/1.gz')).size;
  expect(
    await lake.rows(`select transfer_size, data_size, compression_time > 0 from stl_s3client where ${LAST}`),
  ).toEqual([[String(packed), String(text.length), 't']]);
  expect(
    await lake.rows(
      'select loaded_bytes, file_bytes_scanned from sys_load_history where query_id = pg_last_copy_id()',
    ),
  ).toEqual([[String(text.length), String(packed)]]);
});
test('a file read in ranges has a row for each, and one in SYS_LOAD_DETAIL', async () => {
  await lake.run(`copy t from 's3://lake/big/' ${AUTH} compupdate off`);
  const size = text.length * 6;
  const ranges = await lake.rows(
    `select start_offset, bytes, lines, is_partial from stl_file_scan where ${LAST} order by 1`,
  );
  expect(ranges.length).toBeGreaterThan(1);
  expect(ranges.every((r) => r[3] === '1')).toBe(true);
  expect(ranges.reduce((n, r) => n + Number(r[1]), 0)).toBe(size);
  expect(ranges.reduce((n, r) => n + Number(r[2]), 0)).toBe(6 * LINES);
  expect(
    await lake.rows(
      'select splits_scanned, bytes_scanned, lines_scanned from sys_load_detail where query_id = pg_last_copy_id()',
    ),
  ).toEqual([[String(ranges.length), String(size), String(6 * LINES)]]);
});
test('a load that failed', async () => {
  lake.put('bad/1', `${text}not a number|x\n`);
  await lake.fails(`copy t from 's3://lake/bad/' ${AUTH} compupdate off`);
  expect(
    await lake.rows(`select status, loaded_rows, file_count_scanned, file_bytes_scanned > 0, error_count
      from sys_load_history order by query_id desc limit 1`),
  ).toEqual([['aborted', '0', '1', 't', '1']]);
  expect(
    await lake.rows(`select line_number, column_name, error_code, database_name, transaction_id > 0
      from sys_load_error_detail order by query_id desc limit 1`),
  ).toEqual([[String(LINES + 1), 'a', '1207', 'dev', 't']]);
  expect(
    await lake.rows('select field, colname, value from stl_loaderror_detail order by query desc limit 1'),
  ).toEqual([['1', 'a', 'not a number']]);
  expect(await lake.value("select count(*) from stl_load_commits where filename like '%/bad/%'")).toBe('0');
});
test('while a load runs its slices tell how far they are', async () => {
  const other = new pg.Client({ connectionString: lake.cluster.url });
  await other.connect();
  const state = async (): Promise<Record<string, string>[]> =>
    (await other.query('select * from stv_load_state order by slice')).rows as Record<string, string>[];
  expect(await state()).toEqual([]);
  io.hold();
  const copy = lake.client.query(COPY);
  await expect.poll(async () => (await state()).length, { timeout: 20_000 }).toBe(2);
  const held = await state();
  expect(held.reduce((n, s) => n + Number(s['bytes_to_load']), 0)).toBe(3 * text.length);
  expect(held.reduce((n, s) => n + Number(s['num_files']), 0)).toBe(3);
  expect(held.map((s) => [s['bytes_loaded'], s['pct_complete'], s['lines'], s['num_files_complete']])).toEqual(
    held.map(() => ['0', 0, 0, 0]),
  );
  expect(held[0]!['current_file']!.trim()).toMatch(/^s3:\/\/lake\/rows\/\d$/);
  expect(
    (await other.query(`select status, loaded_rows from sys_load_history where status = 'running'`)).rows,
  ).toEqual([{ status: 'running', loaded_rows: '0' }]);
  io.delay(150);
  io.release();
  const moving = async (): Promise<number> => Math.max(...(await state()).map((s) => Number(s['pct_complete'])), 0);
  await expect.poll(moving, { timeout: 20_000, interval: 20 }).toBeGreaterThan(0);
  io.delay(0);
  await copy;
  expect(await state()).toEqual([]);
  await other.end();
});
test('an UNLOAD, file by file, and one that fails', async () => {
  await lake.run(`unload ('select * from t where a < 100') to 's3://lake/out/x_' ${AUTH} gzip csv header`);
  const keys = lake.keys('out/');
  const sizes = keys.map((k) => statSync(lake.path(k)).size);
  const total = String(sizes.reduce((a, b) => a + b, 0));
  const rows = (await lake.value('select count(*) from t where a < 100'))!;
  expect(
    await lake.rows(`select status, file_format, compression_type, unloaded_location, unloaded_rows, unloaded_files_count,
        unloaded_files_size, error_message, session_id = pg_backend_pid() from sys_unload_history where query_id = pg_last_unload_id()`),
  ).toEqual([['completed', 'CSV', 'GZIP', 's3://lake/out/x_', rows, String(keys.length), total, '', 't']]);
  expect(
    await lake.rows(
      `select trim(file_name), transfer_size, trim(file_format) from sys_unload_detail where query_id = pg_last_unload_id() order by 1`,
    ),
  ).toEqual(keys.map((k, i) => [`s3://lake/${k}`, String(sizes[i]), 'CSV']));
  expect(
    await lake.rows(
      'select sum(line_count), trim(max(file_format)) from stl_unload_log where query = pg_last_unload_id()',
    ),
  ).toEqual([[rows, 'CSV']]);
  expect(
    await lake.rows(`select trim(http_method), sum(transfer_size), sum(data_size) > sum(transfer_size) from stl_s3client
      where query = pg_last_unload_id() group by 1`),
  ).toEqual([['PUT', total, 't']]);
  await lake.fails(`unload ('select 1 / (a - a) from t') to 's3://lake/failed/' ${AUTH}`);
  expect(
    await lake.rows(
      'select status, unloaded_files_count, error_message from sys_unload_history order by query_id desc limit 1',
    ),
  ).toEqual([['aborted', '0', expect.stringMatching(/division by zero/)]]);
});
test('a format that opens parts of an object counts them for that object', async () => {
  await lake.run(`unload ('select * from t') to 's3://lake/cols/x_' ${AUTH} format parquet`);
  expect(await lake.value('select file_format from sys_unload_history where query_id = pg_last_unload_id()')).toBe(
    'PARQUET',
  );
  const keys = lake.keys('cols/');
  await lake.run('create table p (like t)');
  await lake.run(`copy p from 's3://lake/cols/' ${AUTH} format parquet`);
  expect(await lake.fingerprint('select * from p')).toBe(await lake.fingerprint('select * from t'));
  const rows = await lake.rows(`select trim(file_name), bytes_scanned, lines_scanned from sys_load_detail
    where query_id = pg_last_copy_id() order by 1`);
  expect(rows.map((r) => r[0])).toEqual(keys.map((k) => `s3://lake/${k}`));
  for (const [i, r] of rows.entries()) {
    const { size } = statSync(lake.path(keys[i]!));
    expect(Number(r[1])).toBeGreaterThan(size / 2);
    expect(Number(r[1])).toBeLessThan(size * 2);
  }
  expect(rows.reduce((n, r) => n + Number(r[2]), 0)).toBe(Number(await lake.value('select count(*) from p')));
  expect(
    await lake.value('select max(trim(file_format)) from sys_load_history where query_id = pg_last_copy_id()'),
  ).toBe('Parquet');
});
test('users see their own', async () => {
  await lake.run(`create user reader password 'Secret123'`);
  const views = [
    'sys_load_history',
    'sys_load_detail',
    'sys_load_error_detail',
    'stl_file_scan',
    'stl_s3client',
    'stl_load_commits',
    'sys_unload_history',
    'sys_unload_detail',
    'stl_unload_log',
    'stl_loaderror_detail',
  ];
  await lake.run('set session authorization reader');
  for (const view of views) expect([view, await lake.value(`select count(*) from ${view}`)]).toEqual([view, '0']);
  await lake.run('reset session authorization');
  for (const view of views) expect(Number(await lake.value(`select count(*) from ${view}`)), view).toBeGreaterThan(0);
});
