/**
 * `npm run bench -- [--sf 1] [--runs 5] [--queries 01,03,06,12,18|all] [--slices cores] [--postgres] [--quick]`
 * Measures the built server (one node, as many slices as cores) beside DuckDB on the same data and cores, results compared
 * before they are timed: COPY, TPC-H queries, start-up, round trips, a cold query, and point queries while a large result
 * drains. Data and other engines live in node_modules/.cache and test/oracles, made on first use.
 */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import pg from 'pg';
import { TPCH_TABLES, sameCell } from '../test/tpch/schema.ts';
import { benchPostgres } from './bench-postgres.ts';

const root = join(import.meta.dirname, '..');
const { values } = parseArgs({
  options: {
    sf: { type: 'string', default: '1' },
    runs: { type: 'string', default: '5' },
    queries: { type: 'string', default: '01,03,06,12,18' },
    slices: { type: 'string', default: String(availableParallelism()) },
    postgres: { type: 'boolean', default: false },
    quick: { type: 'boolean', default: false },
  },
});
const runs = Number(values.runs);
const threads = Number(values.slices);
const queries =
  values.queries === 'all'
    ? Array.from({ length: 22 }, (_, i) => String(i + 1).padStart(2, '0'))
    : values.queries.split(',');
const data = join(root, 'node_modules/.cache/slicehouse-bench', `tpch-sf${values.sf}`);

const say = (line: string): void => void process.stderr.write(`bench: ${line}\n`);
const print = (line: string): void => void process.stdout.write(`${line}\n`);
const median = (list: readonly number[]): number =>
  [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)] as number;
const percentile = (list: readonly number[], p: number): number =>
  [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * p))] as number;
const ms = (value: number): string =>
  value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);

/** DuckDB's type names are ours but for what stands behind the column list. */
const plainSchema = (): string =>
  JSON.stringify(
    TPCH_TABLES.map(([name, text]) => [
      name,
      `${text.slice(0, text.lastIndexOf(')', text.search(/diststyle|distkey/)) + 1)}`,
    ]),
  );

function prepare(): void {
  const oracles = join(root, 'test/oracles');
  if (!existsSync(join(oracles, 'node_modules/duckdb-tpch'))) {
    say('npm ci in test/oracles');
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel', 'error'], {
      cwd: oracles,
      stdio: ['ignore', 2, 2],
    });
  }
  if (!existsSync(join(data, 'queries/q22.sql'))) {
    say(`TPC-H data at scale ${values.sf}`);
    mkdirSync(data, { recursive: true });
    execFileSync(process.execPath, [join(oracles, 'tpch-data.mjs'), data, values.sf, String(Math.max(4, threads))], {
      stdio: ['ignore', 2, 2],
    });
  }
}

interface Server {
  readonly child: ChildProcess;
  readonly url: string;
  readonly startMs: number;
  stop(): Promise<void>;
}
function startServer(options: readonly string[]): Promise<Server> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [join(root, 'dist/main.js'), '--port', '0', '--http-port', '0', '--nodes', '1', ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
      const ready = /^slicehouse ready (\S+)/m.exec(text);
      if (ready) {
        const stop = async (): Promise<void> => {
          child.kill('SIGTERM');
          await ended;
        };
        resolve({ child, url: ready[1] as string, startMs: performance.now() - started, stop });
      }
    });
    void ended.then(() => reject(new TypeError('the server ended before it was ready')));
  });
}
async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => (v: unknown) => v } as never });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const started = performance.now();
  const result = await work();
  return [performance.now() - started, result];
}

async function benchStart(): Promise<number> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const folder = mkdtempSync(join(tmpdir(), 'slicehouse-bench-'));
    const server = await startServer(['--slices', String(threads), '--data-dir', folder]);
    times.push(server.startMs);
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return median(times);
}

