/** What the tests of workload management share: a cluster, clients that keep a slot busy, and what the views say of them. */
import pg from 'pg';
import { startCluster } from '../api/built.ts';

export type Cluster = Awaited<ReturnType<typeof startCluster>>;

/** Never ends by itself, keeps no memory, hears cancel. */
export const ENDLESS = 'select count(*) from busy a, busy b, busy c, busy d where a.i + b.i + c.i + d.i = -1';
export const BUSY_TABLE = `create table busy (i int) diststyle even; insert into busy values (1);
  ${'insert into busy select i from busy;'.repeat(10)}`;

export class Clients {
  private readonly open: pg.Client[] = [];
  constructor(private readonly cluster: Cluster) {}
  async connect(user = 'awsuser'): Promise<pg.Client> {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: this.cluster.port,
      user,
      database: 'dev',
      password: 'Pupil1234',
    });
    client.on('error', () => undefined);
    await client.connect();
    this.open.push(client);
    return client;
  }
  async end(): Promise<void> {
    await Promise.all(this.open.splice(0).map((c) => c.end()));
  }
}
export const pidOf = async (client: pg.Client): Promise<number> =>
  Number((await rows(client, 'select pg_backend_pid()'))[0]![0]);
export const rows = async (client: pg.Client, sql: string): Promise<unknown[][]> =>
  (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;

/** A statement under way. */
export interface Working {
  readonly pid: number;
  readonly client: pg.Client;
  /** What became of it: rows, or the SQLSTATE. */
  readonly result: Promise<unknown[][] | string>;
}
export async function start(client: pg.Client, sql: string): Promise<Working> {
  const pid = await pidOf(client);
  const result = rows(client, sql).catch((e: unknown) => String((e as { code?: unknown }).code));
  return { pid, client, result };
}
export async function cancel(observer: pg.Client, working: Working): Promise<void> {
  await observer.query(`select pg_cancel_backend(${working.pid})`);
  await working.result;
}
/** Asks until the first row of the answer is `want`. */
export async function until(observer: pg.Client, sql: string, want: readonly unknown[]): Promise<void> {
  for (;;) {
    const [got] = await rows(observer, sql);
    if (JSON.stringify(got) === JSON.stringify(want)) return;
    await new Promise((r) => setTimeout(r, 5));
  }
}
export const states = (state: string, serviceClass = 6): string =>
  `select count(*)::int from stv_wlm_query_state where state = '${state}' and service_class = ${serviceClass}`;
