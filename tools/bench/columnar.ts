/**
 * Parquet in the benchmark: lineitem out of each engine and into it again, both from the file that DuckDB wrote. What was
 * written and what was loaded is compared first: counts, sums, ends.
 */
import { mkdirSync, rmSync, statSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { cpuMs, ms, plainColumns, type Engine, type Surroundings } from './engine.ts';

const FOLDER = 'parquet';
const check = (from: string): string =>
  `select count(*), sum(l_orderkey), sum(l_partkey), sum(l_quantity), sum(l_extendedprice), sum(l_tax), cast(min(l_shipdate) as varchar(10)), cast(max(l_receiptdate) as varchar(10)), max(l_comment) from ${from}`;

interface Cost {
  readonly ms: number;
  readonly cpu: number;
}
async function cost(engine: Engine, sql: string): Promise<Cost> {
  const before = cpuMs(engine.pid) ?? 0;
  const { ms: time } = await engine.query(sql);
  return { ms: time, cpu: (cpuMs(engine.pid) ?? 0) - before };
}
const numbers = (rows: readonly (readonly (string | null)[])[]): string =>
  JSON.stringify(rows[0]!.map((c) => (c !== null && /^-?[\d.]+$/.test(c) ? Number(c) : c)));

/** `columns`: of lineitem. */
export async function columnarLines(
  ours: Engine,
  duckdb: Engine,
  { bucketRoot, bucket }: Surroundings,
  columns: string,
): Promise<readonly string[]> {
  const folder = join(bucketRoot, bucket, FOLDER);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(join(folder, 'duckdb'), { recursive: true });
  const file = join(folder, 'duckdb/lineitem.parquet');
  const quoted = (path: string): string => `'${path.replaceAll("'", "''")}'`;
  const out = [
    await cost(
      ours,
      `unload ('select * from lineitem') to 's3://${bucket}/${FOLDER}/ours/l' iam_role default format parquet`,
    ),
    await cost(duckdb, `copy lineitem to ${quoted(file)} (format parquet)`),
  ] as const;
  await ours.query(`create table from_parquet ${plainColumns(columns)} diststyle even`);
  await duckdb.query(`create table from_parquet ${plainColumns(columns)}`);
  const into = [
    await cost(
      ours,
      `copy from_parquet from 's3://${bucket}/${FOLDER}/duckdb/' iam_role default format parquet statupdate off`,
    ),
    await cost(duckdb, `copy from_parquet from ${quoted(file)} (format parquet)`),
  ] as const;
  const wanted = numbers((await duckdb.query(check('lineitem'))).rows);
  const found: readonly [string, string][] = [
    ['COPY', numbers((await ours.query(check('from_parquet'))).rows)],
    ['UNLOAD', numbers((await duckdb.query(check(quoted(join(folder, 'ours/*.parquet'))))).rows)],
  ];
  const differs = found.filter(([, text]) => text !== wanted).map(([what]) => what);
  const written = (name: string): number =>
    readdirSync(join(folder, name)).reduce((sum, f) => sum + statSync(join(folder, name, f)).size, 0) / 1e6;
  const line = (what: string, [a, b]: readonly [Cost, Cost]): string =>
    `${what}: Slicehouse ${ms(a.ms)} ms (processor ${ms(a.cpu)}), DuckDB ${ms(b.ms)} ms (${ms(b.cpu)})`;
  const verdict = differs.length === 0 ? 'same' : `DIFFERS: ${differs.join(', ')}`;
  const sizes = `${written('ours').toFixed(0)} and ${written('duckdb').toFixed(0)} MB`;
  for (const engine of [ours, duckdb]) await engine.query('drop table from_parquet');
  rmSync(folder, { recursive: true, force: true });
  return [`${line('lineitem into Parquet', out)}, ${sizes}`, `${line('lineitem from Parquet', into)}: ${verdict}`];
}