async function load(client: pg.Client): Promise<Record<string, number>> {
  const times: Record<string, number> = {};
  for (const [table, columns] of TPCH_TABLES) {
    await client.query(`create table ${table} ${columns}`);
    [times[table]] = await timed(() =>
      client.query(`copy ${table} from 's3://bench/${table}/' iam_role default delimiter '|' compupdate off`),
    );
  }
  await client.query('analyze');
  return times;
}

type Rows = readonly (readonly (string | null)[])[];
async function hot(client: pg.Client, sql: string): Promise<{ times: number[]; rows: Rows }> {
  const times: number[] = [];
  let rows: Rows = [];
  await client.query('set enable_result_cache_for_session to off');
  for (let i = 0; i <= runs; i++) {
    const [time, result] = await timed(() => client.query({ text: sql, rowMode: 'array' }));
    if (i > 0) times.push(time);
    rows = result.rows as Rows;
  }
  return { times, rows };
}
const same = (a: Rows, b: Rows): boolean =>
  a.length === b.length && a.every((row, i) => row.every((cell, j) => sameCell(cell, b[i]?.[j] ?? null)));

/** Anonymous resident memory of a process, MB; 0 where /proc does not tell. */
function anonymousMegabytes(pid: number): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return 0;
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] ?? 0) / 1024;
}

/** Warm round trip, a plan never seen before, and point queries beside a large result that drains. */
async function benchLatency(url: string, pid: number): Promise<void> {
  const client = await connect(url);
  const round: number[] = [];
  for (let i = 0; i < 500; i++) round.push((await timed(() => client.query('select 1')))[0]);
  const cold: number[] = [];
  for (let i = 0; i < 20; i++) {
    const terms = Array.from({ length: i + 1 }, (_, k) => `n_nationkey + ${k}`).join(', ');
    cold.push((await timed(() => client.query(`select ${terms} from nation where n_regionkey = ${i % 5}`)))[0]);
  }
  const point: number[] = [];
  for (let i = 1; i <= 200; i++)
    point.push((await timed(() => client.query(`select c_name from customer where c_custkey = ${i}`)))[0]);
  print(
    `select 1, warm                     median ${ms(median(round.slice(50)))} ms, p95 ${ms(percentile(round.slice(50), 0.95))} ms`,
  );
  print(`a plan never seen, small table     median ${ms(median(cold))} ms`);
  print(
    `point query by sort key            median ${ms(median(point.slice(20)))} ms, p95 ${ms(percentile(point.slice(20), 0.95))} ms`,
  );
  const rowCount = Number((await client.query('select 2 * count(*) as n from lineitem')).rows[0]?.n);
  const started = performance.now();
  let drained: number | undefined;
  const sql = 'select l_orderkey, l_comment from lineitem union all select l_orderkey, l_comment from lineitem';
  const child = spawn(process.execPath, [join(root, 'tools/bench-drain.mjs'), url, sql], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.on('close', (code) => (drained = code === 0 ? Number(output) : -1));
  const beside: number[] = [];
  const before = anonymousMegabytes(pid);
  let peak = before;
  for (let i = 1; drained === undefined; i++) {
    peak = Math.max(peak, anonymousMegabytes(pid));
    beside.push((await timed(() => client.query(`select c_name from customer where c_custkey = ${i % 1000}`)))[0]);
  }
  const seconds = (performance.now() - started) / 1000;
  print(
    `point query beside a drain         median ${ms(median(beside))} ms, p95 ${ms(percentile(beside, 0.95))} ms ` +
      `(${beside.length} queries while ${rowCount} rows, ${(drained / 1e6).toFixed(0)} MB, left in ${seconds.toFixed(1)} s)`,
  );
  if (before > 0)
    print(`memory of the whole process rose by ${(peak - before).toFixed(0)} MB at most during that drain`);
  await client.end();
}

interface Other {
  readonly loadMs: Readonly<Record<string, number>>;
  readonly queries: Readonly<Record<string, { readonly ms: readonly number[]; readonly rows: Rows }>>;
}
function duckdb(): Other {
  const text = execFileSync(
    process.execPath,
    [
      join(root, 'test/oracles/duckdb-run.mjs'),
      data,
      String(threads),
      String(runs),
      queries.join(','),
      plainSchema(),
    ],
    { stdio: ['ignore', 'pipe', 2], maxBuffer: 1 << 30 },
  );
  return JSON.parse(String(text)) as Other;
}
const folderBytes = (folder: string): number =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, f) => sum + (statSync(join(folder, f)).isFile() ? statSync(join(folder, f)).size : 0),
    0,
  );

