/**
 * The part of the benchmark that asks point queries beside heavy work of another session (a sort, a hash build and groups of
 * twice lineitem, COPY and VACUUM), and how soon that work hears a cancel.
 */
import { median, ms, percentile, timed } from './engine.ts';
import { connect, type Server } from './slicehouse.ts';

type Client = Awaited<ReturnType<typeof connect>>;

/** Time between two point queries. */
const PAUSE_MS = 5;
const CANCELLED_AFTER_MS = 400;
const CANCELS = 3;

const twice = (columns: string): string =>
  `(select ${columns} from lineitem union all select ${columns} from lineitem) twice`;

interface Work {
  readonly name: string;
  readonly sql: string;
}
const works = (bucket: string): readonly Work[] => [
  { name: 'sort', sql: `select l_comment from ${twice('l_comment')} order by 1 limit 1 offset 11000000` },
  {
    name: 'hash build',
    sql: `select count(*) from orders join ${twice('l_orderkey, l_linenumber, l_suppkey')} on o_orderkey = l_orderkey and o_custkey = l_suppkey`,
  },
  {
    name: 'groups',
    sql: `select count(*) from (select l_orderkey, l_linenumber, count(*) from ${twice('l_orderkey, l_linenumber')} group by 1, 2) g`,
  },
  {
    name: 'COPY',
    sql: `copy heavy from 's3://${bucket}/lineitem/' iam_role default delimiter '|' compupdate off`,
  },
  { name: 'VACUUM', sql: 'vacuum full heavy to 100 percent' },
];

export async function heavyLines(server: Server, bucket: string): Promise<readonly string[]> {
  const [asking, working, admin] = [await connect(server.url), await connect(server.url), await connect(server.url)];
  const lines: string[] = [];
  try {
    await working.query('set enable_result_cache_for_session to off');
    await working.query('create table heavy (like lineitem)');
    for (const work of works(bucket)) {
      lines.push(await beside(work, asking, working));
      lines.push(await cancelled(work, working, admin));
      // The second load lies unsorted behind the first.
      if (work.name === 'COPY') await working.query(work.sql);
    }
  } finally {
    await admin.query('drop table if exists heavy');
    for (const client of [asking, working, admin]) await client.end();
  }
  return lines;
}

async function beside({ name, sql }: Work, asking: Client, working: Client): Promise<string> {
  let isDone = false;
  const whole = timed(() => working.query(sql)).finally(() => (isDone = true));
  const times: number[] = [];
  for (let i = 1; !isDone; i++) {
    times.push((await timed(() => asking.query(`select c_name from customer where c_custkey = ${i % 1000}`)))[0]);
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
  }
  const [duration] = await whole;
  const [p50, p95, most] = [median(times), percentile(times, 0.95), Math.max(...times)];
  return `point query beside ${name} of ${ms(duration)} ms: median ${ms(p50)} ms, p95 ${ms(p95)} ms, longest ${ms(most)} ms`;
}

async function cancelled({ name, sql }: Work, working: Client, admin: Client): Promise<string> {
  const pid = (await working.query('select pg_backend_pid() as pid')).rows[0] as { readonly pid: string };
  const times: number[] = [];
  for (let i = 0; i < CANCELS; i++) {
    const ended = working.query(sql).then(
      () => false,
      () => true,
    );
    await new Promise((resolve) => setTimeout(resolve, CANCELLED_AFTER_MS));
    await admin.query(`select pg_cancel_backend(${pid.pid})`);
    const [time, wasCancelled] = await timed(() => ended);
    if (wasCancelled) times.push(time);
  }
  return times.length === 0
    ? `${name} ended before it was cancelled`
    : `${name} cancelled: ended after ${times.map(ms).join(', ')} ms`;
}
