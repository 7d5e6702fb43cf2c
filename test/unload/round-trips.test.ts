/**
 * What is unloaded and loaded again is what it was: every type with its edges (type-cases.ts) in every format and compression, and
 * Parquet when DuckDB has rewritten it in between (skipped where that is not installed: npm ci in test/oracles). What a format cannot
 * write is refused.
 */
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Lake, type Failure } from '../copy/cluster.ts';
import { Duckdb, isDuckdbThere } from '../copy/duckdb.ts';
import type { Format } from './option-cases.ts';
import { TYPE_CASES, type TypeCase } from './type-cases.ts';

const AUTH = 'iam_role default';
const KEYS = 20_000;
let lake: Lake;
const columnsOf = (format: Format): readonly TypeCase[] => TYPE_CASES.filter((t) => !t.refused?.includes(format));
const ddlOf = (types: readonly TypeCase[]): string => ['k int', ...types.map((t) => `${t.name} ${t.ddl}`)].join(', ');
const rows = Math.max(...TYPE_CASES.map((t) => t.values.length)) + 1;

beforeAll(async () => {
  lake = await Lake.open({ nodes: 1, slices: 2 });
  lake.put('keys', Array.from({ length: KEYS }, (_, i) => `${i}\n`).join(''));
  await lake.run('create table ks (k int) diststyle all');
  await lake.run(`copy ks from 's3://lake/keys' ${AUTH}`);
  await lake.run(`create table source (${ddlOf(TYPE_CASES)}) diststyle even`);
  // Each row has the edge of its number of every type, the last one NULL.
  for (let k = 0; k < rows; k++) {
    const values = TYPE_CASES.map(({ values: list, ddl }) =>
      k === rows - 1 ? 'null' : `(${list[k % list.length]})::${ddl}`,
    );
    await lake.run(`insert into source select ${[k, ...values].join(', ')}`);
  }
}, 300_000);
afterAll(() => lake.close());

const shown = (types: readonly TypeCase[]): string =>
  types.map((t) => `(${(t.shown ?? '%').replaceAll('%', t.name)}) as ${t.name}`).join(', ');
const sources = new Map<string, (string | null)[][]>();
async function compare(types: readonly TypeCase[], what: string): Promise<void> {
  const select = (table: string): string => `select k, ${shown(types)} from ${table} order by k`;
  const sql = select('source');
  const source = sources.get(sql) ?? (await lake.rows(sql));
  sources.set(sql, source);
  const back = await lake.rows(select('back'));
  for (const [i, t] of types.entries())
    expect(
      back.map((r) => [r[0], r[i + 1]]),
      `${what}: ${t.name}`,
    ).toEqual(source.map((r) => [r[0], r[i + 1]]));
}
async function trip(format: Format, types: readonly TypeCase[], out: string, back: string): Promise<void> {
  const prefix = `trip/${format}-${out.replaceAll(/\W+/g, '-')}/`;
  const names = types.map((t) => t.name).join(', ');
  await lake.run(`unload ('select k, ${names} from source') to 's3://lake/${prefix}' ${AUTH} ${out}`);
  await load(types, prefix, back);
  await compare(types, out);
}
async function load(types: readonly TypeCase[], prefix: string, options: string): Promise<void> {
  await lake.run('drop table if exists back');
  await lake.run(`create table back (${ddlOf(types)})`);
  try {
    await lake.run(`copy back from 's3://lake/${prefix}' ${AUTH} ${options}`);
  } catch (error) {
    const why = await lake.rows(
      'select line_number, colname, err_code, err_reason, raw_field_value from stl_load_errors order by starttime desc limit 1',
    );
    throw new TypeError(
      `${options}: ${JSON.stringify(why)} ${(error as Failure).message} ${(error as Failure).detail ?? ''}`,
    );
  }
}

/** Of a format: how it is unloaded, how it is loaded. */
const FORMATS: readonly (readonly [string, Format, string, string])[] = [
  ['text with ESCAPE', 'text', `escape null as '@@'`, `escape null as '@@'`],
  ['text with ADDQUOTES and ESCAPE', 'text', `addquotes escape null as '@@'`, `removequotes escape null as '@@'`],
  ['tabs', 'text', `delimiter '\\t' escape null as '@@'`, `delimiter '\\t' escape null as '@@'`],
  ['CSV', 'csv', `csv null as '@@'`, `csv null as '@@'`],
  [
    'CSV with HEADER and another delimiter',
    'csv',
    `csv header delimiter ' ' null as '@@'`,
    `csv ignoreheader 1 delimiter ' ' null as '@@'`,
  ],
  ['JSON', 'json', 'json', `json 'auto'`],
];
const CODECS = ['', 'gzip', 'bzip2', 'zstd'];
describe.each(FORMATS)('%s', (_, format, out, back) => {
  test.each(CODECS)('%s', async (codec) => {
    await trip(format, columnsOf(format), `${out} ${codec}`, `${back} ${codec}`);
  });
  test('one writer', async () => {
    await trip(format, columnsOf(format), `${out} parallel off`, back);
  });
});
test.each(['', 'parallel off', 'rowgroupsize 64'])('Parquet %s', async (more) => {
  await trip('parquet', columnsOf('parquet'), `parquet ${more}`, 'parquet serializetojson');
});
test.each(CODECS)('fields of fixed width, %s', async (codec) => {
  const types = columnsOf('fixedwidth').filter((t) => t.notFixed !== true);
  const widths = ['k:4', ...types.map((t) => `${t.name}:45`)].join(',');
  await trip(
    'fixedwidth',
    types,
    `fixedwidth '${widths}' null as '@@' ${codec}`,
    `fixedwidth '${widths}' null as '@@' ${codec}`,
  );
});
describe.skipIf(!isDuckdbThere)('Parquet that DuckDB has rewritten', () => {
  let duckdb: Duckdb;
  beforeAll(() => (duckdb = new Duckdb()));
  afterAll(() => duckdb.close());
  test.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'])('%s', async (codec) => {
    // Of decimals of more than 18 digits DuckDB writes 16 bytes, which 38 of them need.
    const types = columnsOf('parquet').filter((t) => t.name !== 'n19' && t.name !== 'n20');
    const prefix = `duck/${codec}/`;
    await lake.run(
      `unload ('select k, ${types.map((t) => t.name).join()} from source') to 's3://lake/${prefix}' ${AUTH} parquet`,
    );
    mkdirSync(lake.path(`again/${codec}`), { recursive: true });
    for (const version of ['v1', 'v2']) {
      const file = `again/${codec}/${version}.parquet`;
      await duckdb.rows(
        `copy (from read_parquet('${lake.path(prefix)}*.parquet')) to '${lake.path(file)}' (format parquet, compression ${codec}, parquet_version ${version}, row_group_size 7)`,
      );
      await load(types, file, 'parquet serializetojson');
      await compare(types, `${codec} ${version}`);
    }
  });
});

