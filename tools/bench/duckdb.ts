/** DuckDB as an engine of the benchmark: a database file in a process of its own, asked one request at a time. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { plainColumns, type Engine, type Rows, type Surroundings } from './engine.ts';

const root = join(import.meta.dirname, '../..');

export function startDuckdb(surroundings: Surroundings, folder: string): Engine {
  const { bucketRoot, bucket, threads } = surroundings;
  const child = spawn(
    process.execPath,
    [
      join(root, 'test/oracles/duckdb-serve.mjs'),
      join(bucketRoot, bucket),
      join(folder, 'duckdb.db'),
      String(threads),
    ],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const ask = async (request: object): Promise<{ readonly ms: number; readonly rows?: Rows }> => {
    child.stdin.write(`${JSON.stringify(request)}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new TypeError('DuckDB ended');
    const answer = JSON.parse(value) as { ms: number; rows?: Rows; error?: string };
    if (answer.error !== undefined) throw new TypeError(`DuckDB: ${answer.error}`);
    return answer;
  };
  return {
    name: 'DuckDB',
    pid: child.pid,
    load: async (table, columns) => (await ask({ load: [table, plainColumns(columns)] })).ms,
    loaded: async () => void (await ask({ query: 'checkpoint' })),
    query: async (sql) => {
      const { ms, rows } = await ask({ query: sql });
      return { ms, rows: rows ?? [] };
    },
    close: () =>
      new Promise((resolve) => {
        child.on('close', () => resolve());
        child.stdin.end();
      }),
  };
}
