/**
 * Values of up to 16 MB out by UNLOAD and back by COPY: equal, or refused because an input row has at most 4 MB; and arrays that stand
 * around all documents of a file.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUTH, Lake } from './cluster.ts';

let lake: Lake;
/** How often the row of `one` was doubled to what its value has in MB, roughly. */
const SIZES = [2, 4, 8, 16] as const;
beforeAll(async () => {
  lake = await Lake.open({ nodes: 1, slices: 2 });
  await lake.run('create table one(b varbyte(16777216), s super)');
  await lake.run(
    "insert into one select to_varbyte(repeat('abcdefgh', 8000), 'utf8'), array(repeat('abcdefgh', 7750))",
  );
  await lake.run('create table large(mb int, b varbyte(16777216), s super)');
  for (let mb = 1 / 8; mb <= 16; mb *= 2) {
    await lake.run('update one set b = b || b, s = array_concat(s, s)');
    if (mb >= 2) await lake.run(`insert into large select ${mb}, b, s from one`);
  }
  expect(await lake.rows('select mb, octet_length(b), json_size(s) from large order by mb')).toEqual([
    ['2', '2048000', '1984097'],
    ['4', '4096000', '3968193'],
    ['8', '8192000', '7936385'],
    ['16', '16384000', '15872769'],
  ]);
}, 120_000);
afterAll(() => lake.close());

const LIMIT = [['1216', 'Invalid input line: row exceeds the 4 MB limit']];
const lastError = (): Promise<(string | null)[][]> =>
  lake.rows('select err_code, trim(err_reason) from stl_load_errors order by starttime desc limit 1');

/** Column, options, and up to how many MB a row comes back; bytes are two digits each in a text. */
const ROUNDS: readonly (readonly [column: 'b' | 's', unload: string, copy: string, mbMax: number])[] = [
  ['s', '', '', 4],
  ['s', 'escape', 'escape', 4],
  ['s', 'format csv', 'csv', 4],
  ['s', 'format csv gzip', 'csv gzip', 4],
  ['s', 'format json', `json 'auto'`, 4],
  ['s', 'format parquet', 'format parquet serializetojson', 16],
  ['b', '', '', 2],
  ['b', 'format csv', 'csv', 2],
  ['b', 'format csv zstd', 'csv zstd', 2],
];
describe.each(ROUNDS)('%s unload %s, copy %s', (column, unload, copy, mbMax) => {
  test.each(SIZES)('%s MB', async (mb) => {
    const to = `s3://lake/${column}-${unload.replaceAll(' ', '-')}/${mb}/`;
    await lake.run(`unload ('select mb, ${column} from large where mb = ${mb}') to '${to}' ${AUTH} ${unload}`);
    await lake.run('drop table if exists back');
    await lake.run(`create table back as select mb, ${column} from large where false`);
    const load = `copy back from '${to}' ${AUTH} ${copy}`;
    if (mb > mbMax) {
      expect((await lake.fails(load)).message).toContain("Load into table 'back' failed");
      expect(await lastError()).toEqual(LIMIT);
      return;
    }
    await lake.run(load);
    const same = `select count(*) from back, large where back.mb = large.mb and back.${column} = large.${column}`;
    expect(await lake.value(same)).toBe('1');
  });
});

test('an array around all documents is one document: none of names, one value of noshred, and no more than 4 MB', async () => {
  const documents = (count: number): string =>
    `[${Array.from({ length: count }, (_, id) => JSON.stringify({ id, text: 'x'.repeat(900) })).join(',\n')}]`;
  lake.put('array/few.json', documents(100));
  lake.put('arrays/many.json', documents(6000));
  await lake.run('create table named(id int, text varchar(1000))');
  await lake.run('create table whole(v super)');
  for (const key of ['array/', 'arrays/']) {
    await lake.fails(`copy named from 's3://lake/${key}' ${AUTH} json 'auto'`);
    expect(await lastError()).toEqual([['1216', 'Invalid JSONPath format: Member is not an object.']]);
  }
  await lake.run(`copy whole from 's3://lake/array/' ${AUTH} json 'noshred'`);
  expect(await lake.rows('select get_array_length(v), v[99].id from whole')).toEqual([['100', '99']]);
  await lake.fails(`copy whole from 's3://lake/arrays/' ${AUTH} json 'noshred'`);
  expect(await lastError()).toEqual(LIMIT);
});
