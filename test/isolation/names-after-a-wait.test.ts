/**
 * A statement of any kind that waited for a lock applies to what its names mean when it goes on: after a swap by renames, after
 * a drop with a new table of the same name, and after a drop alone (42P01).
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type pg from 'pg';
import { startTestCluster, type TestCluster } from './cluster.ts';
import { connect, isWaiting, outcome, pidOf, until } from './waits.ts';

interface Case {
  readonly sql: string;
  /** Asked afterwards, and what it says once the statement has met the new `live`, whose rows are 10 and 20. */
  readonly then: string;
  readonly finds: string;
}
const ROWS = 'select sum(v) from live';
const S3 = "credentials 'aws_access_key_id=a;aws_secret_access_key=b'";

/** `live` held 1 before the swap and is named `older` after it. */
const CASES: readonly Case[] = [
  { sql: 'insert into live values (5)', then: ROWS, finds: '35' },
  { sql: 'insert into live select v from other', then: ROWS, finds: '37' },
  { sql: 'insert into other select v from live', then: 'select sum(v) from other', finds: '37' },
  { sql: 'update live set v = v + 1', then: ROWS, finds: '32' },
  {
    sql: 'update other set v = live.v from live where live.v = 10 and other.v = live.v - 3',
    then: 'select v from other',
    finds: '10',
  },
  { sql: 'delete from live where v = 10', then: ROWS, finds: '20' },
  { sql: 'delete from other using live where live.v = 20', then: 'select count(*) from other', finds: '0' },
  { sql: 'create table made as select v from live', then: 'select sum(v) from made', finds: '30' },
  { sql: 'select v into made from live', then: 'select sum(v) from made', finds: '30' },
  { sql: 'create view made as select v from live', then: 'select sum(v) from made', finds: '30' },
  { sql: 'create materialized view made as select v from live', then: 'select sum(v) from made', finds: '30' },
  { sql: 'create table made (like live)', then: 'select count(*) from made', finds: '0' },
  { sql: 'truncate live', then: 'select count(*) from live', finds: '0' },
  { sql: 'alter table live add column w int default 7', then: 'select sum(w) from live', finds: '14' },
  { sql: 'alter table live rename to made', then: 'select sum(v) from made', finds: '30' },
  { sql: 'alter table live alter distkey v', then: ROWS, finds: '30' },
  {
    sql: 'drop table live',
    then: "select count(*) from pg_tables where tablename = 'live' and schemaname = current_schema()",
    finds: '0',
  },
  { sql: 'lock live', then: ROWS, finds: '30' },
  { sql: 'vacuum live', then: ROWS, finds: '30' },
  { sql: 'analyze live', then: ROWS, finds: '30' },
  {
    sql: 'grant select on live to public',
    then: "select has_table_privilege('nobody_much', 'live', 'select')",
    finds: 'true',
  },
  { sql: "comment on table live is 'x'", then: "select obj_description('live'::regclass, 'pg_class')", finds: 'x' },
  { sql: `copy live from 's3://bucket/rows' ${S3}`, then: ROWS, finds: '33' },
  { sql: `unload ('select v from live') to 's3://bucket/out' ${S3} allowoverwrite`, then: 'select 2', finds: '2' },
  { sql: 'explain select * from live', then: ROWS, finds: '30' },
  { sql: 'select sum(v) from live', then: ROWS, finds: '30' },
];

