/**
 * A workload is a schema, its data and a folder of queries with the answers on which DuckDB and PostgreSQL agree
 * (`npm run answers` writes them). Here: what one is, how its queries and answers are read, how its data gets into a
 * Slicehouse cluster.
 */
import { mkdirSync, readFileSync, readdirSync, copyFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';

const root = join(import.meta.dirname, '../..');

export interface Workload {
  readonly name: string;
  /** Names and columns with Redshift's table attributes, as CREATE TABLE takes them. */
  readonly tables: readonly (readonly [string, string])[];
  /** The table's rows: a gzip file, fields parted by `|`, an empty field is NULL, no quotes. */
  file(table: string): string;
}
export interface Query {
  readonly name: string;
  /** For Slicehouse, and after rewriting (dialects.ts) for the others, unless these have a text of their own. */
  readonly text: string;
  readonly postgresql: string | undefined;
  readonly duckdb: string | undefined;
}
export type Cells = readonly (readonly (string | null)[])[];
export interface Rows {
  readonly columns: readonly string[];
  readonly rows: Cells;
}

const SECTION = /^-- in (PostgreSQL|DuckDB):$/m;
/** The text of a query file; `-- in PostgreSQL:` and `-- in DuckDB:` on lines of their own begin what these run instead. */
export function parseQuery(name: string, file: string): Query {
  const [text = '', ...sections] = file.split(SECTION);
  const of = (engine: string): string | undefined => {
    const at = sections.indexOf(engine);
    return at < 0 ? undefined : sections[at + 1]!.trim();
  };
  return { name, text: text.trim(), postgresql: of('PostgreSQL'), duckdb: of('DuckDB') };
}
export const workloadFolder = (name: string): string => join(root, 'test', name);

export const queriesOf = (workload: string): Query[] =>
  readdirSync(join(workloadFolder(workload), 'queries'))
    .filter((f) => f.endsWith('.sql'))
    .sort()
    .map((f) => parseQuery(f.slice(0, -4), readFileSync(join(workloadFolder(workload), 'queries', f), 'utf8')));

const escaped = (value: string | null): string =>
  value === null ? '\\N' : value.replaceAll('\\', '\\\\').replaceAll('\t', '\\t').replaceAll('\n', '\\n').trimEnd();
const MEANT: { readonly [letter: string]: string } = { t: '\t', n: '\n', '\\': '\\' };
const plain = (cell: string): string | null =>
  cell === '\\N' ? null : cell.replace(/\\([tn\\])/g, (_, c: string) => MEANT[c] as string);

export const answerPath = (workload: string, query: string): string =>
  join(workloadFolder(workload), 'answers', `${query}.tsv`);

/** Lines of cells parted by tabs, `\N` is NULL; the first holds the names of the columns. */
export const answerText = ({ columns, rows }: Rows): string =>
  [columns, ...rows].map((row) => `${row.map(escaped).join('\t')}\n`).join('');

export function readAnswer(workload: string, query: string): Rows {
  const [first = '', ...lines] = readFileSync(answerPath(workload, query), 'utf8').replace(/\n$/, '').split('\n');
  return { columns: first.split('\t'), rows: lines.map((line) => line.split('\t').map(plain)) };
}

/** Copies the files to the bucket named as the workload and loads them, as a user would. */
export async function loadWorkload(workload: Workload, client: pg.Client, s3Root: string): Promise<void> {
  mkdirSync(join(s3Root, workload.name), { recursive: true });
  for (const [table, columns] of workload.tables) {
    copyFileSync(workload.file(table), join(s3Root, workload.name, `${table}.gz`));
    await client.query(`create table ${table} ${columns}`);
    await client.query(
      `copy ${table} from 's3://${workload.name}/${table}.gz' iam_role default delimiter '|' emptyasnull gzip`,
    );
  }
  await client.query('analyze');
}