test('instants that Parquet has no number for are refused, and nothing is written', async () => {
  const far = `select timestamp '294276-12-31 23:59:59.999999' as ts`;
  const to = `to 's3://lake/far/`;
  expect(await lake.fails(`unload ($$${far}$$) ${to}p' ${AUTH} parquet`)).toMatchObject({ code: '22008' });
  await lake.run('create table far_away as ' + far);
  expect(await lake.fails(`unload ('select * from far_away') ${to}p' ${AUTH} parquet`)).toMatchObject({
    code: '22008',
  });
  expect([lake.keys('far/'), lake.temporaryFiles()]).toEqual([[], []]);
  await lake.run('create table far_back (ts timestamp)');
  for (const [out, back] of [
    ['', ''],
    ['csv', 'csv'],
    ['json', `json 'auto'`],
    [`fixedwidth '40'`, `fixedwidth '40'`],
  ] as const) {
    const name = out.slice(0, 4);
    await lake.run(`unload ('select * from far_away') ${to}${name}_' ${AUTH} ${out}`);
    await lake.run(`copy far_back from 's3://lake/far/${name}_' ${AUTH} ${back}`);
  }
  expect(await lake.rows('select distinct ts from far_back')).toEqual([['294276-12-31 23:59:59.999999']]);
});
test('values of some megabytes', async () => {
  await lake.run('create table long (k int, s super, x varbyte(4000000), v varchar(65535)) diststyle even');
  await lake.run(
    `insert into long select 1, json_parse('["' || repeat('é|, ', 13000) || '"]'), repeat('|,"', 20000)::varbyte, 'beside'`,
  );
  // Of 4 MB a record of text may have, Parquet takes what fits the type.
  for (let i = 0; i < 5; i++) await lake.run('update long set s = array_concat(s, s)');
  for (let i = 0; i < 3; i++) await lake.run('update long set x = x || x');
  await lake.run('create table longer (k int, s super, v varchar(65535)) diststyle even');
  await lake.run('insert into longer select k, array_concat(array_concat(s, s), array_concat(s, s)), v from long');
  for (const [table, columns, out, back] of [
    ['long', 'k, s, x, v', `escape null as '@@'`, `escape null as '@@'`],
    ['long', 'k, s, x, v', 'csv gzip', 'csv gzip'],
    ['long', 'k, s, v', 'json', `json 'auto'`],
    ['longer', 'k, s, v', 'parquet', 'parquet serializetojson'],
  ] as const) {
    const prefix = `long/${out.slice(0, 4)}/`;
    await lake.run(`unload ('select ${columns} from ${table}') to 's3://lake/${prefix}a' ${AUTH} ${out}`);
    await lake.run('drop table if exists long_back');
    await lake.run(`create table long_back (like ${table})`);
    await lake.run(`copy long_back (${columns}) from 's3://lake/${prefix}a' ${AUTH} ${back}`);
    for (const [name, rows] of [
      ['b', table],
      ['c', 'long_back'],
    ] as const)
      await lake.run(
        `unload ('select ${columns} from ${rows}') to 's3://lake/${prefix}${name}' ${AUTH} parallel off csv`,
      );
    expect(lake.get(`${prefix}c000`).equals(lake.get(`${prefix}b000`)), out).toBe(true);
    expect(lake.get(`${prefix}c000`).length).toBeGreaterThan(1_500_000);
  }
});
describe('what a format cannot write', () => {
  test.each(TYPE_CASES.filter((t) => t.refused !== undefined))('$ddl', async ({ name, refused, ddl }) => {
    for (const format of refused!) {
      const words = format === 'fixedwidth' ? `fixedwidth '100'` : format;
      expect(
        await lake.fails(`unload ('select ${name} from source') to 's3://lake/no/' ${AUTH} ${words}`),
        ddl,
      ).toMatchObject({
        code: '0A000',
        message: expect.stringMatching(/^UNLOAD with .* cannot write type /) as string,
      });
      expect(lake.keys('no/')).toEqual([]);
    }
  });
});
