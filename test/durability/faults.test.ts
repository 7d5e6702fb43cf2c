/**
 * A trap, an assertion or any other exception out of running code takes its compute node out of service, and the node comes
 * back on fresh memory: what ran on slices gets one clear error, nothing computed afterwards reaches a client or the disk,
 * sessions live on, and they find exactly what was acknowledged, on disk and under --memory. A clean out-of-memory does none
 * of this; a fault of the leader, or too many of one node, ends the server. Two nodes of two slices in this process, faults
 * raised by a FaultSwitch.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { FaultSwitch, type InjectedFault } from '../../src/common/fault-injection.ts';
import { NODE_RESTARTS_MAX } from '../../src/common/limits.ts';
import { newDirectory } from './server.ts';

interface Running {
  readonly url: string;
  readonly failure: Promise<string>;
  close(): Promise<void>;
}
type Start = (options: { readonly [name: string]: unknown }) => Promise<Running>;
const { startCluster } = (await import(join(import.meta.dirname, '../../dist/index.js'))) as { startCluster: Start };

const LEADER = 4;
const directories: string[] = [];
afterAll(() => {
  for (const path of directories) rmSync(path, { recursive: true, force: true });
});
const connect = async (cluster: Running): Promise<pg.Client> => {
  const client = new pg.Client({ connectionString: cluster.url });
  client.on('error', () => undefined);
  await client.connect();
  return client;
};
interface Failure {
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}
const failure = async (work: Promise<unknown>): Promise<Failure> =>
  work.then(
    () => Promise.reject(new Error('no error came')),
    (error: Failure) => error,
  );
const start = (dataDir: string, faults?: FaultSwitch, memory = false): Promise<Running> =>
  startCluster({
    dataDir,
    memory,
    nodes: 2,
    slices: 2,
    faults,
    onLost: () => undefined,
    onNode: () => undefined,
    onWarning: () => undefined,
  });

async function fill(client: pg.Client): Promise<void> {
  await client.query('create table t (id int, v int, s varchar(60)) diststyle even');
  await client.query('create table u (id int, w int) distkey(id)');
  const rows = Array.from({ length: 400 }, (_, i) => `(${i},${i % 7},'row ${i}')`).join(',');
  await client.query(`insert into t values ${rows}`);
  await client.query('insert into u select id, v from t');
}
/** What a cluster must show after a fault, and nothing else. */
async function contents(cluster: Running): Promise<unknown> {
  const client = await connect(cluster);
  const { rows } = await client.query('select count(*), sum(id), sum(v), count(distinct s) from t');
  const { rows: others } = await client.query('select count(*), sum(w) from u');
  await client.end();
  return [rows, others];
}

interface Case {
  readonly name: string;
  readonly fault: Omit<InjectedFault, 'participant'>;
  readonly sql: string;
  /** The statement ends well: its commit is on disk before the fault, or there was nothing to keep. */
  readonly ends?: 'committed' | 'rolled back';
}
const CASES: readonly Case[] = [
  { name: 'trap in a scan', fault: { at: 'scan', kind: 'trap' }, sql: 'select * from t' },
  { name: 'wild read in a scan', fault: { at: 'scan', kind: 'bounds' }, sql: 'select count(*) from t where v = 3' },
  { name: 'trap in a join', fault: { at: 'hjoin', kind: 'trap' }, sql: 'select * from t a join t b on a.v = b.id' },
  {
    name: 'assertion in a build',
    fault: { at: 'hash', kind: 'assert' },
    sql: 'select * from t a join t b on a.v = b.id',
  },
  {
    name: 'stack overflow in a group',
    fault: { at: 'aggr', kind: 'range' },
    sql: 'select s, sum(v) from t group by s',
  },
  { name: 'trap in an insert', fault: { at: 'insert', kind: 'trap' }, sql: 'insert into t select id, v, s from t' },
  { name: 'bug in a delete', fault: { at: 'delete', kind: 'type' }, sql: 'delete from t where v = 1' },
  { name: 'bug in vacuum', fault: { at: 'vacuum', kind: 'assert' }, sql: 'vacuum full t to 100 percent' },
  {
    name: 'trap while a rollback is undone',
    fault: { at: 'rollback', kind: 'assert' },
    sql: 'begin; delete from t; rollback',
    ends: 'rolled back',
  },
  {
    name: 'trap while a commit is applied',
    fault: { at: 'commit', kind: 'trap' },
    sql: "insert into t values (1000, 0, 'late')",
    ends: 'committed',
  },
];

