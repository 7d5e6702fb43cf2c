/**
 * Slots: five statements run on the slices, the others wait in their order; cancel, time-outs and terminate reach those that
 * wait; what runs on the leader alone never waits; whoever waits for a lock holds no slot.
 */
import { mkdtempSync, rmSync, writeFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type pg from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { startCluster } from '../api/built.ts';
import {
  BUSY_TABLE,
  cancel,
  Clients,
  ENDLESS,
  pidOf,
  rows,
  start,
  states,
  until,
  type Cluster,
  type Working,
} from './testing.ts';

let cluster: Cluster;
let s3: string;
let clients: Clients;
let observer: pg.Client;
let working: Working[];

beforeAll(async () => {
  s3 = mkdtempSync(join(tmpdir(), 'slicehouse-wlm-'));
  cluster = await startCluster({ nodes: 1, slices: 2, memory: true, s3Root: s3 });
  const setup = new Clients(cluster);
  const client = await setup.connect();
  await client.query(BUSY_TABLE);
  await client.query('create table t (i int) diststyle even; insert into t values (1), (2), (3)');
  await client.query("create user pupil password 'Pupil1234'; grant select on all tables in schema public to pupil");
  await setup.end();
}, 60_000);
afterAll(async () => {
  await cluster?.close();
  rmSync(s3, { recursive: true, force: true });
});
beforeEach(async () => {
  clients = new Clients(cluster);
  observer = await clients.connect();
  working = [];
});
afterEach(async () => {
  for (const w of working) await cancel(observer, w);
  await clients.end();
});
/** Takes `count` slots of the default queue. */
async function occupy(count: number, slots = 1): Promise<void> {
  for (let i = 0; i < count; i++) {
    const client = await clients.connect();
    if (slots > 1) await client.query(`set wlm_query_slot_count to ${slots}`);
    working.push(await start(client, ENDLESS));
  }
  await until(observer, states('Running'), [count]);
}
const release = async (): Promise<void> => cancel(observer, working.pop()!);

test('the sixth statement waits and is shown; it runs when a slot is free', async () => {
  await occupy(5);
  const sixth = await start(await clients.connect(), 'select sum(i)::int from t');
  await until(observer, states('QueuedWaiting'), [1]);
  const seventh = await start(await clients.connect(), 'select max(i) from t');
  await until(observer, states('QueuedWaiting'), [2]);
  expect(
    await rows(
      observer,
      'select service_class, position, slot_count, queue_time > 0 from stv_wlm_query_queue_state order by 2',
    ),
  ).toEqual([
    [6, 0, 1, true],
    [6, 1, 1, true],
  ]);
  expect(
    await rows(
      observer,
      `select num_queued_queries, num_executing_queries from stv_wlm_service_class_state where service_class = 6`,
    ),
  ).toEqual([[2, 5]]);
  await release();
  expect(await sixth.result).toEqual([[6]]);
  expect(await seventh.result).toEqual([[3]]);
  const [log] = await rows(
    observer,
    `select w.service_class, w.slot_count, total_queue_time > 0, queue_end_time = exec_start_time, trim(final_state), trim(w.service_class_name),
       h.queue_time = w.total_queue_time, trim(h.service_class_name)
     from stl_wlm_query w join sys_query_history h on h.query_id = w.query where h.query_text like 'select sum(i)::int%' order by w.query desc limit 1`,
  );
  expect(log).toEqual([6, 1, true, true, 'Completed', 'Default queue', true, 'Default queue']);
  expect(
    await rows(
      observer,
      `select slots, service_class, exec_start_time >= queue_start_time, database from svl_query_queue_info where querytxt like 'select sum(i)::int%'`,
    ),
  ).toEqual([[1, 6, true, 'dev']]);
});

test('the classes are shown with their slots', async () => {
  expect(
    await rows(
      observer,
      `select config.service_class, trim(class.condition), trim(config.name), num_query_tasks, query_working_mem > 0
       from stv_wlm_classification_config class, stv_wlm_service_class_config config
       where class.action_service_class = config.service_class order by 1`,
    ),
  ).toEqual([
    [5, '(super user) and (query group: superuser)', 'Service class for super user', 1, true],
    [6, '(querytype:any)', 'Default queue', 5, true],
    [15, '(querytype:maintenance)', 'Service class for maintenance', 1, true],
  ]);
});

test('what runs on the leader alone never waits', async () => {
  await occupy(5);
  const client = await clients.connect();
  for (const sql of [
    'select 1',
    "set query_group to 'x'",
    'show query_group',
    'begin',
    'create table ddl_only (i int)',
    'insert into ddl_only values (1)',
    'drop table ddl_only',
    'commit',
    'select count(*) from stv_wlm_query_state',
    'explain select count(*) from t',
  ])
    await client.query(sql);
});

test('cancel, statement_timeout and terminate end a wait', async () => {
  await occupy(5);
  const cancelled = await start(await clients.connect(), 'select count(*) from t');
  const late = await clients.connect();
  const evicted = async (): Promise<number> => {
    const [[n]] = (await rows(
      observer,
      'select num_evicted_queries::int from stv_wlm_service_class_state where service_class = 6',
    )) as [[number]];
    return n;
  };
  const before = await evicted();
  const terminated = await start(await clients.connect(), 'select count(*) from t');
  await until(observer, states('QueuedWaiting'), [2]);
  await cancel(observer, cancelled);
  expect(await cancelled.result).toBe('57014');
  // On a busy machine a short time may be over before the statement comes to the queue.
  for (let ms = 200; (await evicted()) < before + 2; ms *= 2) {
    await late.query(`set statement_timeout to ${ms}`);
    expect(await (await start(late, 'select count(*) from t')).result).toBe('57014');
  }
  await observer.query(`select pg_terminate_backend(${terminated.pid})`);
  expect(await terminated.result).toBe('57P01');
  await until(observer, states('QueuedWaiting'), [0]);
  expect(await evicted()).toBe(before + 3);
  expect(await rows(observer, "select count(*) >= 3 from stl_wlm_query where final_state = 'Evicted'")).toEqual([
    [true],
  ]);
});

test('wlm_query_slot_count takes so many slots, at most all, and is not passed by those behind', async () => {
  await occupy(1, 3);
  const wide = await clients.connect();
  await wide.query('set wlm_query_slot_count to 50');
  const all = await start(wide, 'select count(*)::int from t');
  await until(observer, 'select slot_count from stv_wlm_query_queue_state', [5]);
  const behind = await start(await clients.connect(), 'select count(*)::int from t');
  await until(observer, states('QueuedWaiting'), [2]);
  await release();
  expect(await all.result).toEqual([[3]]);
  expect(await behind.result).toEqual([[3]]);
});

test('the superuser queue is one slot for superusers of query group superuser', async () => {
  await occupy(5);
  const client = await clients.connect();
  await client.query("set query_group to 'superuser'");
  expect(await rows(client, 'select count(*)::int from t')).toEqual([[3]]);
  expect(
    await rows(
      observer,
      'select service_class from stl_wlm_query where query = (select max(query) from stl_wlm_query)',
    ),
  ).toEqual([[5]]);
  const pupil = await clients.connect('pupil');
  await pupil.query("set query_group to 'superuser'");
  const waits = await start(pupil, 'select count(*)::int from t');
  await until(observer, states('QueuedWaiting'), [1]);
  expect(await rows(observer, states('Running'))).toEqual([[5]]);
  await release();
  expect(await waits.result).toEqual([[3]]);
});

test('locks come before slots: statements that wait for a lock hold none', async () => {
  const owner = await clients.connect();
  await owner.query('begin; lock table t');
  const blocked: Working[] = [];
  for (let i = 0; i < 6; i++) blocked.push(await start(await clients.connect(), 'delete from t where i < 0'));
  await until(
    observer,
    "select count(*)::int from stv_recents where status = 'Running' and query like 'delete%'",
    [6],
  );
  expect(await rows(owner, 'select count(*)::int from t')).toEqual([[3]]);
  await owner.query('commit');
  for (const b of blocked) expect(await b.result).toEqual([]);
});

test('a statement that meets a lock between two of its queries gives its slots back', async () => {
  await observer.query(
    'create table a1 (i int); create table a2 (i int); insert into a1 values (1); insert into a2 values (1)',
  );
  const owner = await clients.connect();
  await owner.query('begin; lock table a2');
  const analyst = await clients.connect();
  await analyst.query('set wlm_query_slot_count to 5; set analyze_threshold_percent to 0');
  const analyze = await start(analyst, 'analyze');
  await until(
    observer,
    `select count(*) > 0 from stl_analyze where table_id = (select oid from pg_class where relname = 'a1')`,
    [true],
  );
  expect(await rows(owner, 'select count(*)::int from t')).toEqual([[3]]);
  await owner.query('commit');
  expect(await analyze.result).toEqual([]);
});

test('all queries of a COPY share its slots', async () => {
  mkdirSync(join(s3, 'bucket'), { recursive: true });
  writeFileSync(join(s3, 'bucket', 'rows.txt'), '1|one\n2|two\n3|three\n');
  await observer.query('create table loaded (i int, s varchar(10))');
  const loader = await clients.connect();
  await loader.query('set wlm_query_slot_count to 5');
  await loader.query("copy loaded from 's3://bucket/rows.txt' iam_role default compupdate on statupdate on");
  const tasks = await rows(
    observer,
    `select count(distinct w.task)::int, count(*) > 1, max(w.slot_count) from stl_wlm_query w join stl_query q on q.query = w.query
     where q.xid = (select max(xid) from stl_query where querytxt like 'copy loaded%')`,
  );
  expect(tasks).toEqual([[1, true, 5]]);
});

/** The priorities of those that wait, in the order in which they will run. */
const WAITING = `select trim(q.query_priority) from stv_wlm_query_queue_state w join stv_wlm_query_state q on q.query = w.query
  order by w.position`;

test("a higher priority goes first: the session's, the user's, and a query's own, which is changed while it waits", async () => {
  await occupy(5);
  const ended: string[] = [];
  const begin = async (name: string, client: pg.Client): Promise<Working> => {
    const before = Number((await rows(observer, states('QueuedWaiting')))[0]![0]);
    const working = await start(client, `select '${name}', count(*)::int from t`);
    await until(observer, states('QueuedWaiting'), [before + 1]);
    return { ...working, result: working.result.then((r) => (ended.push(name), r)) };
  };
  const change = async (sql: string): Promise<unknown> => (await rows(observer, `select ${sql}`))[0]![0];
  const plain = await begin('plain', await clients.connect());
  const late = await begin('late', await clients.connect());
  const preferred = await clients.connect();
  expect(await change(`change_session_priority(${await pidOf(preferred)}, 'HIGH')`)).toMatch(/priority to high\.$/);
  const session = await begin('session', preferred);
  expect(await change("change_user_priority('pupil', 'lowest')")).toContain('user (pupil)');
  const user = await begin('user', await clients.connect('pupil'));
  expect(await rows(observer, WAITING)).toEqual([['High'], ['Normal'], ['Normal'], ['Lowest']]);
  const [[query]] = (await rows(
    observer,
    `select query from stv_inflight where pid = ${late.pid} and text like '%late%'`,
  )) as [[number]];
  expect(await change(`change_query_priority(${query}, 'Critical')`)).toBe(
    'Succeeded to change query priority. Priority changed from Normal to Critical.',
  );
  expect(await rows(observer, WAITING)).toEqual([['Critical'], ['High'], ['Normal'], ['Lowest']]);
  await expect(change(`change_session_priority(${plain.pid}, 'critical')`)).rejects.toMatchObject({ code: '22023' });
  await release();
  await Promise.all([plain, late, session, user].map((w) => w.result));
  expect(ended).toEqual(['late', 'session', 'plain', 'user']);
  // Nobody is Critical any more.
  await change(`change_session_priority(${plain.pid}, 'critical')`);
  await change(`change_session_priority(${plain.pid}, 'normal')`);
  await change("change_user_priority('pupil', 'reset')");
  expect(
    await rows(
      observer,
      `select trim(w.query_priority), trim(h.query_priority) from stl_wlm_query w join sys_query_history h on h.query_id = w.query
       where h.query_text like 'select ''late%'`,
    ),
  ).toEqual([['Critical', 'Critical']]);
});

test('only superusers change priorities', async () => {
  const pupil = await clients.connect('pupil');
  for (const call of [
    "change_query_priority(1, 'high')",
    "change_session_priority(-1, 'high')",
    "change_user_priority('pupil', 'high')",
  ])
    await expect(pupil.query(`select ${call}`)).rejects.toMatchObject({ code: '42501' });
});
