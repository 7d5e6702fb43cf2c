/**
 * enable_large_strings_opt_in, which --large-strings tells: off, no text has more than 65,535 bytes and neither has a string in a
 * SUPER value; on, 16,000,000, and no column takes more than its type says.
 */
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startCluster, type Cluster } from '../api/built.ts';

interface Side {
  cluster: Cluster;
  client: pg.Client;
}
const open: Side[] = [];
async function start(largeStrings: boolean): Promise<pg.Client> {
  const cluster = await startCluster({ nodes: 1, slices: 2, memory: true, largeStrings });
  const client = new pg.Client({ host: '127.0.0.1', port: cluster.port, user: 'awsuser', database: 'dev' });
  await client.connect();
  open.push({ cluster, client });
  await client.query('create table t (k int, a varchar(max)) diststyle even');
  await client.query("insert into t values (1, repeat('x', 65535)), (2, 'y'), (3, null)");
  return client;
}
let on: pg.Client;
let off: pg.Client;
beforeAll(async () => {
  [on, off] = [await start(true), await start(false)];
}, 60_000);
afterAll(async () => {
  for (const { client, cluster } of open) {
    await client.end();
    await cluster.close();
  }
});
/** The first cell, or the SQLSTATE. */
const ask = (client: pg.Client, sql: string): Promise<unknown> =>
  client
    .query<unknown[]>({ text: sql, rowMode: 'array' })
    .then((r) => r.rows[0]?.[0])
    .catch((e: unknown) => (e as { code: string }).code);
const modifier = async (client: pg.Client, sql: string): Promise<number> =>
  (await client.query(sql)).fields[0]!.dataTypeModifier;

test('the server tells which it is, and no session changes it', async () => {
  expect(await ask(on, 'select is_large_string_enabled()')).toBe(true);
  expect(await ask(off, 'select is_large_string_enabled()')).toBe(false);
  expect(await ask(on, 'show enable_large_strings_opt_in')).toBe('on');
  expect(await ask(off, 'show enable_large_strings_opt_in')).toBe('off');
  expect(await ask(on, 'set enable_large_strings_opt_in to off')).toBe('55P02');
});

describe('values', () => {
  /** Over the row with 65,535 bytes; what comes out with it on. Off, all are too long. */
  test.for<readonly [expression: string, bytes: number, state?: string]>([
    ['a || a', 131070],
    ["concat(a, 'é')", 65537],
    ["repeat('ab', 100000)", 200000],
    ['lpad(a, 70000)', 70000],
    ["rpad(a, 65533, 'é') || 'éé'", 65537],
    ["replace(a, 'x', 'xx')", 131070],
    ["translate(a, 'x', 'é')", 131070],
    ["regexp_replace(a, 'x', 'yy')", 131070],
    ['quote_literal(a)', 65537],
    ['to_hex(a::varbyte(65535))', 131070],
    ["from_varbyte(a::varbyte(65535), 'hex')", 131070],
    ['json_serialize(array(a, a))', 131077],
    ["json_parse('\"' || a || '\"')::varchar(max)", 65535],
    ["json_parse('\"'::varbyte || a::varbyte(65535) || 'x\"'::varbyte)::varchar(max)", 65536],
    ["cast(a || 'é' as varchar(max))", 65537],
    ['max(a || a)', 131070],
    ["listagg(a || '', ',')", 65535],
    ["listagg(lpad('x', 40000), ',')", 40000],
  ])('%s', async ([expression, bytes]) => {
    const sql = `select octet_length(${expression}) from t where k = 1`;
    expect(await ask(on, sql)).toBe(bytes);
    expect(await ask(off, sql)).toBe(bytes <= 65535 && !expression.startsWith('json_parse') ? bytes : '22001');
  });
  test('LISTAGG counts its delimiters', async () => {
    const three = 'from (select 1 union all select 2 union all select 3)';
    expect(await ask(off, `select len(listagg(repeat('x', 21844), ',')) ${three}`)).toBe(65534);
    expect(await ask(off, `select len(listagg(repeat('x', 21845), '')) ${three}`)).toBe(65535);
    expect(await ask(off, `select len(listagg(repeat('x', 21845), ',')) ${three}`)).toBe('XX000');
    expect(await ask(off, `select len(listagg(repeat('x', 40000)) over ()) ${three}`)).toBe('XX000');
    expect(await ask(on, `select len(listagg(repeat('x', 40000)) over ()) ${three}`)).toBe(120000);
  });
  test('a text that is as long as it may be goes through every function that does not make it longer', async () => {
    for (const f of [
      'upper(a)',
      'lower(a)',
      'initcap(a)',
      'reverse(a)',
      'trim(a)',
      'left(a, 70000)',
      'quote_ident(a)',
      "a || ''",
    ])
      for (const client of [on, off]) expect(await ask(client, `select len(${f}) from t where k = 1`), f).toBe(65535);
  });
});

describe('types and columns', () => {
  test('a text of no particular length is as long as any, and VARCHAR(MAX) is in an expression', async () => {
    for (const expression of ['a || a', "repeat('x', k)", 'cast(k as varchar(max))', "listagg(a, ',')"]) {
      const sql = `select ${expression} from t${expression.startsWith('listagg') ? '' : ' limit 0'}`;
      const [long, short] = [
        await modifier(on, `${sql.replace('from t', 'from t where k = 2')}`),
        await modifier(off, sql.replace('from t', 'from t where k = 2')),
      ];
      expect([expression, long, short]).toEqual([expression, 16_000_004, 65_539]);
    }
    expect(await modifier(on, 'select a from t where k = 2')).toBe(65_539);
    expect(await modifier(on, 'select max(a) from t where k = 2')).toBe(65_539);
    expect(await modifier(on, "select cast('x' as varchar(65535))")).toBe(65_539);
    expect(await ask(on, "select cast('x' as varchar(65536))")).toBe('22023');
    expect(await ask(on, 'select len(cast(a || a as varchar(65535))) from t where k = 1')).toBe(65535);
  });
  test('no column takes more than its type says', async () => {
    for (const client of [on, off]) {
      for (const sql of [
        'insert into t select 4, a || a from t',
        'update t set a = a || a where k = 1',
        'create table u as select a || a as b from t',
        'select a || a as b into v from t where k = 1',
        "insert into t values (5, repeat('x', 65536))",
      ])
        expect(await ask(client, sql), sql).toBe('22001');
      await client.query('create table w as select a || a as b from t where k > 1');
      expect(await ask(client, "select type from pg_table_def where tablename = 'w'")).toBe(
        'character varying(65535)',
      );
      expect(await ask(client, 'select count(*)::int from t')).toBe(3);
    }
  });
  test('a view keeps MAX as MAX when a name in it changes', async () => {
    await on.query("create table named (a varchar(max)); insert into named values (repeat('x', 65535))");
    await on.query('create view doubled as select cast(a || a as varchar(max)) as c from named');
    await on.query('alter table named rename column a to b');
    expect(await ask(on, 'select len(c) from doubled')).toBe(131070);
    expect(await ask(on, "select definition from pg_views where viewname = 'doubled'")).toContain('varchar(max)');
  });
});