const nodeStarts = async (client: pg.Client): Promise<unknown> =>
  (await client.query({ text: 'select node, state, starts from slicehouse_nodes order by 1', rowMode: 'array' }))
    .rows;

describe.each([
  ['on disk', false],
  ['in memory', true],
] as const)('a fault takes its node out of service, and the node comes back (%s)', (_, memory) => {
  test.each(sampled(`faults, ${memory}`, CASES, 4))('$name', async ({ fault, sql, ends }) => {
    const dataDir = newDirectory();
    directories.push(dataDir);
    const faults = new FaultSwitch();
    let cluster = await start(dataDir, faults, memory);
    const [a, b, c] = [await connect(cluster), await connect(cluster), await connect(cluster)];
    await fill(a);
    await a.query('create temp table mine (x int)');
    await a.query('insert into mine select id from t');
    await a.query('create table w (x int) diststyle even');
    const before = await contents(cluster);
    // One session has work on every node that is not committed, one waits for its lock, one runs into the fault.
    await b.query('begin');
    await b.query('insert into w select id from t');
    const waiting = c.query('truncate w');
    await new Promise((resolve) => setTimeout(resolve, 100));
    faults.arm({ participant: 3, ...fault });
    if (ends === undefined) {
      const first = await failure(a.query(sql));
      expect(first.code).toBe('57P02');
      expect(first.message).toContain('compute node 1 went out of service');
      expect(first.detail).toMatch(/unreachable|out of bounds|injected/);
      expect(first.hint).toContain('Retry');
    } else await a.query(sql);
    expect(faults.armed).toBe(false);
    await waiting;
    const late = await connect(cluster);
    expect((await late.query('select count(*) n from t')).rows).toEqual([
      { n: ends === 'committed' ? '401' : '400' },
    ]);
    const lost = await failure(b.query('select 1'));
    expect([lost.code, lost.message]).toEqual(['57P02', expect.stringContaining('what the transaction wrote')]);
    expect((await failure(b.query('select 1'))).code).toBe('25P02');
    await b.query('rollback');
    expect((await b.query('select count(*) n from w')).rows).toEqual([{ n: '0' }]);
    expect((await a.query('select count(*) n, sum(x) s from mine')).rows).toEqual([{ n: '400', s: '79800' }]);
    expect(await nodeStarts(a)).toEqual([
      [0, 'up', 1],
      [1, 'up', 2],
    ]);
    if (ends === 'committed') {
      expect((await a.query('select s from t where id = 1000')).rows).toEqual([{ s: 'late' }]);
      await a.query('delete from t where id = 1000');
    }
    expect(await contents(cluster)).toEqual(before);
    await a.query('insert into w select v from t');
    await cluster.close();
    if (memory) return;
    cluster = await start(dataDir);
    expect(await contents(cluster)).toEqual(before);
    const client = await connect(cluster);
    expect((await client.query('select count(*) n from w')).rows).toEqual([{ n: '400' }]);
    await client.end();
    await cluster.close();
  });
});

