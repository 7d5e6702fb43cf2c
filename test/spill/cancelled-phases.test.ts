/**
 * Queries that go through several phases on disk (windows, grouping sets, recursion, percentiles), cancelled in the middle of
 * each: the session lives on, their files are gone, and the memory of the node is there again.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sampled } from '../../src/common/test-trials.ts';
import { startCluster } from '../api/built.ts';
import { outcome, pidOf, until } from '../isolation/waits.ts';

const ROWS = 2 ** 18;
let cluster: Awaited<ReturnType<typeof startCluster>>;
let client: pg.Client;
let observer: pg.Client;
let folder: string;
/** Bytes of the longest text that a row could make when nothing else was there. */
let roomiest: number;

const connect = async (): Promise<pg.Client> => {
  const made = new pg.Client({ connectionString: cluster.url });
  made.on('error', () => undefined);
  await made.connect();
  return made;
};
const filesOf = (of: string): string[] =>
  readdirSync(join(of, 'tmp'), { recursive: true })
    .map(String)
    .filter((f) => /\/\d+$/.test(f));
/** A text of so many MB on each slice, which must be in memory as a whole. */
const makes = (megabytes: number): Promise<string> =>
  outcome(client.query(`select max(len(repeat(s, ${megabytes * 16_384}))) from wide`));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'slicehouse-phases-'));
  cluster = await startCluster({ nodes: 1, slices: 2, nodeMemory: 64, dataDir: folder });
  [client, observer] = [await connect(), await connect()];
  await client.query('create table seed(id int)');
  await client.query('insert into seed values (0)');
  for (let n = 1; n < ROWS; n *= 2) await client.query(`insert into seed select id + ${n} from seed`);
  await client.query(`create table t diststyle even as select id, (id::bigint * 7919 % ${ROWS})::int as k,
    'row number ' || id || ' with some text behind it' as s, id / 2 as up from seed`);
  await client.query(
    'create table wide diststyle even as select id, lpad(id::varchar, 64) as s from seed where id < 8',
  );
  await client.query('analyze t');
  await client.query('set max_recursion_rows to 10000000');
  roomiest = 0;
  while ((await makes(roomiest + 1)) === 'ok') roomiest++;
}, 240_000);
afterAll(async () => {
  await client?.end();
  await observer?.end();
  await cluster?.close();
  rmSync(folder, { recursive: true, force: true });
});

const QUERIES: readonly (readonly [what: string, sql: string])[] = [
  [
    'windows over windows',
    `select count(*), max(b), min(c) from (
       select max(a) over (partition by id % 3 order by s rows between 90000 preceding and 1000 following) b,
         lag(s, 50000) over (partition by id % 3 order by s) c
       from (select id, s, row_number() over (order by s desc) a from t) x) y`,
  ],
  [
    'grouping sets',
    `select count(*), sum(n), max(m) from (
       select s, k, id % 5, count(*) n, max(s) m, count(distinct id) d from t group by grouping sets ((s), (k, id % 5), (id % 5), ())) x`,
  ],
  [
    'a recursion of large rounds',
    `with recursive r (id, s, depth) as (
       select id, s, 0 from t where id < 9000
       union all select t.id, t.s || r.depth, r.depth + 1 from r join t on t.up = r.id where r.depth < 5)
     select count(*), max(s) from r`,
  ],
  [
    'percentiles, sorted',
    `select count(*), max(m), min(l) from (
       select k / 2 g, median(k::decimal(30,2)) m, percentile_cont(0.25) within group (order by k::decimal(30,2)) p, listagg(s, ',') within group (order by k::decimal(30,2)) l
       from t group by 1) x`,
  ],
  [
    'percentiles, from lists and over partitions',
    `select count(*), max(m), max(p) from (
       select k, median(k) over (partition by k % 3) m, percentile_disc(0.9) within group (order by s) over () p
       from (select k, s, median(id) q from t group by k, s) x) y`,
  ],
];

interface Phase {
  readonly segment: number;
  readonly label: string;
}

test.each(sampled('phases', QUERIES, 2))(
  'the memory and the files of %s come back',
  async (_what, sql) => {
    const { rows: whole } = await client.query<Record<string, unknown>>(sql);
    const { rows: phases } = await client.query<Phase>(
      `select distinct segment, trim(label) as label from svl_query_report where query = pg_last_query_id() and slice < 10000 and rows > 0 order by 1`,
    );
    const segments = [...new Set(phases.map((p) => p.segment))];
    expect(segments.length).toBeGreaterThan(1);
    const pid = pidOf(client);
    const ends = new Map<number, string>();
    for (const segment of segments) {
      const work = outcome(client.query(sql));
      let isOver = false;
      void work.then(() => (isOver = true));
      // Somewhere in the segment's rows.
      await until(async () => {
        const { rows } = await observer.query(
          `select 1 from stv_exec_state where segment = ${segment} and rows > 0 and slice < 10000 and query in (select query from stv_inflight where pid = ${pid})`,
        );
        return isOver || rows.length > 0;
      });
      await observer.query(`select pg_cancel_backend(${pid})`);
      ends.set(segment, await work);
      // The client hears at once; slices put away what they have behind it.
      await until(async () => filesOf(folder).length === 0);
      expect((await client.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
    }
    // A segment may be over before the cancel comes, but not each of them.
    expect([...ends.values()].filter((e) => e === '57014').length).toBeGreaterThan(segments.length / 2);
    expect(await makes(roomiest)).toBe('ok');
    expect((await client.query(sql)).rows).toEqual(whole);
  },
  120_000,
);
