/**
 * Views of what runs now: a query that never ends is seen at work in all of them, its counters grow, its own user sees it and
 * others do not; what was refused, ended and timed out has its rows afterwards. And alerts, each by the query that causes it.
 */
import type pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startCluster } from '../api/built.ts';
import { BUSY_TABLE, cancel, Clients, ENDLESS, pidOf, rows, start, until, type Cluster } from './testing.ts';

let cluster: Cluster;
let clients: Clients;
let observer: pg.Client;
let pupil: pg.Client;
beforeAll(async () => {
  cluster = await startCluster({ nodes: 2, slices: 2, memory: true });
  clients = new Clients(cluster);
  observer = await clients.connect();
  await observer.query(BUSY_TABLE);
  await observer.query("create user pupil password 'Pupil1234'");
  pupil = await clients.connect('pupil');
}, 120_000);
afterAll(async () => {
  await clients?.end();
  await cluster?.close();
});
/** A query of so many pairs of one number. */
const numbers = (count: number): string =>
  `with recursive n(i) as (select 1 union all select i + 1 from n where i < ${count}) select i, i from n`;
const one = async (sql: string): Promise<unknown[]> => (await rows(observer, sql))[0]!;

test('a query at work is in every view of running ones, and its counters grow', async () => {
  const working = await start(await clients.connect(), ENDLESS);
  const own = `query in (select query from stv_inflight where pid = ${working.pid} and text like '%busy%')`;
  const counted = `select coalesce(max(rows), 0)::bigint from stv_exec_state where ${own} and label like 'nloop%'`;
  const at = async (): Promise<bigint> => BigInt((await one(counted))[0] as string);
  await until(observer, `select count(*)::int from (${counted}) as c(n) where n > 0`, [1]);
  const before = await at();
  await until(observer, `select count(*)::int from (${counted}) as c(n) where n > ${before}`, [1]);
  expect(
    await one(`select count(distinct slice)::int, bool_or(rows > 0), bool_and(cpu_time is not null or step >= 0)
      from stv_query_metrics m join stv_slices s on s.slice < m.slices where ${own}`),
  ).toEqual([4, true, true]);
  expect(
    await one(`select service_class, slices, cpu_time > 0, run_time > 0, max_run_time <= run_time, query_priority
      from stv_query_metrics where ${own} and segment = -1`),
  ).toEqual([6, 5, true, true, true, 2]);
  expect(
    await one(`select bool_or(rows > 0), bool_and(maxtime >= avgtime), bool_or(cpu > 0)
      from svv_query_state where ${own}`),
  ).toEqual([true, true, true]);
  expect(
    await one(`select bool_and(size > 0), bool_and(rows >= 0), count(distinct query_id)::int from stv_tbl_trans where query_id in
      (select query from stv_inflight where pid = ${working.pid})`),
  ).toEqual([true, true, 1]);
  expect(await one(`select state, slot_count from stv_wlm_query_state where ${own}`)).toEqual([
    expect.stringMatching(/^Running *$/),
    1,
  ]);
  for (const view of ['stv_exec_state', 'stv_query_metrics', 'svv_query_state', 'stv_inflight'])
    expect(await rows(pupil, `select query from ${view} where userid = 100`)).toEqual([]);
  await cancel(observer, working);
  await until(observer, `select count(*)::int from stv_query_metrics where ${own}`, [0]);
  expect(await one(`select trim(type), userid from svl_terminate where pid = ${working.pid}`)).toEqual([
    'CANCEL',
    100,
  ]);
});