async function benchTpch(url: string, dataDir: string): Promise<boolean> {
  const client = await connect(url);
  say('COPY into slicehouse');
  const loads = await load(client);
  say('DuckDB');
  const duck = duckdb();
  const postgres = values.postgres ? await benchPostgres(data, queries, runs) : undefined;
  const totalOf = (times: Readonly<Record<string, number>>): number =>
    Object.values(times).reduce((a, b) => a + b, 0);
  const megabytes = folderBytes(join(data, 'lineitem')) / 1e6;
  print(
    `COPY lineitem (${megabytes.toFixed(0)} MB)   ${ms(loads['lineitem'] as number)} ms = ${((megabytes * 1000) / (loads['lineitem'] as number)).toFixed(0)} MB/s; DuckDB ${ms(duck.loadMs['lineitem'] as number)} ms`,
  );
  print(
    `COPY all tables            ${ms(totalOf(loads))} ms; DuckDB ${ms(totalOf(duck.loadMs))} ms; on disk ${(folderBytes(join(dataDir, 'slices')) / 1e6).toFixed(0)} MB`,
  );
  print(`\nTPC-H SF${values.sf}, ${threads} slices, ${threads} threads, ${runs} hot runs\n`);
  print(
    `| Q | ours best ms | ours median ms | DuckDB best ms | DuckDB / ours |${postgres ? ' PostgreSQL ms | PostgreSQL / ours |' : ''} result |`,
  );
  print(`|-|-|-|-|-|${postgres ? '-|-|' : ''}-|`);
  let good = true;
  const ratios: number[] = [];
  for (const number of queries) {
    const other = duck.queries[number] as Other['queries'][string];
    const otherBest = Math.min(...other.ms);
    try {
      const { times, rows } = await hot(client, readFileSync(join(data, 'queries', `q${number}.sql`), 'utf8'));
      const equal = same(rows, other.rows);
      if (!equal) good = false;
      const best = Math.min(...times);
      ratios.push(otherBest / best);
      const beside =
        postgres?.[number] === undefined
          ? ''
          : ` ${ms(postgres[number])} | ${(postgres[number] / best).toFixed(1)} |`;
      print(
        `| ${Number(number)} | ${ms(best)} | ${ms(median(times))} | ${ms(otherBest)} | ${(otherBest / best).toFixed(2)} |${beside} ${equal ? 'same' : 'DIFFERS'} |`,
      );
    } catch (error) {
      good = false;
      print(`| ${Number(number)} | failed: ${(error as Error).message} | | ${ms(otherBest)} | | |`);
    }
  }
  if (ratios.length > 0)
    print(
      `\ngeometric mean of DuckDB / ours: ${Math.exp(ratios.reduce((sum, r) => sum + Math.log(r), 0) / ratios.length).toFixed(2)}`,
    );
  await client.end();
  return good;
}

prepare();
const folder = mkdtempSync(join(tmpdir(), 'slicehouse-bench-'));
const s3 = join(folder, 's3', 'bench');
mkdirSync(s3, { recursive: true });
cpSync(data, s3, { recursive: true });
try {
  if (!values.quick)
    print(`start to the ready line, empty data directory   median of 5: ${ms(await benchStart())} ms`);
  const server = await startServer(['--slices', String(threads), '--data-dir', folder]);
  try {
    if (!(await benchTpch(server.url, folder))) process.exitCode = 1;
    if (!values.quick) await benchLatency(server.url, server.child.pid ?? 0);
  } finally {
    await server.stop();
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}
