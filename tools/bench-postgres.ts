/**
 * The PostgreSQL column of the benchmark, when `initdb` and `postgres` are installed: a throw-away cluster with the usual
 * tuning, loaded with COPY, primary keys and statistics, best of the hot runs per query.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir, availableParallelism } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { TPCH_TABLES } from '../test/tpch/schema.ts';

const PORT = 55_439;
const KEYS: readonly (readonly [string, string])[] = [
  ['customer', 'c_custkey'],
  ['part', 'p_partkey'],
  ['supplier', 's_suppkey'],
  ['orders', 'o_orderkey'],
  ['lineitem', 'l_orderkey, l_linenumber'],
  ['partsupp', 'ps_partkey, ps_suppkey'],
  ['nation', 'n_nationkey'],
  ['region', 'r_regionkey'],
];

/** PostgreSQL refuses to run as root: use the postgres account then. */
function account(): { uid?: number; gid?: number } {
  if (process.getuid?.() !== 0) return {};
  const id = (flag: string): number => Number(execFileSync('id', [flag, 'postgres']));
  return { uid: id('-u'), gid: id('-g') };
}

export async function benchPostgres(
  data: string,
  queries: readonly string[],
  runs: number,
): Promise<Record<string, number> | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'slicehouse-bench-pg-'));
  const as = account();
  if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
  try {
    execFileSync('initdb', ['-D', folder, '-A', 'trust', '-E', 'UTF8', '--locale=C', '-U', 'bench'], {
      ...as,
      stdio: 'ignore',
    });
  } catch (error) {
    process.stderr.write(`bench: no PostgreSQL here (${(error as Error).message.split('\n')[0]})\n`);
    return undefined;
  }
  const workers = availableParallelism();
  const settings = {
    port: PORT,
    unix_socket_directories: folder,
    shared_buffers: '2GB',
    work_mem: '512MB',
    max_parallel_workers_per_gather: workers,
    fsync: 'off',
    jit: 'on',
    random_page_cost: '1.1',
  };
  const server = spawn(
    'postgres',
    ['-D', folder, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
    { ...as, stdio: 'ignore' },
  );
  try {
    return await measure(data, queries, runs);
  } finally {
    const ended = new Promise((resolve) => server.on('close', resolve));
    server.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function connected(): Promise<pg.Client> {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({ host: '127.0.0.1', port: PORT, user: 'bench', database: 'postgres' });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return client;
    } catch (error) {
      if (tries > 50) throw error;
      await sleep(200);
    }
  }
}

async function measure(data: string, queries: readonly string[], runs: number): Promise<Record<string, number>> {
  const client = await connected();
  for (const [table, text] of TPCH_TABLES) {
    await client.query(
      `create table ${table} ${text.slice(0, text.lastIndexOf(')', text.search(/diststyle|distkey/)) + 1)}`,
    );
    for (const part of readdirSync(join(data, table)).sort()) copyFile(table, join(data, table, part));
  }
  for (const [table, columns] of KEYS) await client.query(`alter table ${table} add primary key (${columns})`);
  await client.query('vacuum analyze');
  const best: Record<string, number> = {};
  for (const number of queries) {
    const sql = readFileSync(join(data, 'queries', `q${number}.sql`), 'utf8');
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i <= runs; i++) {
      const started = performance.now();
      await client.query(sql);
      if (i > 0) least = Math.min(least, performance.now() - started);
    }
    best[number] = least;
  }
  await client.end();
  return best;
}

function copyFile(table: string, path: string): void {
  execFileSync(
    'psql',
    [
      '-q',
      '-h',
      '127.0.0.1',
      '-p',
      String(PORT),
      '-U',
      'bench',
      'postgres',
      '-c',
      `\\copy ${table} from '${path}' with (delimiter '|')`,
    ],
    { stdio: 'ignore' },
  );
}
