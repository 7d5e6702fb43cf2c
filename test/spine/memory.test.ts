/**
 * Node memory comes back: in a node so small that a few lost hash tables would fill it, queries that fail or are
 * cancelled with their tables full, and clients that leave in the middle of a result, cost nothing in the long run.
 */
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster } from '../api/built.ts';

const ROWS = 32_768;
const ROUNDS = 12;
let cluster: Awaited<ReturnType<typeof startCluster>>;
const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({ host: '127.0.0.1', port: cluster.port, user: 'awsuser', database: 'dev' });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};
/** Builds a hash table of all rows on both slices, several MB each. */
const large = (select: string): string => `select ${select} from t a join (select id, k, pad from t) b on a.k = b.id`;

beforeAll(async () => {
  cluster = await startCluster({ nodes: 1, slices: 2, nodeMemory: 64, largeStrings: true });
  const c = await connect();
  await c.query('create table t(id int, k int, pad varchar(120)) diststyle even');
  await c.query(
    `insert into t values ${Array.from({ length: 1024 }, (_, i) => `(${i}, 0, '${'x'.repeat(100)}')`).join(',')}`,
  );
  for (let n = 1024; n < ROWS; n *= 2) await c.query(`insert into t select id + ${n}, 0, pad from t`);
  await c.query(`update t set k = (id * 7919) % ${ROWS}`);
  await c.end();
}, 60_000);
afterAll(async () => {
  await cluster?.close();
});

const stillWorks = async (): Promise<void> => {
  const c = await connect();
  const { rows } = await c.query(large('count(*) n, sum(len(b.pad)) s'));
  expect(rows[0]).toEqual({ n: String(ROWS), s: String(ROWS * 100) });
  await c.end();
};

test('queries that fail', async () => {
  const c = await connect();
  for (let i = 0; i < ROUNDS; i++)
    await expect(c.query(large('sum(1 / (b.id - 12345)), max(b.pad)'))).rejects.toMatchObject({ code: '22012' });
  await c.end();
  await stillWorks();
}, 60_000);

test('queries that run out of memory', async () => {
  const c = await connect();
  for (let i = 0; i < ROUNDS; i++) {
    // With the join's table full: three texts of one row are more than the slice has.
    await expect(
      c.query(
        large(
          'max(len(greatest(repeat(a.pad, 120000), repeat(b.pad || a.id, 110000), repeat(b.id || a.pad, 110000))))',
        ),
      ),
    ).rejects.toMatchObject({ code: '53200' });
  }
  await c.end();
  await stillWorks();
}, 60_000);

test('queries that are cancelled', async () => {
  const c = await connect();
  const {
    rows: [{ pid }],
  } = await c.query('select pg_backend_pid() as pid');
  const other = await connect();
  for (let i = 0; i < ROUNDS; i++) {
    const exploding = c.query(`${large('count(*)')} join t d on d.id + b.id < 0 and d.pad <> b.pad`).then(
      () => 'finished',
      (e: { code: string }) => e.code,
    );
    await new Promise((r) => setTimeout(r, 60));
    await other.query(`select pg_cancel_backend(${pid})`);
    expect(await exploding).toBe('57014');
  }
  await other.end();
  await c.end();
  await stillWorks();
}, 60_000);

test('clients that leave in the middle of a result', async () => {
  for (let i = 0; i < ROUNDS; i++) {
    const c = await connect();
    const { stream } = (c as unknown as { connection: { stream: import('node:net').Socket } }).connection;
    c.query(`${large('a.*, b.*')}`).catch(() => undefined);
    await new Promise((r) => stream.once('data', r));
    stream.destroy();
  }
  await stillWorks();
}, 60_000);

test('a cluster that others could reach without a password is refused', async () => {
  await expect(startCluster({ host: '0.0.0.0' })).rejects.toMatchObject({ sqlstate: '22023' });
});
