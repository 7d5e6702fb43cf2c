/**
 * Statements of many megabytes: lists of literals as data, parsed by a thread of their own, converted and sorted in turns
 * with other work; errors point to the literal, and cancel ends the work wherever it is.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster } from '../api/built.ts';

const ROWS = 5000;
const ITEMS = 40_000;
let cluster: Awaited<ReturnType<typeof startCluster>>;
let c: pg.Client;
const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({ host: '127.0.0.1', port: cluster.port, user: 'awsuser', database: 'dev' });
  await client.connect();
  return client;
};
const count = async (condition: string): Promise<number> => {
  const { rows } = await c.query(`select count(*)::int as n from t where ${condition}`);
  return (rows[0] as { n: number }).n;
};
/** ITEMS items in no order: `item` of multiples of three, some twice. */
const list = (item: (i: number) => string): string =>
  Array.from({ length: ITEMS }, (_, i) => item(((i * 7919) % ITEMS) * 3)).join(',');

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, slices: 2, memory: true });
  c = await connect();
  await c.query('create table t (i int, l bigint, n numeric(12,2), s varchar(20), d date, h numeric(38,0))');
  const rows = Array.from(
    { length: ROWS },
    (_, i) => `(${i}, ${i}, ${i}.5, 'v${i}', '2000-01-01', 10000000000000000000000${i})`,
  );
  await c.query(`insert into t values ${rows.join(',')}`);
  await c.query(`update t set d = dateadd(day, i, d)`);
  await c.query('insert into t (i) values (null)');
}, 60_000);
afterAll(async () => {
  await c?.end();
  await cluster?.close();
});

const found = Math.ceil(ROWS / 3);

test('every form of list finds what it holds', async () => {
  expect(await count(`i in (${list(String)})`)).toBe(found);
  expect(await count(`l in (${list(String)}, -5, 99999999999, null)`)).toBe(found);
  expect(await count(`n in (${list((i) => `${i}.50`)})`)).toBe(found);
  expect(await count(`s in (${list((i) => `'v${i}'`)}, 'ünïcode', 'it''s')`)).toBe(found);
  expect(await count(`h in (${list((i) => `10000000000000000000000${i}`)})`)).toBe(found);
  const day = (i: number): string => new Date(Date.UTC(2000, 0, 1 + i)).toISOString().slice(0, 10);
  expect(await count(`d in (${list((i) => `'${day(i)}'`)})`)).toBe(found);
});

test('negated, beside NULL, and several in one statement', async () => {
  expect(await count(`i not in (${list(String)})`)).toBe(ROWS - found);
  expect(await count(`i not in (${list(String)}, null)`)).toBe(0);
  expect(await count(`i in (${list(String)}) and s in (${list((i) => `'v${i * 2}'`)})`)).toBe(Math.ceil(ROWS / 6));
  expect(await count(`i in (${list(String)}, 1.5, 2.0)`)).toBe(found + 1);
});

test('a prepared statement keeps its list', async () => {
  const query = { name: 'p', text: `select count(*)::int as n from t where i in (${list(String)}) and i < $1` };
  for (const limit of [30, 300]) {
    const { rows } = await c.query({ ...query, values: [limit] });
    expect(rows).toEqual([{ n: limit / 3 }]);
  }
});

test('a parameter before a long list takes its type from it', async () => {
  const { rows } = await c.query(`select count(*)::int as n from t where $1 in (${list(String)}) and l = $1`, [30]);
  expect(rows).toEqual([{ n: 1 }]);
  await c.query(`prepare asked as select $1 in (${list(String)}) as found, $1 + 1 as next`);
  expect((await c.query('execute asked(6)')).rows).toEqual([{ found: true, next: 7 }]);
  expect((await c.query('execute asked(7)')).rows).toEqual([{ found: false, next: 8 }]);
});

