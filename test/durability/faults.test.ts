/**
 * A trap, an assertion or any other exception out of running code takes its node out of service: every session gets one
 * clear error, nothing computed afterwards reaches a client or the disk, and a new start finds exactly what was
 * acknowledged. A clean out-of-memory does none of this. Two nodes of two slices in this process, faults raised by a
 * FaultSwitch.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, describe, expect, test } from 'vitest';
import { FaultSwitch, type InjectedFault } from '../../src/common/fault-injection.ts';
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
const start = (dataDir: string, faults?: FaultSwitch): Promise<Running> =>
  startCluster({ dataDir, nodes: 2, slices: 2, faults, onLost: () => undefined });

async function fill(client: pg.Client): Promise<void> {
  await client.query('create table t (id int, v int, s varchar(60)) diststyle even');
  await client.query('create table u (id int, w int) distkey(id)');
  const rows = Array.from({ length: 400 }, (_, i) => `(${i},${i % 7},'row ${i}')`).join(',');
  await client.query(`insert into t values ${rows}`);
  await client.query('insert into u select id, v from t');
}
/** What a restarted cluster must show, and nothing else. */
async function contents(cluster: Running): Promise<unknown> {
  const client = await connect(cluster);
  const { rows } = await client.query('select count(*), sum(id), sum(v), count(distinct s) from t');
  const { rows: others } = await client.query('select count(*), sum(w) from u');
  await client.end();
  return [rows, others];
}

interface Case {
  readonly name: string;
  readonly fault: Omit<InjectedFault, 'participant'> & { readonly participant?: number };
  readonly sql: string;
  /** The statement's own COMMIT record is on disk before the fault. */
  readonly committed?: boolean;
  /** The statement itself ends well: there is nothing left that a rollback could fail to forget. */
  readonly quiet?: boolean;
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
    quiet: true,
  },
  {
    name: 'trap while a commit is applied',
    fault: { at: 'commit', kind: 'trap' },
    sql: "insert into t values (1000, 0, 'late')",
    committed: true,
  },
  {
    name: 'trap on the leader',
    fault: { at: 'rows', kind: 'trap', participant: LEADER },
    sql: 'select * from stv_slices',
  },
];

describe('a fault takes its node out of service', () => {
  test.each(CASES)('$name', async ({ fault, sql, committed, quiet }) => {
    const dataDir = newDirectory();
    directories.push(dataDir);
    const faults = new FaultSwitch();
    let cluster = await start(dataDir, faults);
    const [a, b, c] = [await connect(cluster), await connect(cluster), await connect(cluster)];
    await fill(a);
    const before = await contents(cluster);
    // One session has work that is not committed, one waits for its lock, one runs into the fault.
    await b.query('begin');
    await b.query('insert into u values (5000, 5000)');
    const waiting = failure(c.query('truncate u'));
    await new Promise((resolve) => setTimeout(resolve, 100));
    faults.arm({ participant: 3, ...fault });
    const first = await failure(quiet === true ? a.query(sql).then(() => a.query('select 1')) : a.query(sql));
    expect(faults.armed).toBe(false);
    expect(first.code).toBe('57P02');
    expect(first.message).toContain(fault.participant === LEADER ? 'the leader node' : 'compute node 1');
    expect(first.message).toContain('out of service');
    expect(first.detail).toMatch(/unreachable|out of bounds|injected/);
    expect(first.hint).toContain(committed ? 'Do not repeat' : 'retry');
    expect((await waiting).code).toBe('57P02');
    expect((await failure(b.query('commit'))).code).toBe('57P02');
    const late = await connect(cluster);
    for (const text of ['select count(*) from u', 'insert into u values (1,1)', 'create table n (x int)']) {
      expect((await failure(late.query(text))).code).toBe('57P02');
    }
    expect(await cluster.failure).toContain('out of service');
    await cluster.close();
    cluster = await start(dataDir);
    const after = await contents(cluster);
    if (committed === true) {
      const client = await connect(cluster);
      expect((await client.query('select s from t where id = 1000')).rows).toEqual([{ s: 'late' }]);
      await client.query('delete from t where id = 1000');
      await client.end();
      expect(await contents(cluster)).toEqual(before);
    } else expect(after).toEqual(before);
    await cluster.close();
  });

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
    expect(await cluster.failure).toContain('compute node 1');
    cluster = await start(dataDir);
    expect(await contents(cluster)).toEqual(before);
    await cluster.close();
  });

  test('without a data directory the client is told that the data is lost', async () => {
    const faults = new FaultSwitch();
    const cluster = await startCluster({ nodes: 1, slices: 1, faults, onLost: () => undefined });
    const client = await connect(cluster);
    await client.query('create table m (x int)');
    faults.arm({ participant: 0, at: 'insert', kind: 'trap' });
    const error = await failure(client.query('insert into m values (1)'));
    expect(error.code).toBe('57P02');
    expect(error.hint).toContain('is lost');
    await cluster.close();
  });
});

test('a query that needs more than its memory ends with 53200, and the slice works on', async () => {
  let lost = false;
  const cluster = await startCluster({ nodes: 1, slices: 2, nodeMemory: 64, onLost: () => (lost = true) });
  const client = await connect(cluster);
  await client.query('create table big (x int, s varchar(500)) diststyle even');
  await client.query(
    `insert into big values ${Array.from({ length: 500 }, (_, i) => `(${i},'${'y'.repeat(400)}${i}')`).join(',')}`,
  );
  for (let n = 0; n < 2; n++) {
    const error = await failure(
      client.query('select a.x, b.x, c.x, count(*) from big a cross join big b cross join big c group by 1, 2, 3'),
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