describe('a statement that waited for a lock', () => {
  let cluster: TestCluster;
  let admin: pg.Client;
  let changer: pg.Client;
  beforeAll(async () => {
    cluster = await startTestCluster({ nodes: 1, slices: 2 });
    [admin, changer] = [await connect(cluster.url), await connect(cluster.url)];
    await admin.query('create user nobody_much password disable');
    mkdirSync(join(cluster.s3Root, 'bucket'), { recursive: true });
    writeFileSync(join(cluster.s3Root, 'bucket/rows'), '3\n');
  });
  afterAll(async () => {
    await Promise.all([admin.end(), changer.end()]);
    await cluster.close();
  });

  let count = 0;
  /** Runs `work` while `change` is open in a schema with live (1), staging (10, 20) and other (7); then commits the change. */
  async function during<T>(change: string, work: (client: pg.Client) => Promise<T>): Promise<[T, pg.Client]> {
    const schema = `s${++count}`;
    await admin.query(
      `create schema ${schema}; grant usage on schema ${schema} to public; set search_path to ${schema}`,
    );
    await admin.query(`create table live (v int) diststyle even; create table staging (v int) diststyle even;
      create table other (v int); insert into live values (1); insert into staging values (10), (20);
      insert into other values (7)`);
    await changer.query(`set search_path to ${schema}`);
    await changer.query(`begin; ${change}`);
    const client = await connect(cluster.url);
    await client.query(`set search_path to ${schema}`);
    const result = work(client);
    result.catch(() => undefined);
    await until(() => isWaiting(admin, pidOf(client)));
    await changer.query('commit');
    return [await result, client];
  }
  const SWAP = 'alter table live rename to older; alter table staging rename to live';
  const cell = async (client: pg.Client, sql: string): Promise<string> =>
    String(Object.values((await client.query<Record<string, unknown>>(sql)).rows[0] ?? {})[0]);

  for (const { sql, then, finds } of CASES) {
    it(`${sql}: after a swap`, async () => {
      const [got, client] = await during(SWAP, (c) => outcome(c.query(sql)));
      expect([got, await cell(client, then)]).toEqual(['ok', finds]);
      // What was live is untouched.
      expect(await cell(client, 'select sum(v) from older')).toBe('1');
      await client.end();
    });
    it(`${sql}: after drop and create, after drop`, async () => {
      const [anew, first] = await during(
        'drop table live; create table live (v int); insert into live values (10), (20)',
        (c) => outcome(c.query(sql)),
      );
      expect([anew, await cell(first, then)]).toEqual(['ok', finds]);
      const [gone, second] = await during('drop table live', (c) => outcome(c.query(sql)));
      expect(gone).toBe('42P01');
      expect(cluster.bugs).toEqual([]);
      await Promise.all([first.end(), second.end()]);
    });
  }

  it('gives the new columns in the simple protocol', async () => {
    const [rows] = await during(
      'drop table live; create table live (a int, b int); insert into live values (1, 2)',
      async (c) => (await c.query('select * from live')).rows,
    );
    expect(rows).toEqual([{ a: 1, b: 2 }]);
  });

  it('was prepared before: the new table with the same columns, a clear refusal with others', async () => {
    const run = (client: pg.Client): Promise<string> =>
      (async () => {
        await client.query(
          'prepare p as select sum(v) as v from live; prepare q(int) as insert into live values ($1)',
        );
        await client.query('execute q(5)');
        return String((await client.query<{ v: unknown }>('execute p')).rows[0]?.v);
      })();
    const [sum] = await during(SWAP, run).catch((e: unknown) => [String(e)]);
    expect(sum).toBe('35');
    const parameters = await during(SWAP, (c) => outcome(c.query('insert into live values ($1)', [5])));
    expect([parameters[0], await cell(parameters[1], ROWS)]).toEqual(['ok', '35']);
  });

  it('holds no lock on what it turned out not to mean', async () => {
    const [, client] = await during(SWAP, (c) => c.query('begin; insert into live values (5)'));
    expect(
      await outcome(admin.query('set statement_timeout to 5000; drop table older; set statement_timeout to 0')),
    ).toBe('ok');
    await client.query('commit');
  });

  it('finds a deadlock after its names changed', async () => {
    const [, client] = await during(SWAP, (c) => c.query('begin; update live set v = 0'));
    await changer.query('begin; update other set v = 0');
    const first = outcome(client.query('update other set v = 1'));
    await until(() => isWaiting(admin, pidOf(client)));
    expect(await outcome(changer.query('update live set v = 1'))).toBe('40P01');
    await changer.query('rollback');
    expect(await first).toBe('ok');
  });
});
