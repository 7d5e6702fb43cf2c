/**
 * Every error code of COPY: fixtures/copy/errors holds a file for each that a file can cause, with one good record in front of a bad one,
 * and cases.tsv what STL_LOAD_ERRORS, STL_LOADERROR_DETAIL and SYS_LOAD_ERROR_DETAIL then tell; codes.tsv names the rest with the reason.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AUTH, Lake } from './cluster.ts';

const folder = join(import.meta.dirname, '../../fixtures/copy/errors');
const table = (name: string): string[][] =>
  readFileSync(join(folder, name), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1)
    .map((l) => l.split('\t'));
const cases = table('cases.tsv');
const codes = table('codes.tsv');
let lake: Lake;
beforeAll(async () => {
  lake = await Lake.open({ nodes: 1, slices: 2 });
});
afterAll(() => lake.close());
const LAST = 'query = pg_last_query_id()';
const FAILED = "Load into table 't' failed.  Check 'stl_load_errors' system table for details.";

test.each(cases.map((c) => [c[1]!, c] as const))('%s', async (file, row) => {
  const [code, , columns, options, reason, colname, position, rawLine, rawValue, cure = '', cured = ''] = row;
  lake.put(`codes/${file}`, readFileSync(join(folder, file)));
  const copy = `copy t from 's3://lake/codes/${file}' ${AUTH} ${options}`;
  await lake.run('drop table if exists t');
  await lake.run(`create table t(${columns})`);
  // The whole file is of another encoding, or a record of it is bad.
  const isFile = code === '1221';
  const good = isFile ? '0' : '1';
  const wanted = [code, reason!, colname, position, JSON.parse(rawLine!), JSON.parse(rawValue!), isFile ? '1' : '2'];
  const told = async (): Promise<void> => {
    expect(
      await lake.rows(`select err_code, err_reason, colname, position, raw_line, raw_field_value, line_number
        from stl_load_errors where ${LAST}`),
    ).toEqual([wanted]);
    // The fields in front of the bad one stand there too.
    const fields = await lake.rows(
      `select line_number, colname, value, filename from stl_loaderror_detail where ${LAST} order by field`,
    );
    expect(fields.at(-1)).toEqual([wanted[6], colname, wanted[5], `s3://lake/codes/${file}`]);
    expect(
      await lake.rows(`select error_code, error_message, column_name, position, line_number, file_name
        from sys_load_error_detail where query_id = pg_last_query_id()`),
    ).toEqual([[code, reason, colname, position, wanted[6], `s3://lake/codes/${file}`]]);
  };
  expect(await lake.fails(copy)).toMatchObject({ code: 'XX000', message: FAILED });
  await told();
  expect(await lake.value('select count(*) from t')).toBe('0');
  expect(await lake.fails(`${copy} maxerror 1`)).toMatchObject({ code: 'XX000', message: FAILED });
  lake.notices.length = 0;
  await lake.run(`${copy} noload maxerror 2`);
  await told();
  expect(lake.notices[0]).toBe(`INFO: Load into table 't' completed, ${good} record(s) validated successfully.`);
  expect(await lake.value('select count(*) from t')).toBe('0');
  await lake.run(`${copy} maxerror 2`);
  await told();
  expect(await lake.value('select count(*) from t')).toBe(good);
  lake.notices.length = 0;
  await lake.run(`${copy} ignoreallerrors`);
  await told();
  expect(lake.notices).toEqual([
    `INFO: Load into table 't' completed, ${good} record(s) loaded successfully.`,
    `INFO: Load into table 't' completed, 1 record(s) could not be loaded.  Check 'stl_load_errors' system table for details.`,
  ]);
  if (cure === '') return;
  await lake.run('truncate t');
  await lake.run(`${copy} ${cure}`);
  const rows = await lake.rows('select * from t order by a');
  expect(rows.slice(1).map((r) => r.map((c) => c ?? '').join('|'))).toEqual(cured === '' ? [] : [cured]);
});

test('no code is missing', async () => {
  expect(codes.length).toBe(27);
  for (const [code, meaning, here] of codes)
    expect([code, cases.some((c) => c[0] === code), meaning], here).toEqual([code, here === 'cases', meaning]);
  await lake.run('drop table if exists t');
  await lake.run('create table t(a int)');
  lake.put('codes/m', JSON.stringify({ entries: [{ url: 's3://lake/folder/', mandatory: true }] }));
  const { code, message, detail } = await lake.fails(`copy t from 's3://lake/codes/m' ${AUTH} manifest`);
  expect([code, message]).toEqual([
    'XX000',
    'The file path in the manifest is not a full path of an S3 object: s3://lake/folder/',
  ]);
  expect(detail).toMatch(/code: +8001/);
  expect((await lake.fails(`copy t from 's3://lake/codes/none' ${AUTH}`)).message).toBe(
    "The specified S3 prefix 'codes/none' does not exist",
  );
});
