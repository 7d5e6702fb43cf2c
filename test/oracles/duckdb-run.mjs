/**
 * The DuckDB side of the benchmark, in a process of its own: loads the tables with COPY, runs the queries, prints one JSON
 * object: load times, and per query its hot times and rows (text cells).
 *   node test/oracles/duckdb-run.mjs <data folder> <threads> <hot runs> <comma-separated query numbers> <schema JSON>
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';

const [folder = '', threads = '2', runs = '5', wanted = '', schema = '[]'] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:', { threads })).connect();
/** @type {Record<string, number>} */
const loadMs = {};
for (const [table, columns] of JSON.parse(schema)) {
  await connection.run(`CREATE TABLE ${table} ${columns}`);
  const started = performance.now();
  await connection.run(`COPY ${table} FROM '${join(folder, table).replaceAll("'", "''")}/*' (FORMAT CSV, DELIMITER '|', HEADER false, QUOTE '')`);
  loadMs[table] = performance.now() - started;
}
/** @type {Record<string, { ms: number[], rows: (string | null)[][] }>} */
const queries = {};
for (const number of wanted.split(',')) {
  const sql = readFileSync(join(folder, 'queries', `q${number}.sql`), 'utf8');
  let rows = [];
  const ms = [];
  for (let run = 0; run <= Number(runs); run++) {
    const started = performance.now();
    rows = await (await connection.run(sql)).getRows();
    if (run > 0) ms.push(performance.now() - started);
  }
  queries[number] = { ms, rows: rows.map((row) => row.map((c) => (c === null ? null : String(c)))) };
}
process.stdout.write(JSON.stringify({ loadMs, queries }));