describe('what ends the server', () => {
  const outOfService = async (cluster: Running, sessions: readonly pg.Client[], node: string): Promise<void> => {
    for (const session of [...sessions, await connect(cluster)]) {
      for (const text of ['select count(*) from u', 'insert into u values (1,1)', 'create table n (x int)']) {
        const error = await failure(session.query(text));
        expect([error.code, error.message]).toEqual(['57P02', expect.stringContaining(node)]);
      }
    }
    expect(await cluster.failure).toContain('out of service');
  };
  test('a trap on the leader', async () => {
    const dataDir = newDirectory();
    directories.push(dataDir);
    const faults = new FaultSwitch();
    let cluster = await start(dataDir, faults);
    const [a, b] = [await connect(cluster), await connect(cluster)];
    await fill(a);
    const before = await contents(cluster);
    await b.query('begin');
    await b.query('insert into u values (5000, 5000)');
    const waiting = failure(a.query('truncate u'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    faults.arm({ participant: LEADER, at: 'rows', kind: 'trap' });
    const c = await connect(cluster);
    const first = await failure(c.query('select * from stv_slices'));
    expect([first.code, first.message]).toEqual(['57P02', expect.stringContaining('the leader node')]);
    expect(first.hint).toContain('retry');
    expect((await waiting).code).toBe('57P02');
    expect((await failure(b.query('commit'))).code).toBe('57P02');
    await outOfService(cluster, [a, b, c], 'the leader node');
    await cluster.close();
    cluster = await start(dataDir);
    expect(await contents(cluster)).toEqual(before);
    await cluster.close();
  });

  test('a node that goes down too often', async () => {
    const dataDir = newDirectory();
    directories.push(dataDir);
    const faults = new FaultSwitch();
    let cluster = await start(dataDir, faults);
    const a = await connect(cluster);
    await fill(a);
    const before = await contents(cluster);
    for (let n = 0; n < NODE_RESTARTS_MAX; n++) {
      faults.arm({ participant: 1, at: 'scan', kind: 'trap' });
      expect((await failure(a.query('select * from t'))).message).toContain(
        'went out of service and is started anew',
      );
      expect(await contents(cluster)).toEqual(before);
    }
    faults.arm({ participant: 1, at: 'scan', kind: 'trap' });
    const last = await failure(a.query('select * from t'));
    expect(last.code).toBe('57P02');
    await outOfService(cluster, [a], 'compute node 0');
    await cluster.close();
    cluster = await start(dataDir);
    expect(await contents(cluster)).toEqual(before);
    await cluster.close();
  });
});

describe('checkpoints', () => {
  test('a fault during a checkpoint leaves the older one, and the log', async () => {
    const dataDir = newDirectory();
    directories.push(dataDir);
    const faults = new FaultSwitch();
    let cluster = await start(dataDir, faults);
    const client = await connect(cluster);
    await fill(client);
    const before = await contents(cluster);
    await client.end();
    faults.arm({ participant: 2, at: 'checkpoint', kind: 'assert' });
    await cluster.close();
    expect(faults.armed).toBe(false);
    cluster = await start(dataDir);
    expect(await contents(cluster)).toEqual(before);
    await cluster.close();
  });
});

test('a query that needs more than its memory ends with 53200, and the slice works on', async () => {
  let lost = false;
  const cluster = await startCluster({
    nodes: 1,
    slices: 2,
    nodeMemory: 64,
    largeStrings: true,
    onLost: () => (lost = true),
  });
  const client = await connect(cluster);
  await client.query('create table big (x int, s varchar(500)) diststyle even');
  await client.query(
    `insert into big values ${Array.from({ length: 500 }, (_, i) => `(${i},'${'y'.repeat(400)}${i}')`).join(',')}`,
  );
  for (let n = 0; n < 2; n++) {
    const error = await failure(
      // Three texts of one row are more than the slice has, and no row can be put aside in the middle.
      client.query(
        "select max(len(greatest(repeat(s, 30000), repeat(s || 'a', 30000), repeat('b' || s, 30000)))) from big",
      ),
    );
    expect(error.code).toBe('53200');
    expect((await client.query('select count(*), count(distinct s) c from big')).rows).toEqual([
      { count: '500', c: '500' },
    ]);
  }
  expect(lost).toBe(false);
  await client.end();
  await cluster.close();
});
