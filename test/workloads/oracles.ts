/**
 * DuckDB and PostgreSQL loaded with a workload, for `npm run answers`. DuckDB is a process of its own
 * (test/oracles/duckdb-serve.mjs), PostgreSQL its own cluster in a temporary folder.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { gunzipSync } from 'node:zlib';
import pg from 'pg';
import { startPostgres } from '../differential/engines.ts';
import { DUCKDB_FUNCTIONS, POSTGRESQL_FUNCTIONS, toDuckdb, toPostgresql } from './dialects.ts';
import type { Cells, Query, Rows, Workload } from './workload.ts';

/** A query that takes an oracle longer has no answer. */
const TIMEOUT_MS = 30_000;

export interface Oracle {
  readonly name: string;
  /** Milliseconds and the answer; throws what the engine says. */
  ask(query: Query): Promise<{ readonly ms: number; readonly answer: Rows }>;
  close(): Promise<void>;
}

/** A column list without Redshift's table attributes. */
export const plainColumns = (text: string): string => {
  const attributes = text.search(/\b(diststyle|distkey|sortkey)\b/);
  return attributes < 0 ? text : text.slice(0, text.lastIndexOf(')', attributes) + 1);
};

export async function startPostgresql(workload: Workload): Promise<Oracle> {
  const oracle = await startPostgres();
  if (typeof oracle === 'string') throw new TypeError(oracle);
  const client = new pg.Client({
    connectionString: oracle.url,
    types: { getTypeParser: () => (v: string) => v } as never,
  });
  await client.connect();
  await client.query('set max_parallel_workers_per_gather = 0');
  await client.query(`set statement_timeout = ${TIMEOUT_MS}`);
  for (const sql of POSTGRESQL_FUNCTIONS) await client.query(sql);
  const folder = mkdtempSync(join(tmpdir(), 'slicehouse-rows-'));
  chmodSync(folder, 0o755);
  for (const [table, columns] of workload.tables) {
    const path = join(folder, table);
    // Written as rows of COPY's text form: nothing in the data is quoted, a backslash would be an escape.
    writeFileSync(
      path,
      gunzipSync(readFileSync(workload.file(table)))
        .toString('utf8')
        .replaceAll('\\', '\\\\'),
    );
    await client.query(`create table ${table} ${plainColumns(columns)}`);
    await client.query(`copy ${table} from '${path}' (delimiter '|', null '')`);
  }
  rmSync(folder, { recursive: true });
  await client.query('analyze');
  return {
    name: 'PostgreSQL',
    ask: async (query) => {
      const started = performance.now();
      const { fields, rows } = await client.query<(string | null)[]>({ text: toPostgresql(query), rowMode: 'array' });
      return { ms: performance.now() - started, answer: { columns: fields.map((f) => f.name), rows } };
    },
    close: async () => {
      await client.end();
      await oracle.stop();
    },
  };
}

export async function startDuckdb(workload: Workload): Promise<Oracle> {
  const script = join(import.meta.dirname, '../oracles/duckdb-serve.mjs');
  const child = spawn(process.execPath, [script, '', ':memory:', '2'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdin.on('error', () => undefined);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const run = async (sql: string): Promise<{ readonly ms: number; readonly rows: Cells }> => {
    child.stdin.write(`${JSON.stringify({ query: sql, timeoutMs: TIMEOUT_MS })}\n`);
    const { value, done } = await lines.next();
    if (done === true) throw new TypeError('DuckDB ended');
    const answer = JSON.parse(value) as { ms: number; rows: Cells; error?: string };
    if (answer.error !== undefined) throw new TypeError(answer.error);
    return answer;
  };
  for (const sql of DUCKDB_FUNCTIONS) await run(sql);
  for (const [table, columns] of workload.tables) {
    await run(`create table ${table} ${plainColumns(columns)}`);
    await run(
      `copy ${table} from '${workload.file(table)}' (format csv, delimiter '|', header false, quote '', escape '', nullstr '', compression gzip)`,
    );
  }
  return {
    name: 'DuckDB',
    ask: async (query) => {
      const { ms, rows } = await run(toDuckdb(query));
      return { ms, answer: { columns: [], rows } };
    },
    close: () =>
      new Promise((resolve) => {
        child.on('close', () => resolve());
        child.stdin.end();
      }),
  };
}
