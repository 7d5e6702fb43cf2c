/**
 * The spine: one query through everything, under hard conditions. Two nodes of two slices, joins that move both sides
 * through tiny rings in tiny batches, cancel in the middle of an exploding join, eight sessions at once, restart.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

// Before anything loads the limits: batches of 7 rows, rings of 64 bytes.
process.env['SLICEHOUSE_BATCH_ROWS'] = '7';
process.env['SLICEHOUSE_RING_BYTES'] = '64';
const { startCluster } = await import('../api/built.ts');
type Running = Awaited<ReturnType<typeof startCluster>>;

const ROWS = 2000;
let cluster: Running;
const dataDir = mkdtempSync(join(tmpdir(), 'slicehouse-spine-'));
const start = (): Promise<Running> => startCluster({ nodes: 2, slices: 2, dataDir });
const connect = async (): Promise<pg.Client> => {
  const client = new pg.Client({ host: '127.0.0.1', port: cluster.port, user: 'awsuser', database: 'dev' });
  await client.connect();
  return client;
};

beforeAll(async () => {
  cluster = await start();
  const c = await connect();
  await c.query('create table l(id int, k int, pad varchar(100)) diststyle even');
  await c.query('create table r(id int, k int, pad varchar(100)) diststyle even');
  const rows = Array.from(
    { length: ROWS },
    (_, i) => `(${i}, ${(i * 7919) % ROWS}, 'row ${i} ${'x'.repeat(i % 60)}')`,
  );
  await c.query(`insert into l values ${rows.join(',')}`);
  await c.query(`insert into r select id, k, pad from l`);
  await c.end();
}, 60_000);
afterAll(async () => {
  await cluster?.close();
  rmSync(dataDir, { recursive: true, force: true });
});

describe('exchange', () => {
  test('a join that moves both sides gives every row once, through rings smaller than a row', async () => {
    const c = await connect();
    const plan = await c.query('explain select count(*) from l join r on l.k = r.id');
    expect(plan.rows.map((x) => x['QUERY PLAN']).join('\n')).toContain('DS_DIST_BOTH');
    const { rows } = await c.query(
      'select count(*) n, sum(l.id) s, sum(length(r.pad)) p, count(distinct r.id) d from l join r on l.k = r.id',
    );
    const sum = (ROWS * (ROWS - 1)) / 2;
    const pads = Array.from({ length: ROWS }, (_, i) => `row ${i} ${'x'.repeat(i % 60)}`.trimEnd().length).reduce(
      (a, b) => a + b,
    );
    expect(rows[0]).toMatchObject({ n: String(ROWS), s: String(sum), d: String(ROWS) });
    expect(Math.abs(Number(rows[0].p) - pads)).toBeLessThanOrEqual(ROWS);
    await c.end();
  }, 60_000);

  test('outer, semi and anti joins agree with plain arithmetic', async () => {
    const c = await connect();
    const one = async (sql: string): Promise<string> => Object.values((await c.query(sql)).rows[0])[0] as string;
    expect(await one('select count(*) from l left join r on l.id = r.id and r.id < 100')).toBe(String(ROWS));
    expect(await one('select count(r.id) from l left join r on l.id = r.id and r.id < 100')).toBe('100');
    expect(
      await one(
        `select count(*) from (select * from l where id < 500) a full join (select * from r where id >= 300) b on a.id = b.id`,
      ),
    ).toBe(String(ROWS));
    expect(await one('select count(*) from l where k in (select id from r where id < 50)')).toBe('50');
    expect(await one('select count(*) from l where k not in (select id from r where id < 50)')).toBe(
      String(ROWS - 50),
    );
    await c.end();
  }, 60_000);

  test('ORDER BY merges the slices and LIMIT cuts', async () => {
    const c = await connect();
    const { rows } = await c.query('select id, pad from l order by pad desc, id limit 25 offset 5');
    const expected = Array.from({ length: ROWS }, (_, i) => ({ id: i, pad: `row ${i} ${'x'.repeat(i % 60)}` }))
      .sort((a, b) => (a.pad < b.pad ? 1 : a.pad > b.pad ? -1 : a.id - b.id))
      .slice(5, 30);
    expect(rows.map((r) => r.id)).toEqual(expected.map((e) => e.id));
    await c.end();
  }, 60_000);

  test('a LIMIT that is satisfied early leaves no sender waiting', async () => {
    const c = await connect();
    const joined = 'select l.id, l.pad p, r.pad q from l join r on l.k = r.id';
    const count = async (sql: string): Promise<number> =>
      Number((await c.query(`select count(*) n from (${sql}) x`)).rows[0].n);
    expect(await count(`${joined} limit 10`)).toBe(10);
    expect(await count(`select distinct p from (${joined} limit 3) y`)).toBeLessThanOrEqual(3);
    expect((await c.query(`${joined} limit 4`)).rows).toHaveLength(4);
    expect((await c.query('select id from l where id in (select id from r limit 5)')).rows).toHaveLength(5);
    expect(await count(joined)).toBe(ROWS);
    await c.end();
  }, 60_000);
});

describe('sessions', () => {
  test('cancel stops an exploding join and the session lives on', async () => {
    const c = await connect();
    const other = await connect();
    const {
      rows: [{ pid }],
    } = await c.query('select pg_backend_pid() as pid');
    const exploding = c.query('select count(*) from l a, l b, l c2 where a.id + b.id + c2.id < 0').then(
      () => 'finished',
      (e: { code: string }) => e.code,
    );
    await new Promise((r) => setTimeout(r, 200));
    await other.query(`select pg_cancel_backend(${pid})`);
    expect(await exploding).toBe('57014');
    expect((await c.query('select count(*) n from l')).rows[0].n).toBe(String(ROWS));
    await c.end();
    await other.end();
  }, 60_000);

  test('eight sessions at once get right answers', async () => {
    const clients = await Promise.all(Array.from({ length: 8 }, connect));
    const answers = await Promise.all(
      clients.map((c, i) => c.query(`select count(*) n from l join r on l.k = r.id where l.id % 8 = ${i}`)),
    );
    expect(answers.map((a) => Number(a.rows[0].n))).toEqual(Array(8).fill(ROWS / 8));
    await Promise.all(clients.map((c) => c.end()));
  }, 60_000);
});

test('everything committed is there after a restart', async () => {
  const c = await connect();
  await c.query('create table kept as select id, pad from l where id % 10 = 0');
  await c.end();
  await cluster.close();
  cluster = await start();
  const again = await connect();
  expect((await again.query('select count(*) n, max(id) m from kept')).rows[0]).toEqual({
    n: String(ROWS / 10),
    m: ROWS - 10,
  });
  expect((await again.query('select count(*) n from l join r on l.k = r.id')).rows[0].n).toBe(String(ROWS));
  await again.end();
}, 60_000);
