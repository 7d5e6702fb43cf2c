/**
 * Slices and nodes stopped on purpose while statements of every kind run, on clusters of one, two and eight slices, on disk
 * and in memory, two of which a run takes (common/test-trials.ts): each statement ends well or with 57P02 and has then done nothing; sessions, temporary tables and committed
 * rows stay. And who may stop them.
 */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, afterEach, expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { Prng } from '../../src/common/prng.ts';
import { newDirectory } from './server.ts';

interface Running {
  readonly url: string;
  readonly s3Root: string;
  close(): Promise<void>;
}
type Start = (options: { readonly [name: string]: unknown }) => Promise<Running>;
const { startCluster } = (await import(join(import.meta.dirname, '../../dist/index.js'))) as { startCluster: Start };

const directories: string[] = [];
afterAll(() => {
  for (const path of directories) rmSync(path, { recursive: true, force: true });
});
let cluster: Running;
afterEach(() => cluster.close());
async function start(memory: boolean, nodes: number, slices: number): Promise<void> {
  const dataDir = newDirectory();
  directories.push(dataDir);
  cluster = await startCluster({ dataDir, memory, nodes, slices, onNode: () => undefined });
}
async function connect(user?: string): Promise<pg.Client> {
  const url = user === undefined ? cluster.url : cluster.url.replace(/\/\/[^@]*@/, `//${user}@`);
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
const row = async (client: pg.Client, sql: string): Promise<unknown> =>
  (await client.query({ text: sql, rowMode: 'array' })).rows[0] as unknown;
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => '',
    (error: { readonly code: string }) => error.code,
  );

/** Statements by what they make of `t`'s rows and of the sum of its ids, n0 and s0 before. */
type Work = readonly [sql: string, after: (n: number, s: number) => readonly [number, number]];
const same = (n: number, s: number): readonly [number, number] => [n, s];
const WORKS: readonly Work[] = [
  ['select count(*), sum(a.id) from t a join t b on a.id = b.v + 1 group by a.s', same],
  ['select * from t order by s, id', same],
  ['insert into t select -id, v, s from t where id > 1000', (n, s) => [n + 1000, s - 1_500_500]],
  ["insert into t values (0, 7, 'small')", (n, s) => [n + 1, s]],
  ['update t set v = v + 1 where id % 3 = 0', same],
  ['vacuum full t to 100 percent', same],
  ["copy t from 's3://load/rows.txt' iam_role default", (n, s) => [n + 2000, s]],
  ['analyze t', same],
];

const TOPOLOGIES: readonly (readonly [number, number, boolean])[] = [
  [1, 1, false],
  [1, 1, true],
  [2, 2, false],
  [2, 2, true],
  [2, 4, false],
  [2, 4, true],
];
test.each(sampled('restarts of nodes', TOPOLOGIES, 2))('%ix%i, in memory: %s', async (nodes, slices, memory) => {
  await start(memory, nodes, slices);
  const random = new Prng(nodes * 100 + slices * 10 + Number(memory));
  mkdirSync(join(cluster.s3Root, 'load'), { recursive: true });
  const lines = Array.from({ length: 2000 }, (_, i) => `0|${i}|copied ${i}\n`).join('');
  writeFileSync(join(cluster.s3Root, 'load/rows.txt'), lines);
  const [worker, killer] = [await connect(), await connect()];
  await worker.query('create table t (id int, v int, s varchar(100)) diststyle even sortkey(id)');
  await worker.query('create table copies (id int, s varchar(20)) diststyle all');
  await worker.query('create temp table mine (x int)');
  const values = Array.from({ length: 2000 }, (_, i) => `(${i + 1},${i},'row ${i} ${'x'.repeat(60)}')`).join(',');
  await worker.query(`insert into t values ${values}`);
  await worker.query('insert into copies select id, left(s, 20) from t where id <= 300');
  await worker.query('insert into mine select id from t where id <= 100');
  let expected: readonly [number, number] = [2000, 2_001_000];
  const ends = new Set<string>();
  for (let turn = 0; turn < 3 * WORKS.length; turn++) {
    const [sql, after] = WORKS[turn % WORKS.length]!;
    const work = codeOf(worker.query(sql));
    await new Promise((resolve) => setTimeout(resolve, random.int(0, turn < WORKS.length ? 3 : 40)));
    const kill =
      random.int(0, 1) === 0 ? `slice(${random.int(0, nodes * slices - 1)})` : `node(${random.int(0, nodes - 1)})`;
    const [code] = await Promise.all([work, killer.query(`select slicehouse_kill_${kill}`)]);
    expect(['', '57P02'], sql).toContain(code);
    ends.add(code);
    if (code === '') expected = after(...expected);
    const found = (await row(worker, 'select count(*), sum(id) from t')) as string[];
    expect(found.map(Number), `${sql}: ${code}`).toEqual([...expected]);
  }
  expect([...ends]).toContain('57P02');
  expect(await row(worker, 'select count(*), sum(x) from mine')).toEqual(['100', '5050']);
  expect(await row(killer, 'select count(*) from copies c join t on t.id = c.id where t.v < 0')).toEqual(['0']);
  expect(await row(killer, 'select count(*), count(distinct s) from copies')).toEqual(['300', '300']);
  expect(await row(killer, "select count(*) from slicehouse_nodes where state = 'up'")).toEqual([`${nodes}`]);
});

