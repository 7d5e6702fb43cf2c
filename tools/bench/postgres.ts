/**
 * PostgreSQL as an engine of the benchmark, when `initdb` and `postgres` are installed: a throw-away cluster with the usual
 * tuning, loaded with COPY, primary keys and statistics.
 */
import { execFileSync, spawn } from 'node:child_process';
import { chownSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { plainColumns, say, timed, type Engine, type Rows, type Surroundings } from './engine.ts';

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

/** Undefined where PostgreSQL is not installed. */
export async function startPostgres(surroundings: Surroundings): Promise<Engine | undefined> {
  const folder = mkdtempSync(join(tmpdir(), 'slicehouse-bench-pg-'));
  const as = account();
  if (as.uid !== undefined && as.gid !== undefined) chownSync(folder, as.uid, as.gid);
  try {
    execFileSync('initdb', ['-D', folder, '-A', 'trust', '-E', 'UTF8', '--locale=C', '-U', 'bench'], {
      ...as,
      stdio: 'ignore',
    });
  } catch (error) {
    say(`no PostgreSQL here (${(error as Error).message.split('\n')[0]})`);
    rmSync(folder, { recursive: true, force: true });
    return undefined;
  }
  const settings = {
    port: PORT,
    unix_socket_directories: folder,
    shared_buffers: '2GB',
    work_mem: '512MB',
    max_parallel_workers_per_gather: surroundings.threads,
    fsync: 'off',
    jit: 'on',
    random_page_cost: '1.1',
  };
  const server = spawn(
    'postgres',
    ['-D', folder, ...Object.entries(settings).flatMap(([k, v]) => ['-c', `${k}=${v}`])],
    { ...as, stdio: 'ignore' },
  );
  const ended = new Promise((resolve) => server.on('close', resolve));
  const client = await connected();
  const data = join(surroundings.bucketRoot, surroundings.bucket);
  return {
    name: 'PostgreSQL',
    pid: undefined,
    load: async (table, columns) => {
      await client.query(`create table ${table} ${plainColumns(columns)}`);
      const parts = readdirSync(join(data, table)).sort();
      return (await timed(async () => parts.forEach((part) => copyFile(table, join(data, table, part)))))[0];
    },
    loaded: async () => {
      for (const [table, columns] of KEYS) await client.query(`alter table ${table} add primary key (${columns})`);
      await client.query('vacuum analyze');
    },
    query: async (sql) => {
      const [ms, result] = await timed(() => client.query({ text: sql, rowMode: 'array' }));
      return { ms, rows: result.rows as Rows };
    },
    close: async () => {
      await client.end();
      server.kill('SIGINT');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function connected(): Promise<pg.Client> {
  for (let tries = 0; ; tries++) {
    const client = new pg.Client({
      host: '127.0.0.1',
      port: PORT,
      user: 'bench',
      database: 'postgres',
      types: { getTypeParser: () => (v: unknown) => v } as never,
    });
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
