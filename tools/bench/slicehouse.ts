/**
 * Slicehouse as an engine of the benchmark: the built server of a tree (this one, or another commit's) in a process of its
 * own, one node with as many slices as threads, asked by node pg.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { timed, type Engine, type Rows, type Surroundings } from './engine.ts';

export interface Server {
  readonly child: ChildProcess;
  readonly url: string;
  readonly startMs: number;
  stop(): Promise<void>;
}
export function startServer(tree: string, options: readonly string[]): Promise<Server> {
  const started = performance.now();
  const child = spawn(
    process.execPath,
    [join(tree, 'dist/main.js'), '--port', '0', '--http-port', '0', '--nodes', '1', ...options],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
  return new Promise((resolve, reject) => {
    let text = '';
    child.stdout?.on('data', (chunk) => {
      text += String(chunk);
      const ready = /^slicehouse ready (\S+)/m.exec(text);
      if (ready === null) return;
      const stop = async (): Promise<void> => {
        child.kill('SIGTERM');
        await ended;
      };
      resolve({ child, url: ready[1] as string, startMs: performance.now() - started, stop });
    });
    void ended.then(() => reject(new TypeError('the server ended before it was ready')));
  });
}

export async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => (v: unknown) => v } as never });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

export interface SlicehouseEngine extends Engine {
  readonly server: Server;
  readonly dataDir: string;
}
export async function startSlicehouse(
  name: string,
  tree: string,
  surroundings: Surroundings,
  dataDir: string,
): Promise<SlicehouseEngine> {
  mkdirSync(dataDir, { recursive: true });
  const { bucketRoot, bucket, threads, nodeMemory } = surroundings;
  const server = await startServer(tree, [
    '--slices',
    String(threads),
    '--data-dir',
    dataDir,
    '--s3-root',
    bucketRoot,
    ...(nodeMemory === undefined ? [] : ['--node-memory', nodeMemory]),
  ]);
  const client = await connect(server.url);
  await client.query('set enable_result_cache_for_session to off');
  return {
    name,
    pid: server.child.pid,
    server,
    dataDir,
    load: async (table, columns) => {
      await client.query(`create table ${table} ${columns}`);
      const copy = `copy ${table} from 's3://${bucket}/${table}/' iam_role default delimiter '|' compupdate off`;
      return (await timed(() => client.query(copy)))[0];
    },
    loaded: async () => void (await client.query('analyze')),
    query: async (sql) => {
      const [ms, result] = await timed(() => client.query({ text: sql, rowMode: 'array' }));
      return { ms, rows: result.rows as Rows };
    },
    close: async () => {
      await client.end();
      await server.stop();
    },
  };
}
