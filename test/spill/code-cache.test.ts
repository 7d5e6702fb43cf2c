/**
 * A code cache smaller than one statement's modules: parts of segments whose tables are on disk come whole, cancel and the
 * end of a node in between leave nothing behind, and no thread keeps more modules than the cache.
 */
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
vi.hoisted(() => (process.env['SLICEHOUSE_CODE_CACHE_BYTES'] = '3000'));
import { Executor } from '../../src/execution/executor.ts';
import { startCluster } from '../../src/index.ts';
import { CodeCache } from '../../src/leader/compiler/code-cache.ts';
import { Cluster } from '../../src/leader/scheduler/cluster.ts';
import { rowsOf } from './testing.ts';

const caches = vi.spyOn(CodeCache.prototype, 'hold');
const clusters = vi.spyOn(Cluster.prototype, 'giveModule');
const executors = vi.spyOn(Executor.prototype, 'addModule');
let cluster: Awaited<ReturnType<typeof startCluster>>;
let client: pg.Client;

beforeAll(async () => {
  cluster = await startCluster({
    nodes: 2,
    slices: 2,
    memory: true,
    testing: { spillRows: 3 },
    onNode: () => undefined,
  });
  client = await connect();
  await client.query('create table t(a int, b int, s varchar(20)) distkey(a)');
  await client.query('create table u(a int, b int) diststyle even');
  const values = Array.from({ length: 60 }, (_, i) => `(${i}, ${i % 7}, 'text ${i % 11}')`);
  await client.query(`insert into t values ${values.join()}`);
  await client.query('insert into u select b, a from t');
  await client.query('select count(*) from pg_class');
}, 60_000);
afterAll(async () => {
  await client?.end();
  await cluster?.close();
  delete process.env['SLICEHOUSE_CODE_CACHE_BYTES'];
});
beforeEach(() => client.query('set enable_result_cache_for_session to off'));
async function connect(): Promise<pg.Client> {
  const made = new pg.Client({ connectionString: cluster.url });
  made.on('error', () => undefined);
  await made.connect();
  return made;
}

const JOIN = `select t.s, count(*), sum(u.b), count(w.a) from t join u on t.b = u.a
  left join t w on w.a < u.b - 50 and w.b > t.b group by t.s order by t.s`;
const cache = (): CodeCache => caches.mock.contexts[0] as CodeCache;
/** Modules that the cache keeps, and every thread. */
async function kept(): Promise<{ readonly cache: number; readonly threads: readonly number[] }> {
  const [nodes] = clusters.mock.contexts as Cluster[];
  const [leader] = executors.mock.contexts as Executor[];
  const slices = await nodes!.requestAll({ kind: 'progress' });
  return { cache: cache().kept.modules, threads: [...slices.map((s) => s.modules), leader!.moduleCount] };
}
async function nothingLeft(): Promise<void> {
  const { cache: most, threads } = await kept();
  expect(most).toBeLessThan(4);
  for (const modules of threads) expect(modules).toBeLessThanOrEqual(most);
}

test('a join in parts that weigh more than the cache, again and again', async () => {
  const first = await rowsOf(client, JOIN);
  expect(first).toHaveLength(11);
  for (let i = 0; i < 20; i++) expect(await rowsOf(client, JOIN)).toEqual(first);
  await nothingLeft();
  const nodes = await rowsOf(client, "select count(*) from slicehouse_nodes where state = 'up' and starts = 1");
  expect(nodes).toEqual([['2']]);
});

test('several at once', async () => {
  const clients = await Promise.all([1, 2, 3].map(connect));
  const want = await rowsOf(client, JOIN);
  const queries = clients.flatMap((c, k) =>
    Array.from({ length: 5 }, (_, i) => rowsOf(c, i % 2 === 0 ? JOIN : JOIN.replace('50', `${50 + k} + ${k}`))),
  );
  for (const [i, got] of (await Promise.all(queries)).entries()) if (i < 5 && i % 2 === 0) expect(got).toEqual(want);
  await Promise.all(clients.map((c) => c.end()));
  await nothingLeft();
});

test('queries that are cancelled, or fail, while their parts are made', async () => {
  const other = await connect();
  const { processID } = other as unknown as { readonly processID: number };
  const codes = new Set<string>();
  for (let i = 0; i < 20; i++) {
    const failing = JOIN.replace('sum(u.b)', `sum(u.b / (t.a - ${i}))`);
    const query = other.query(i % 4 === 3 ? failing : JOIN).then(
      () => 'done',
      (e: { readonly code: string }) => e.code,
    );
    for (let k = 0; k < i % 7; k++) await new Promise((resolve) => setImmediate(resolve));
    if (i % 4 !== 3) await client.query(`select pg_cancel_backend(${processID})`);
    codes.add(await query);
  }
  await other.end();
  expect([...codes].every((c) => ['done', '57014', '22012'].includes(c))).toBe(true);
  await rowsOf(client, JOIN);
  await nothingLeft();
});

test('a node that ends under them', async () => {
  const want = await rowsOf(client, JOIN);
  const other = await connect();
  const query = other.query(JOIN).catch((e: { readonly code: string }) => e.code);
  await client.query('select slicehouse_kill_node(1)');
  await query;
  expect(await rowsOf(client, JOIN)).toEqual(want);
  await other.end();
  await nothingLeft();
});
