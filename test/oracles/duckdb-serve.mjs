/**
 * DuckDB in a process of its own, for the benchmark: a database file, asked line by line. Each line of standard input is
 * a JSON request, each line of standard output its answer: {"load": [table, columns]} gives {ms}, {"query": sql} gives
 * {ms, rows} with text cells, interrupted after {timeoutMs}; what failed gives {error}.
 *   node test/oracles/duckdb-serve.mjs <data folder> <database file> <threads>
 */
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const [folder = '', file = '', threads = '2'] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(file, { threads })).connect();

async function load(/** @type {string} */ table, /** @type {string} */ columns) {
  await connection.run(`CREATE TABLE ${table} ${columns}`);
  const started = performance.now();
  await connection.run(`COPY ${table} FROM '${join(folder, table).replaceAll("'", "''")}/*' (FORMAT CSV, DELIMITER '|', HEADER false, QUOTE '')`);
  return { ms: performance.now() - started };
}
async function query(/** @type {string} */ sql, /** @type {number | undefined} */ timeoutMs) {
  const started = performance.now();
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => connection.interrupt(), timeoutMs);
  try {
    const rows = await (await connection.run(sql)).getRows();
    const ms = performance.now() - started;
    return { ms, rows: rows.map((row) => row.map((c) => (c === null ? null : String(c)))) };
  } finally {
    clearTimeout(timer);
  }
}
for await (const line of createInterface({ input: process.stdin })) {
  const request = JSON.parse(line);
  let answer;
  try {
    answer = request.load ? await load(request.load[0], request.load[1]) : await query(request.query, request.timeoutMs);
  } catch (error) {
    answer = { error: error instanceof Error ? error.message : String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
