/**
 * Parquet beside DuckDB: what it writes in every codec and both page versions is loaded as it reads it, and what UNLOAD writes it reads as
 * it is in the table. Skipped where DuckDB is not installed (npm ci in test/oracles).
 */
import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AUTH, Lake } from './cluster.ts';
import { Duckdb, isDuckdbThere } from './duckdb.ts';

describe.skipIf(!isDuckdbThere)('DuckDB', () => {
  let lake: Lake;
  let duckdb: Duckdb;
  beforeAll(async () => {
    lake = await Lake.open({ nodes: 1, slices: 2 });
    duckdb = new Duckdb();
    await duckdb.rows(`create table t as select i::int as i4, (i*7919%1000)::smallint as i2, i::bigint*1000003 as i8, i%3=0 as b, (i*1.5)::float as f4,
      i/8.0 as f8, (i*37%100000/100.0)::decimal(9,2) as d9, (i*12345.678)::decimal(18,3) as d18, (i::hugeint*1000000000000)::decimal(38,4) as d38,
      date '1992-01-01' + (i%3000)::int as dt, timestamp '2020-01-01' + interval (i) second as ts, case when i%5=0 then null else 'é'||(i%97) end as s,
      'number '||i||repeat('x', (i%50)::int) as s2, case when i%11=0 then null else i::int end as ni from range(20000) r(i)`);
  }, 120_000);
  afterAll(async () => {
    duckdb.close();
    await lake.close();
  });
  const COLUMNS = `(i4 int, i2 smallint, i8 bigint, b boolean, f4 real, f8 float8, d9 decimal(9,2), d18 decimal(18,3), d38 decimal(38,4), dt date,
    ts timestamp, s varchar(20), s2 varchar(100), ni int)`;
  const CHECK =
    'select count(*), sum(i4), sum(i2), sum(i8), sum(f8), sum(d9), sum(d18), sum(d38), count(s), max(s), min(s2), max(s2), count(ni), sum(ni) from';
  const numbers = (rows: readonly (readonly (string | null)[])[]): unknown[] =>
    rows[0]!.map((c) => (c !== null && /^-?[\d.e+]+$/.test(c) ? Number(c) : c));
  const path = (key: string): string => lake.path(key).replaceAll("'", "''");

  test.each(['uncompressed', 'snappy', 'gzip', 'zstd', 'brotli', 'lz4_raw'])('%s', async (codec) => {
    const wanted = numbers(await duckdb.rows(`${CHECK} t`));
    for (const version of ['v1', 'v2']) {
      const key = `in/${codec}-${version}`;
      mkdirSync(lake.path('in'), { recursive: true });
      await duckdb.rows(
        `copy t to '${path(key)}' (format parquet, compression ${codec}, parquet_version ${version}, row_group_size 5000)`,
      );
      await lake.run('drop table if exists t');
      await lake.run(`create table t ${COLUMNS}`);
      await lake.run(`copy t from 's3://lake/${key}' ${AUTH} format as parquet`);
      expect(numbers(await lake.rows(`${CHECK} t`)), version).toEqual(wanted);
    }
  });
  test('reads what is written, row by row', async () => {
    await lake.run(`unload ('select * from t') to 's3://lake/out/t_' ${AUTH} format as parquet`);
    const files = `read_parquet('${path('out')}/*.parquet')`;
    expect(
      await duckdb.rows(
        `select count(*) from ((from t except all from ${files}) union all (from ${files} except all from t))`,
      ),
    ).toEqual([['0']]);
  });
});
