/**
 * The 22 TPC-H queries at scale 0.01 against the reference answers, on two nodes of two slices: rows in order, numbers to
 * ten digits. Where the answers carry one value for an average, Redshift's decimal scale is shorter: sameCell allows that.
 */
import { mkdirSync, readFileSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sameCell, TPCH_TABLES } from './schema.ts';

const root = join(import.meta.dirname, '../..');
const fixtures = join(root, 'fixtures/tpch-sf0.01');
const numbers = Array.from({ length: 22 }, (_, i) => String(i + 1).padStart(2, '0'));

interface Cluster {
  readonly url: string;
  readonly s3Root: string;
  close(): Promise<void>;
}
let cluster: Cluster;
let client: pg.Client;

beforeAll(async () => {
  const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
  await buildAll();
  const built = (await import(join(root, 'dist/index.js'))) as { startCluster(options: object): Promise<Cluster> };
  cluster = await built.startCluster({ nodes: 2, slices: 2 });
  client = new pg.Client({
    connectionString: cluster.url,
    types: { getTypeParser: () => (v: unknown) => v } as never,
  });
  await client.connect();
  mkdirSync(join(cluster.s3Root, 'tpch'), { recursive: true });
  for (const [table, columns] of TPCH_TABLES) {
    copyFileSync(join(fixtures, `${table}.tbl.gz`), join(cluster.s3Root, 'tpch', `${table}.tbl.gz`));
    await client.query(`create table ${table} ${columns}`);
    await client.query(`copy ${table} from 's3://tpch/${table}.tbl.gz' iam_role default delimiter '|' gzip`);
  }
  await client.query('analyze');
});
afterAll(async () => {
  await client?.end();
  await cluster?.close();
});

test.each(numbers)('query %s', async (number) => {
  const sql = readFileSync(join(fixtures, 'queries', `q${number}.sql`), 'utf8');
  const expected = readFileSync(join(fixtures, 'answers', `q${number}.tsv`), 'utf8')
    .replace(/\n$/, '')
    .split('\n')
    .slice(1)
    .map((line) => line.split('\t').map((c) => (c === 'NULL' || c === '' ? null : c)));
  const { rows } = await client.query({ text: sql, rowMode: 'array' });
  expect(rows.length).toBe(expected.length);
  const wrong = rows.findIndex(
    (row, i) =>
      row.length !== expected[i]?.length ||
      !row.every((c, j) => sameCell(c as string | null, expected[i]?.[j] ?? null)),
  );
  if (wrong >= 0) expect({ row: wrong, cells: rows[wrong] }).toEqual({ row: wrong, cells: expected[wrong] });
});
