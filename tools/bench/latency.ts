/**
 * The part of the benchmark that times single statements: start-up, round trips, a plan never seen before, point queries
 * alone and beside a large result that drains into a client of its own.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { median, ms, percentile, timed } from './engine.ts';
import { connect, startServer, type Server } from './slicehouse.ts';

const root = join(import.meta.dirname, '../..');

export async function startLine(tree: string, threads: number): Promise<string> {
  const times: number[] = [];
  for (let i = 0; i < 5; i++) {
    const folder = mkdtempSync(join(tmpdir(), 'slicehouse-bench-'));
    const server = await startServer(tree, ['--slices', String(threads), '--data-dir', folder]);
    times.push(server.startMs);
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  }
  return `start to the ready line, empty data directory: median of 5 ${ms(median(times))} ms`;
}

/** Anonymous resident memory of a process, MB; 0 where /proc does not tell. */
function anonymousMegabytes(pid: number): number {
  const status = `/proc/${pid}/status`;
  if (!existsSync(status)) return 0;
  return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(status, 'utf8'))?.[1] ?? 0) / 1024;
}
const figures = (times: readonly number[]): string =>
  `median ${ms(median(times))} ms, p95 ${ms(percentile(times, 0.95))} ms`;

export async function latencyLines(server: Server): Promise<readonly string[]> {
  const client = await connect(server.url);
  const lines: string[] = [];
  const time = async (sql: string): Promise<number> => (await timed(() => client.query(sql)))[0];
  const round: number[] = [];
  for (let i = 0; i < 500; i++) round.push(await time('select 1'));
  lines.push(`select 1, warm: ${figures(round.slice(50))}`);
  const cold: number[] = [];
  for (let i = 0; i < 20; i++) {
    const terms = Array.from({ length: i + 1 }, (_, k) => `n_nationkey + ${k}`).join(', ');
    cold.push(await time(`select ${terms} from nation where n_regionkey = ${i % 5}`));
  }
  lines.push(`a plan never seen, small table: median ${ms(median(cold))} ms`);
  const point: number[] = [];
  for (let i = 1; i <= 200; i++) point.push(await time(`select c_name from customer where c_custkey = ${i}`));
  lines.push(`point query by sort key: ${figures(point.slice(20))}`);
  lines.push(...(await procedureLines(time)));
  lines.push(...(await besideADrain(server, time)));
  await client.end();
  return lines;
}

/** What a procedure computes between its statements. */
async function procedureLines(time: (sql: string) => Promise<number>): Promise<readonly string[]> {
  const loop = async (what: string, count: number, body: string): Promise<string> => {
    await time(
      `create or replace procedure bench_loop(n int) as $$
       declare x int := 0; s varchar(1000) := ''; begin for i in 1..n loop ${body} end loop; end $$ language plpgsql`,
    );
    await time('call bench_loop(100)');
    const times: number[] = [];
    for (let i = 0; i < 3; i++) times.push(await time(`call bench_loop(${count})`));
    return `a procedure's loop of ${count} ${what}: median ${ms(median(times))} ms`;
  };
  const lines = [
    await loop('assignments', 100_000, 'x := x + 1;'),
    await loop('function calls', 10_000, "s := upper('a' || i::varchar);"),
  ];
  await time('drop procedure bench_loop(int)');
  return lines;
}

async function besideADrain(server: Server, time: (sql: string) => Promise<number>): Promise<readonly string[]> {
  const started = performance.now();
  let drainedBytes: number | undefined;
  const sql = 'select l_orderkey, l_comment from lineitem union all select l_orderkey, l_comment from lineitem';
  const child = spawn(process.execPath, [join(root, 'tools/bench/drain.mjs'), server.url, sql], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.on('close', (code) => (drainedBytes = code === 0 ? Number(output) : -1));
  const pid = server.child.pid ?? 0;
  const beside: number[] = [];
  const before = anonymousMegabytes(pid);
  let peak = before;
  for (let i = 1; drainedBytes === undefined; i++) {
    peak = Math.max(peak, anonymousMegabytes(pid));
    beside.push(await time(`select c_name from customer where c_custkey = ${i % 1000}`));
  }
  const seconds = (performance.now() - started) / 1000;
  if (drainedBytes < 0) return ['point query beside a drain: the drain failed'];
  const size = `${(drainedBytes / 1e6).toFixed(0)} MB left in ${seconds.toFixed(1)} s`;
  return [
    `point query beside a drain: ${figures(beside)} (${beside.length} queries while ${size})`,
    ...(before > 0 ? [`memory of the whole process rose by ${(peak - before).toFixed(0)} MB at most meanwhile`] : []),
  ];
}
