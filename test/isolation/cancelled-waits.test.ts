/**
 * A statement of any kind that waits for a lock ends at once when it is cancelled, times out, is terminated or loses its
 * client, and those who waited behind it go on.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type pg from 'pg';
import { startTestCluster, type TestCluster } from './cluster.ts';
import { connect, isWaiting, outcome, pidOf, until } from './waits.ts';

/** Every kind of statement that takes a table lock; t is locked by somebody else. */
const STATEMENTS: readonly string[] = [
  'select * from t',
  'select * from v',
  'with c as (select * from t) select * from c',
  'select 1 where exists (select * from t)',
  'insert into t values (1)',
  'insert into other select * from t',
  'update t set x = 2',
  'update other set x = 2 from t where t.x = other.x',
  'delete from t',
  'delete from other using t where t.x = other.x',
  "copy t from 's3://bucket/none' credentials 'aws_access_key_id=a;aws_secret_access_key=b'",
  "unload ('select * from t') to 's3://bucket/out' credentials 'aws_access_key_id=a;aws_secret_access_key=b'",
  'create table made as select * from t',
  'select * into made from t',
  'create view w as select * from t',
  'create materialized view mw as select * from t',
  'refresh materialized view m',
  'truncate t',
  'alter table t add column y int',
  'alter table t rename to renamed',
  'alter table t append from other',
  'drop table t cascade',
  'drop table other, t cascade',
  'drop schema s cascade',
  'lock t',
  'vacuum t',
  'analyze t',
  'analyze compression t',
  'grant select on t to public',
  'revoke select on t from public',
  "comment on table t is 'x'",
  'explain select * from t',
  'explain insert into t values (1)',
  'begin; declare c cursor for select * from t',
  'execute selecting',
  'execute inserting(1)',
];

type End = 'cancel' | 'statement_timeout' | 'terminate' | 'disconnect';
const ENDS: Readonly<Record<End, string>> = {
  cancel: '57014',
  statement_timeout: '57014',
  terminate: '57P01',
  disconnect: 'closed',
};

describe('a waiting statement', () => {
  let cluster: TestCluster;
  let observer: pg.Client;
  let blocker: pg.Client;
  beforeAll(async () => {
    cluster = await startTestCluster({ nodes: 1, slices: 2 });
    observer = await connect(cluster.url);
    blocker = await connect(cluster.url);
    await blocker.query(`create table t (x int); create table other (x int); create view v as select * from t;
      create schema s; create table s.inner_t (x int); create materialized view m as select * from t;
      insert into t values (1)`);
    await blocker.query('begin; lock t; lock s.inner_t');
  });
  afterAll(async () => {
    await Promise.all([observer.end(), blocker.end()]);
    await cluster.close();
  });

  const victim = async (sql: string): Promise<pg.Client> => {
    const client = await connect(cluster.url);
    // PREPARE takes no lock; EXECUTE does.
    if (sql.startsWith('execute')) {
      await client.query('prepare selecting as select * from t; prepare inserting(int) as insert into t values ($1)');
    }
    return client;
  };

  for (const end of Object.keys(ENDS) as End[]) {
    it(`hears ${end}, whatever its kind`, { timeout: 120_000 }, async () => {
      const got: string[] = [];
      for (const sql of STATEMENTS) {
        const client = await victim(sql);
        const pid = pidOf(client);
        if (end === 'statement_timeout') await client.query('set statement_timeout to 30');
        const ended = outcome(client.query(sql));
        if (end !== 'statement_timeout') await Promise.race([until(() => isWaiting(observer, pid)), ended]);
        if (end === 'cancel') await observer.query(`select pg_cancel_backend(${pid})`);
        if (end === 'terminate') await observer.query(`select pg_terminate_backend(${pid})`);
        if (end === 'disconnect')
          (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
        got.push(`${await ended} ${sql}`);
        await until(async () => !(await isWaiting(observer, pid)));
        if (end !== 'disconnect') await client.end().catch(() => undefined);
      }
      expect(got).toEqual(STATEMENTS.map((s) => `${ENDS[end]} ${s}`));
      expect(cluster.bugs).toEqual([]);
    });
  }

  it('in the extended protocol hears cancel too', async () => {
    for (const text of ['select * from t where x = $1', 'insert into t values ($1)', 'delete from t where x = $1']) {
      const client = await victim(text);
      const ended = outcome(client.query(text, [1]));
      await until(() => isWaiting(observer, pidOf(client)));
      await observer.query(`select pg_cancel_backend(${pidOf(client)})`);
      expect(await ended).toBe('57014');
      await client.end();
    }
  });

  it('that is cancelled lets those behind it go on', async () => {
    await observer.query('create table queue (x int)');
    const [reader, ddl, next] = await Promise.all([1, 2, 3].map(() => connect(cluster.url)));
    await reader!.query('begin; select * from queue');
    const waiting = outcome(ddl!.query('alter table queue add column y int'));
    await until(() => isWaiting(observer, pidOf(ddl!)));
    const behind = outcome(next!.query('select count(*) from queue'));
    await until(() => isWaiting(observer, pidOf(next!)));
    await observer.query(`select pg_cancel_backend(${pidOf(ddl!)})`);
    expect(await waiting).toBe('57014');
    expect(await behind).toBe('ok');
    await Promise.all([reader!.end(), ddl!.end(), next!.end()]);
  });

  it('ends with the server', async () => {
    const own = await startTestCluster({ nodes: 1, slices: 1 });
    const [holder, waiter] = [await connect(own.url), await connect(own.url)];
    await holder.query('create table t (x int); insert into t values (1)');
    await holder.query('begin; lock t');
    const ended = outcome(waiter.query('update t set x = 2'));
    await until(() => isWaiting(holder, pidOf(waiter)));
    await own.close();
    expect(['57P01', 'closed']).toContain(await ended);
    expect(own.bugs).toEqual([]);
  });
});