test('an error points to the literal', async () => {
  const text = `select 1 from t where i in (${list((i) => `'${i}'`)}, 'x')`;
  await expect(c.query(text)).rejects.toMatchObject({ code: '22P02', position: String(text.indexOf("'x'") + 1) });
  const syntax = `select 1 from t where i in (${list(String)}) and`;
  await expect(c.query(syntax)).rejects.toMatchObject({ code: '42601', position: String(syntax.length + 1) });
});

test('a view of a long list is stored with it', async () => {
  await c.query(`create view v as select i from t where i in (${Array.from({ length: 1500 }, (_, i) => i * 3)})`);
  expect((await c.query('select count(*)::int as n from v')).rows).toEqual([{ n: 1500 }]);
});

test('EXPLAIN shows the beginning of a list', async () => {
  const { rows } = await c.query(`explain select 1 from t where i in (${list(String)})`);
  const shown = Array.from({ length: 1000 }, (_, i) => ((i * 7919) % ITEMS) * 3).join(',');
  expect(JSON.stringify(rows)).toContain(`(i = ANY ('{${shown},...}'::integer[]))`);
});

test('cancel ends the parsing of a long text, and the next one is parsed', async () => {
  const [other, third] = [await connect(), await connect()];
  const { rows } = await other.query('select pg_backend_pid() as pid');
  const arms = Array.from({ length: 100_000 }, (_, i) => `(i = ${i} and l = ${i} + 1)`).join(' or ');
  const running = other.query(`select count(*) from t where ${arms}`);
  running.catch(() => undefined);
  await new Promise((resolve) => setTimeout(resolve, 50));
  const waiting = count(`i in (${list(String)})`);
  await third.query(`select pg_cancel_backend(${(rows[0] as { pid: number }).pid})`);
  await expect(running).rejects.toMatchObject({ code: '57014' });
  expect(await waiting).toBe(found);
  expect((await other.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await other.end();
  await third.end();
});

/** Rows of columns and expressions whose code is cut into functions give what short ones give. */
test('thousands of expressions of different shapes', async () => {
  const numbers = Array.from({ length: 1600 }, (_, i) => i);
  const shapes = (i: number): string => [`i + ${i}`, `i * ${i} - length(s)`, `coalesce(n, 0) + ${i}`][i % 3]!;
  const wide = await c.query({
    text: `select ${numbers.map((i) => `${shapes(i)} as c${i}`)}, s || 'x' as s from t where i = 7`,
    rowMode: 'array',
  });
  const values = (wide.rows[0] as unknown[]).map(String);
  expect(values.slice(0, 4)).toEqual(['7', '5', '9.50', '10']);
  expect(values.slice(-2)).toEqual(['1606', 'v7x']);
  const sums = await c.query({ text: `select ${numbers.map((i) => `sum(i + ${i})`)} from t`, rowMode: 'array' });
  const first = (ROWS * (ROWS - 1)) / 2;
  expect((sums.rows[0] as unknown[]).map(Number)).toEqual(numbers.map((i) => first + i * ROWS));
  const arms = numbers.map((i) => [`i = ${i * 2}`, `s = 'v${i * 2}' and l > -1`, `l + ${i} = ${i * 3}`][i % 3]);
  expect(await count(arms.join(' or '))).toBe(1600);
  const whens = numbers.map((i) => `when ${arms[i]} then ${i % 5 === 0 ? `i * ${i}` : i}`);
  expect(await count(`case ${whens.join(' ')} end >= 0`)).toBe(1600);
});

test('rows of a thousand columns are inserted, grouped, ordered and joined', async () => {
  const names = Array.from({ length: 1000 }, (_, i) => `c${i}`);
  const types = ['int', 'varchar(20)', 'numeric(30,2)', 'float8'];
  await c.query(`create table wide (${names.map((name, i) => `${name} ${types[i % 4]}`)})`);
  await c.query(`insert into wide (c0, c1, c2, c3, c999) select i % 10, 'v' || i % 10, i % 10, i % 10, 1 from t`);
  const groups = await c.query({
    text: `select ${names}, count(*) from wide where c0 is not null group by ${names.map((_, i) => i + 1)} order by ${names}`,
    rowMode: 'array',
  });
  const rows = (groups.rows as unknown[][]).map((r) => [r[0], r[1], r[2], r[3], r[4], r[999], Number(r[1000])]);
  expect(rows).toEqual(Array.from({ length: 10 }, (_, i) => [i, `v${i}`, `${i}.00`, i, null, 1, ROWS / 10]));
  const [{ n }] = (
    await c.query(`select count(*)::int as n from (select a.* from wide a join wide b on a.c0 = b.c0)`)
  ).rows as [{ n: number }];
  expect(n).toBe((ROWS * ROWS) / 10);
});

test('planning a join of many tables gives the thread to others', async () => {
  const tables = Array.from({ length: 60 }, (_, i) => i);
  const join = `explain select count(*) from ${tables.map((i) => `t t${i}`)} where ${tables
    .slice(1)
    .map((i) => `t${i - 1}.i = t${i}.i`)
    .join(' and ')}`;
  let turns = 0;
  let running = true;
  const turn = (): void => {
    turns++;
    if (running) setImmediate(turn);
  };
  const asked = c.query(join);
  setImmediate(turn);
  await asked;
  running = false;
  expect(turns).toBeGreaterThan(5);
});

test('a query that ends while it is planned has a number of its own, and a row in the log', async () => {
  const unplannable = 'select count(*) from t a full join t b on a.i < b.i';
  await expect(c.query(unplannable)).rejects.toMatchObject({ code: '0A000' });
  const logged = await c.query('select query, aborted from stl_query where querytxt = $1', [unplannable]);
  expect(logged.rows).toEqual([{ query: expect.any(Number) as number, aborted: 1 }]);
});

test('long lists of expressions are bound between other work, whatever else stands in the statement', async () => {
  const n = 6000;
  const numbers = Array.from({ length: n }, (_, i) => i);
  await c.query('create table bound (i int, s varchar(20), r float8, d int default 7)');
  await c.query(`insert into bound values ${numbers.map((i) => `(${i} + 1, 'v' || ${i}, random(), default)`)}`);
  const arms = numbers.slice(0, 2000).map((i) => `when i = ${i} and length(s) > ${i % 3} then ${i} * 2`);
  const either = numbers.slice(0, 2000).map((i) => `(i + ${i}) % 4001 = ${i % 5}`);
  const { rows } = await c.query(
    `with x as (select i, case ${arms.join(' ')} else 0 end as v from bound)
     select count(*)::int as n, sum(a.v)::int as v, sum(b.v)::int as w from x a join x b on a.i = b.i`,
  );
  // Of the names of two characters, three are too short.
  const sum = 1999 * 2000 - 2 * (2 + 5 + 8);
  expect(rows).toEqual([{ n, v: sum, w: sum }]);
  const one = (sql: string, values: unknown[] = []): Promise<pg.QueryResult> => c.query(sql, values);
  const plain = await one(`select count(*)::int as n from bound where ${either.join(' or ')}`);
  const given = await one(
    `select count(*)::int as n from bound where i < $1 and (${either.join(' or ')} or s = $2)`,
    [n * 2, 'v5'],
  );
  const holds = numbers.filter((i) => numbers.slice(0, 2000).some((k) => (i + 1 + k) % 4001 === k % 5)).length;
  expect(plain.rows).toEqual([{ n: holds }]);
  // And the one named v5, which none of them holds for.
  expect(given.rows).toEqual([{ n: holds + 1 }]);
  expect((await one('select count(distinct r)::int as n, sum(d)::int as d from bound')).rows).toEqual([
    { n, d: 7 * n },
  ]);
  await expect(
    one(`insert into bound values ${numbers.map((i) => `(${i} + 1, 'v' || ${i}, nothing, 1)`)}`),
  ).rejects.toThrow('nothing');
});
