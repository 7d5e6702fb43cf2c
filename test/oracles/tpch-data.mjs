/**
 * Makes TPC-H data with the DuckDB release that has dbgen linked in: <folder>/<table>/<table>.tbl.<part> ('|', no trailing
 * delimiter), queries/qNN.sql. A process of its own, because two DuckDB releases do not live in one.
 *   node test/oracles/tpch-data.mjs <folder> <scale factor> <parts of the large tables>
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DuckDBInstance } from 'duckdb-tpch';

const [folder = '', scale = '1', parts = '4'] = process.argv.slice(2);
const connection = await (await DuckDBInstance.create(':memory:')).connect();
await connection.run(`CALL dbgen(sf=${Number(scale)})`);
const TABLES = ['region', 'nation', 'supplier', 'customer', 'part', 'partsupp', 'orders', 'lineitem'];
for (const table of TABLES) {
  const count = ['region', 'nation', 'supplier'].includes(table) ? 1 : Number(parts);
  mkdirSync(join(folder, table), { recursive: true });
  for (let part = 0; part < count; part++) {
    const file = join(folder, table, `${table}.tbl.${part}`).replaceAll("'", "''");
    await connection.run(
      `COPY (SELECT * FROM ${table} WHERE rowid * ${count} // (SELECT count(*) FROM ${table}) = ${part}) TO '${file}' (FORMAT CSV, DELIMITER '|', HEADER false, QUOTE '')`,
    );
  }
}
mkdirSync(join(folder, 'queries'), { recursive: true });
const queries = await (await connection.run('SELECT query_nr, query FROM tpch_queries() ORDER BY 1')).getRows();
for (const [number, text] of queries) writeFileSync(join(folder, 'queries', `q${String(number).padStart(2, '0')}.sql`), `${String(text).trim()}\n`);
