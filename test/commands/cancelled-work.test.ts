/**
 * A statement that works through many rows ends soon after it is cancelled, times out, is terminated or loses its client,
 * leaves its table as it was, and the slices serve others while it works.
 */
import pg from 'pg';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../isolation/cluster.ts';
import { connect, outcome, pidOf, until } from '../isolation/waits.ts';

const CREDENTIALS = "credentials 'aws_access_key_id=a;aws_secret_access_key=b'";
/** Each takes far longer than what it is ended after. */
const STATEMENTS: readonly string[] = [
  'vacuum full sorted to 100 percent',
  'vacuum delete only holed to 100 percent',
  `copy sorted from 's3://bucket/big/' ${CREDENTIALS} compupdate off`,
  `unload ('select * from holed') to 's3://bucket/out/' ${CREDENTIALS} allowoverwrite`,
  'create table made sortkey(s) as select * from holed',
  'insert into sorted select * from holed',
  'alter table holed alter distkey k',
  'alter table holed alter diststyle all',
  'alter table holed alter sortkey (s)',
];
type End = 'cancel' | 'statement_timeout' | 'terminate' | 'disconnect';
const ENDS: Readonly<Record<End, string>> = {
  cancel: '57014',
  statement_timeout: '57014',
  terminate: '57P01',
  disconnect: 'closed',
};
const STATE = `select (select count(*) || ' ' || sum(id) from sorted) as sorted,
  (select count(*) || ' ' || sum(id) from holed) as holed,
  (select count(*) from pg_class where relname in ('sorted', 'holed', 'made')) as tables`;

describe('a statement at work', () => {
  let cluster: TestCluster;
  let observer: pg.Client;
  beforeAll(async () => {
    cluster = await startTestCluster({ nodes: 1, slices: 2 });
    observer = await connect(cluster.url);
    mkdirSync(join(cluster.s3Root, 'bucket'), { recursive: true });
    const rows = Array.from({ length: 1000 }, (_, i) => `(${i})`).join(',');
    await observer.query(`create table seq (n int) diststyle even; insert into seq values ${rows};
      create table holed diststyle even as
        select a.n * 1000 + b.n as id, random() as r, md5((a.n * 1000 + b.n)::varchar) as s, a.n as k from seq a, seq b;
      create table sorted (id int, r float8, s varchar(32), k int) diststyle even sortkey (s, r);
      insert into sorted select * from holed where k < 500;
      insert into sorted select * from holed where k >= 500`);
    await observer.query(`unload ('select * from holed') to 's3://bucket/big/' ${CREDENTIALS}`);
    await observer.query('delete from holed where id % 7 = 3');
  }, 240_000);
  afterAll(async () => {
    await observer?.end();
    await cluster?.close();
  });

  const state = async (): Promise<string> => JSON.stringify((await observer.query(STATE)).rows);
  const isWorking = async (pid: number): Promise<boolean> =>
    (await observer.query(`select 1 from stv_recents where pid = ${pid} and status = 'Running'`)).rows.length > 0;
  const isGone = async (pid: number): Promise<boolean> =>
    (await observer.query(`select 1 from stv_sessions where process = ${pid}`)).rows.length === 0;

  for (const end of Object.keys(ENDS) as End[]) {
    it(`hears ${end}, whatever its kind`, { timeout: 240_000 }, async () => {
      const before = await state();
      const got: string[] = [];
      for (const sql of STATEMENTS) {
        const client = await connect(cluster.url);
        const pid = pidOf(client);
        if (end === 'statement_timeout') await client.query('set statement_timeout to 50');
        const work = outcome(client.query(sql));
        if (end !== 'statement_timeout') await until(() => isWorking(pid));
        if (end === 'cancel') await observer.query(`select pg_cancel_backend(${pid})`);
        if (end === 'terminate') await observer.query(`select pg_terminate_backend(${pid})`);
        if (end === 'disconnect')
          (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
        got.push(`${sql}: ${await work}`);
        await client.end().catch(() => undefined);
        await until(() => isGone(pid));
      }
      expect(got).toEqual(STATEMENTS.map((sql) => `${sql}: ${ENDS[end]}`));
      expect(await state()).toBe(before);
    });
  }

  it(
    'VACUUM lets the slices answer others while it works, and works after it was ended',
    { timeout: 120_000 },
    async () => {
      const client = await connect(cluster.url);
      await observer.query('create table few (n int) diststyle even; insert into few values (5), (6), (7)');
      const before = await state();
      let running = true;
      const vacuum = client.query('vacuum full sorted to 100 percent').finally(() => (running = false));
      let answered = 0;
      while (running) {
        await observer.query('select count(*) from few where n = 5');
        if (running) answered++;
      }
      await vacuum;
      // One answer could slip in at the beginning and one while it commits.
      expect(answered).toBeGreaterThan(2);
      expect(await state()).toBe(before);
      await observer.query('drop table few');
      const { rows } = await observer.query(`select unsorted from svv_table_info where "table" = 'sorted'`);
      expect(Number((rows[0] as { unsorted: string }).unsorted)).toBe(0);
      await client.end();
    },
  );
});
