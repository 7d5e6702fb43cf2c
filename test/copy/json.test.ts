/**
 * COPY of JSON from files to rows: types and conversions, nested values, errors and their records, files cut for slices,
 * paths in an object of their own, options beside.
 */
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { AUTH, Lake } from './cluster.ts';

let lake: Lake;
beforeAll(async () => {
  lake = await Lake.open({ nodes: 2, slices: 2 });
});
afterAll(() => lake.close());
const copy = (table: string, key: string, options: string): string =>
  `copy ${table} from 's3://lake/${key}' ${AUTH} ${options}`;

test('every type', async () => {
  await lake.run(`create table typed (b boolean, i2 smallint, i4 int, i8 bigint, d decimal(20,4), f4 real, f8 float8, c char(5),
    v varchar(20), day date, t time, ts timestamp, tz timestamptz, x varbyte, s super)`);
  const record = {
    b: true,
    i2: -1,
    i4: '42',
    i8: 9007199254740993n,
    d: 12345.67891,
    f4: 1.5,
    f8: 2.5e-10,
    c: 'ab',
    v: 'é "q"',
    day: '2026-11-27',
    t: '12:34:56.5',
    ts: '2026-11-27 01:02:03.456',
    tz: '2026-11-27T01:02:03+02:00',
    x: '00ff',
    s: { a: [1, null] },
    unknown: 1,
  };
  const text = JSON.stringify(record, (_, v: unknown) => (typeof v === 'bigint' ? `#${v}#` : v)).replace(
    /"#(\d+)#"/,
    '$1',
  );
  const nulls = JSON.stringify(Object.fromEntries(Object.keys(record).map((k) => [k, null])));
  lake.put('typed/1.json', `${text}\n${nulls}\n{}`);
  await lake.run(copy('typed', 'typed/', `json 'auto' timeformat 'auto'`));
  expect(await lake.rows('select * from typed order by i2')).toEqual([
    [
      't',
      '-1',
      '42',
      '9007199254740993',
      '12345.6789',
      '1.5',
      '2.5e-10',
      'ab',
      'é "q"',
      '2026-11-27',
      '12:34:56.5',
      '2026-11-27 01:02:03.456',
      '2026-11-26 23:02:03+00',
      '00ff',
      '{"a":[1,null]}',
    ],
    [...Array.from({ length: 14 }, () => null), 'null'],
    Array.from({ length: 15 }, () => null),
  ]);
});
test('times as numbers, nested values as text, names without regard to case', async () => {
  await lake.run('create table events (id int, at timestamp, what varchar(100), tags super)');
  lake.put(
    'events/a',
    '{"ID": 1, "At": 1541121934796, "what": {"a": [1, 2]}, "TAGS": ["x"]}\n{"id": 2, "at": null, "what": [true]}',
  );
  await lake.run(copy('events', 'events/a', `format as json 'auto ignorecase' timeformat 'epochmillisecs'`));
  expect(await lake.rows('select id, at, what, tags[0] from events order by id')).toEqual([
    ['1', '2018-11-02 01:25:34.796', '{"a": [1, 2]}', '"x"'],
    ['2', null, '[true]', null],
  ]);
});
test('whole documents, and paths', async () => {
  await lake.run('create table documents (doc super)');
  lake.put('docs/a', '{"id": 1, "list": [{"x": 1}, {"x": 2}]}\n[1, 2]');
  await lake.run(copy('documents', 'docs/a', `json 'noshred'`));
  expect(await lake.rows('select sum(l.x::int) from documents d, d.doc.list l')).toEqual([['3']]);
  await lake.run(
    'create table pathed (first int, last int, name varchar(10) default $$none$$)'.replaceAll('$$', "'"),
  );
  lake.put('paths/p.json', JSON.stringify({ jsonpaths: ['$.list[1].x', '$.list[0].x'] }));
  lake.put('docs/b', '{"id": 1, "list": [{"x": 1}, {"x": 2}]}');
  await lake.run(copy('pathed (first, last)', 'docs/b', `json 's3://lake/paths/p.json'`));
  expect(await lake.rows('select * from pathed')).toEqual([['2', '1', 'none']]);
  expect((await lake.fails(copy('pathed', 'docs/b', `json 's3://lake/paths/p.json'`))).message).toBe(
    'Number of jsonpaths and the number of columns should match. JSONPath size: 2, Number of columns in table or column list: 3',
  );
  expect((await lake.fails(copy('pathed', 'docs/b', `json 's3://lake/paths/none.json'`))).message).toMatch(
    /none\.json/,
  );
  expect((await lake.fails(copy('pathed', 'docs/b', `json 'automatic'`))).code).toBe('22023');
});
test('refused records are recorded; MAXERROR goes on', async () => {
  await lake.run('create table strict (id int not null, name varchar(3))');
  const lines = [
    '{"id": 1, "name": "abc"}',
    '{"id": "x1"}',
    '{"name": "a"}',
    '{"id": 2, "name": "abcd"}',
    '{"id": 3',
    '',
    '{"id": 4}',
  ];
  lake.put('strict/1', lines.join('\n'));
  const failed = await lake.fails(copy('strict', 'strict/1', 'json'));
  expect(failed.message).toMatch(/^Load into table 'strict' failed/);
  lake.notices.length = 0;
  await lake.run(copy('strict', 'strict/1', 'json maxerror 10'));
  expect(await lake.rows('select * from strict order by id')).toEqual([
    ['1', 'abc'],
    ['4', null],
  ]);
  expect(lake.notices.join()).toContain('4 record(s) could not be loaded');
  expect(
    await lake.rows(
      `select line_number, colname, err_code, err_reason, raw_line, raw_field_value from stl_load_errors where query = pg_last_copy_id() order by line_number`,
    ),
  ).toEqual([
    ['2', 'id', '1207', "Invalid digit, Value 'x', Pos 0, Type: Integer", '{"id": "x1"}', 'x1'],
    ['3', 'id', '1213', 'Missing data for not-null field', '{"name": "a"}', ''],
    ['4', 'name', '1204', 'String length exceeds DDL length', '{"id": 2, "name": "abcd"}', 'abcd'],
    ['5', '', '1216', 'Invalid value.', '{"id": 3', ''],
  ]);
});
test('large files are cut, gzip and manifests are read, and every record comes once', async () => {
  await lake.run('create table many (id int, pad varchar(400), s super) diststyle even');
  const record = (i: number): string =>
    JSON.stringify(
      { id: i, pad: `}\\"{ ${'x'.repeat(150 + (i % 150))}`, s: { i: [i] } },
      undefined,
      i % 3 === 0 ? 1 : 0,
    );
  const text = Array.from({ length: 60_000 }, (_, i) => record(i)).join('\n');
  lake.put('many/plain.json', text);
  lake.put('many/zip.json.gz', gzipSync(text, { level: 1 }));
  await lake.run(copy('many', 'many/plain', `json 'auto'`));
  const sums = 'select count(*), count(distinct id), sum(id), sum(len(pad)), sum(s.i[0]::int) from many';
  const whole = await lake.rows(sums);
  expect(whole[0]!.slice(0, 3)).toEqual(['60000', '60000', String((59_999 * 60_000) / 2)]);
  expect(whole[0]![4]).toBe(whole[0]![2]);
  expect(
    Number(await lake.value('select count(*) from stl_load_commits where query = pg_last_copy_id()')),
  ).toBeGreaterThan(1);
  await lake.run('truncate many');
  lake.put('many/manifest', JSON.stringify({ entries: [{ url: 's3://lake/many/zip.json.gz', mandatory: true }] }));
  await lake.run(copy('many', 'many/manifest', `manifest gzip format json 'auto'`));
  expect(await lake.rows(sums)).toEqual(whole);
});
test('documents on one line, arrays that follow each other, one array of everything', async () => {
  await lake.run('create table lines (id int, pad varchar(400)) diststyle even');
  const count = 50_000;
  const records = Array.from({ length: count }, (_, i) => ({ id: i, pad: `}{ ${'y'.repeat(300 + (i % 90))}` }));
  const sums = 'select count(*), count(distinct id), sum(id), sum(len(pad)) from lines';
  lake.put('lines/1', records.map((r) => JSON.stringify(r)).join(''));
  await lake.run(copy('lines', 'lines/1', `json 'auto'`));
  const whole = await lake.rows(sums);
  expect(whole[0]!.slice(0, 3)).toEqual([String(count), String(count), String(((count - 1) * count) / 2)]);
  // Cut between arrays, of which some go over lines.
  await lake.run('truncate lines');
  lake.put('lines/2', records.map((r) => JSON.stringify([r.id, { pad: r.pad }], undefined, r.id % 3)).join('\n'));
  lake.put('lines/paths', JSON.stringify({ jsonpaths: ['$[0]', '$[1].pad'] }));
  await lake.run(copy('lines', 'lines/2', `json 's3://lake/lines/paths'`));
  expect(await lake.rows(sums)).toEqual(whole);
  expect(
    Number(await lake.value('select count(*) from stl_load_commits where query = pg_last_copy_id()')),
  ).toBeGreaterThan(1);
  // An array is one record, and none has more than 4 MB.
  lake.put('lines/3', `[${records.map((r) => JSON.stringify(r)).join(',\n')}]`);
  await lake.fails(copy('lines', 'lines/3', `json 's3://lake/lines/paths'`));
  expect(await lake.rows(sums)).toEqual(whole);
});
test('options that say how delimited text is written are refused', async () => {
  for (const option of [
    `delimiter ','`,
    'escape',
    'fillrecord',
    'removequotes',
    `null as 'x'`,
    'ignoreblanklines',
    'csv',
  ])
    expect([option, (await lake.fails(copy('strict', 'strict/1', `json 'auto' ${option}`))).code]).toEqual([
      option,
      '42601',
    ]);
});
