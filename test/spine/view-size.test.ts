/**
 * What the optimizer takes system views to hold: never much less than there is, so that joins of what is long leave the
 * leader, whose thread everybody shares.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster } from '../api/built.ts';
import { systemViews } from '../../src/leader/system/registry.ts';

/** Estimates are of the moment before the query, which adds to the logs it reads. */
const FACTOR = 2;
let cluster: Awaited<ReturnType<typeof startCluster>>;
let c: pg.Client;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, slices: 2, memory: true });
  c = new pg.Client({ host: '127.0.0.1', port: cluster.port, user: 'awsuser', database: 'dev' });
  await c.connect();
  const columns = Array.from({ length: 1500 }, (_, i) => `c${i} int default 1`);
  await c.query(`create table wide (${columns})`);
  await c.query('insert into wide values (1)');
  for (let i = 0; i < 150; i++) {
    await c.query(`create table t${i} (i int primary key) distkey(i)`);
    await c.query(`insert into t${i} select ${i} union all select 1`);
    await c.query(`select count(*), ${i} from t${i} a join t${i} b on a.i = b.i group by a.i order by 1`);
  }
}, 120_000);
afterAll(async () => {
  await c?.end();
  await cluster?.close();
});

const planOf = async (query: string): Promise<string> =>
  (await c.query({ text: `explain ${query}`, rowMode: 'array' })).rows.join('\n');

test('no view holds much more than it is taken to', async () => {
  const wrong: string[] = [];
  for (const { schema, name } of systemViews()) {
    const estimate = Number(/rows=(\d+)/.exec(await planOf(`select * from ${schema}.${name}`))![1]);
    const { rows } = await c.query<{ n: number }>(`select count(*)::int as n from ${schema}.${name}`);
    if (rows[0]!.n > estimate * FACTOR) wrong.push(`${name}: ${rows[0]!.n} rows, taken for ${estimate}`);
  }
  expect(wrong).toEqual([]);
}, 120_000);

test('a join of a long log with itself leaves the leader, by keys and without; one of short ones stays', async () => {
  const report = 'svl_query_report a, svl_query_report b';
  expect(await planOf(`select count(*) from ${report}`)).toContain('DS_BCAST_INNER');
  expect(await planOf(`select count(*) from ${report} where a.userid = b.userid`)).toMatch(
    /DS_(BCAST|DIST)_(INNER|BOTH)/,
  );
  const files = 'stl_load_commits a, stl_load_commits b';
  expect(await planOf(`select count(*) from ${files}`)).not.toContain('DS_');
  expect(await planOf(`select count(*) from ${files} where a.query = b.query`)).not.toContain('DS_');
});