test('a transaction that wrote on the node is rolled back and lets go of its locks; readers go on', async () => {
  await start(false, 2, 1);
  const [a, b, c] = [await connect(), await connect(), await connect()];
  await a.query('create table t (x int) diststyle even');
  await a.query('insert into t values (1),(2),(3),(4)');
  await b.query('begin');
  expect(await row(b, 'select count(*) from t')).toEqual(['4']);
  await a.query('begin');
  await a.query('insert into t values (5),(6),(7),(8)');
  const waiting = c.query('insert into t values (9)');
  await b.query('select slicehouse_kill_node(1)');
  await waiting;
  expect(await row(b, 'select count(*) from t')).toEqual(['4']);
  await b.query('commit');
  expect(await codeOf(a.query('insert into t values (10)'))).toBe('57P02');
  expect(await codeOf(a.query('insert into t values (10)'))).toBe('25P02');
  await a.query('commit');
  expect(await row(a, 'select count(*), sum(x) from t')).toEqual(['5', '19']);
});

test('REBOOT_CLUSTER starts every node anew; connections and what was committed stay', async () => {
  await start(true, 2, 2);
  const [a, b] = [await connect(), await connect()];
  await a.query('create table t (x int) diststyle even; insert into t values (1),(2),(3),(4)');
  await a.query("create user pupil password 'Pupil1234'");
  await a.query('begin');
  await a.query('insert into t values (5),(6),(7),(8)');
  await b.query('select reboot_cluster()');
  expect(await row(b, 'select count(*) from t')).toEqual(['4']);
  expect(await row(b, 'select min(starts)::int, max(starts)::int from slicehouse_nodes')).toEqual([2, 2]);
  expect(await codeOf(a.query('insert into t values (9)'))).toBe('57P02');
  await a.query('rollback');
  await a.query('set session authorization pupil');
  expect(await codeOf(a.query('select reboot_cluster()'))).toBe('42501');
});

test('an open cursor ends with its node, and a transaction in the extended protocol too', async () => {
  await start(true, 2, 2);
  const [a, b] = [await connect(), await connect()];
  await a.query('create table t (x int) diststyle even');
  await a.query(`insert into t values ${Array.from({ length: 500 }, (_, i) => `(${i})`).join(',')}`);
  await a.query('insert into t select a.x from t a cross join t b');
  await a.query('begin');
  await a.query('declare c cursor for select * from t');
  await a.query('fetch 10 from c');
  await b.query('select slicehouse_kill_slice(3)');
  const code = await (async () => {
    for (;;) {
      const got = await codeOf(a.query('fetch 100000 from c'));
      if (got !== '') return got;
    }
  })();
  expect(code).toBe('57P02');
  await a.query('rollback');
  expect(await row(a, 'select count(*) from t')).toEqual(['250500']);
});

test('only superusers may stop slices and nodes, and only those that are there', async () => {
  await start(true, 1, 2);
  const admin = await connect();
  await admin.query("create user someone password 'Passw0rd1'");
  const someone = await connect('someone:Passw0rd1');
  for (const what of ['slice', 'node']) {
    expect(await codeOf(someone.query(`select slicehouse_kill_${what}(0)`))).toBe('42501');
    for (const number of [-1, 2]) {
      expect(await codeOf(admin.query(`select slicehouse_kill_${what}(${number})`))).toBe('22023');
    }
  }
  expect(await codeOf(admin.query('select slicehouse_kill_slice(null)'))).toBe('');
  expect(await row(someone, 'select node, state, starts, last_cause from slicehouse_nodes')).toEqual([
    0,
    'up',
    1,
    '',
  ]);
  await admin.query('select slicehouse_kill_slice(1)');
  expect(await row(someone, 'select count(*) from pg_class where relname = $$none$$')).toEqual(['0']);
  await admin.query('create table t (x int)');
  await admin.query('insert into t values (1)');
  expect(await row(someone, 'select state, starts, last_cause from slicehouse_nodes')).toEqual([
    'up',
    2,
    'slice 1 was stopped on request',
  ]);
  expect(await row(admin, "select count(*) from stl_error where error like '%stopped on request%'")).toEqual(['1']);
});