test('skew is what the slices differ by', async () => {
  await observer.query(`create table lopsided (k int, v int) diststyle key distkey (k);
    insert into lopsided select 1, i from busy; insert into lopsided ${numbers(16)}`);
  await observer.query('select count(v) from lopsided where v > 0');
  const last = 'query = (select max(query) from stl_query where querytxt like $$select count(v) from lopsided%$$)';
  const [, , skew] = await one(`select query_blocks_read, return_row_count, io_skew::float8
    from svl_query_metrics_summary where ${last}`);
  const perSlice = (
    await rows(observer, `select rows::int from stl_scan where ${last} and perm_table_name = 'lopsided'`)
  ).map(([n]) => n as number);
  expect(Math.max(...perSlice)).toBeGreaterThan(500);
  expect(Number(skew)).toBeGreaterThanOrEqual(1);
  expect(
    await rows(
      observer,
      `select trim(dimension), count(*)::int > 0, bool_and(cpu_skew >= 1 or cpu_skew is null)
      from svl_query_metrics where ${last} group by 1 order by 1`,
    ),
  ).toEqual([
    ['query', true, true],
    ['segment', true, true],
    ['step', true, true],
  ]);
  expect(
    await one(
      `select sum(scan_row_count)::int >= 1024, max(return_row_count)::int from svl_query_metrics where ${last}`,
    ),
  ).toEqual([true, 1]);
  const [rowsSkewed, used] = await one(
    `select skew_rows > 10, pct_used >= 0 from svv_table_info where "table" = 'lopsided'`,
  );
  expect([rowsSkewed, used]).toEqual([true, true]);
});

test('alerts, each from the query that causes it', async () => {
  await observer.query('create table fresh (k int, v int) diststyle even; insert into fresh select i, i from busy');
  const alerts = async (text: string): Promise<string[]> =>
    (
      await rows(
        observer,
        `select distinct trim(split_part(event, ':', 1)) from stl_alert_event_log where query in
          (select query from stl_query where querytxt like '${text}%') order by 1`,
      )
    ).map(([e]) => e as string);
  await observer.query('select count(*) from fresh where v = 1');
  expect(await alerts('select count(*) from fresh where')).toContain('Missing query planner statistics');
  await observer.query('select count(*) from fresh a, fresh b where a.v < b.v');
  expect(await alerts('select count(*) from fresh a, fresh b')).toContain('Nested Loop Join in the query plan');
  await observer.query(`create table ordered (k int, v int) diststyle even; insert into ordered ${numbers(1000)}`);
  await observer.query('insert into ordered values (7, 8); analyze ordered');
  await observer.query('select count(v) from ordered where v = 8');
  expect(await alerts('select count(v) from ordered')).toEqual(['Very selective query filter']);
  await observer.query('delete from ordered where v < 500');
  await observer.query('select max(v) from ordered');
  expect(await alerts('select max(v) from ordered')).toEqual(['Scanned a large number of deleted rows']);
});

test('a plan, operator by operator, and the queue it passed', async () => {
  await observer.query('select k, count(*) from fresh group by k order by 2 limit 3');
  const last = "query = (select max(query) from stl_query where querytxt like 'select k, count(*) from fresh%')";
  expect(
    await rows(
      observer,
      `select distinct plannode from stl_plan_info where ${last} and plannode is not null order by 1`,
    ),
  ).toEqual(expect.arrayContaining([[104], [116]]));
  expect(
    await one(`select trim(final_state), slot_count, service_class, trim(query_priority),
      service_class_end_time >= exec_end_time and exec_end_time >= exec_start_time from stl_wlm_query where ${last}`),
  ).toEqual(['Completed', 1, 6, 'Normal', true]);
});

test('a session that was idle for too long has timed out', async () => {
  const idle = await clients.connect();
  const pid = await pidOf(idle);
  await idle.query('set idle_session_timeout to 50');
  await until(observer, `select count(*)::int from stl_sessions where process = ${pid}`, [1]);
  expect(await one(`select timed_out, timeout_sec from stl_sessions where process = ${pid}`)).toEqual([1, 1]);
  expect(await one(`select trim(status) from sys_session_history where session_id = ${pid}`)).toEqual(['timed out']);
  expect((await rows(pupil, 'select count(*)::int from stl_sessions'))[0]).toEqual([0]);
}, 30_000);
