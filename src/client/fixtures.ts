/**
 * Fixtures: a folder that fills a cluster. In this order:
 *
 *   buckets/<bucket>/...                     copied into the cluster's buckets
 *   *.sql                                    scripts, in the order of their names
 *   [schema.]table.(csv|json|jsonl|ndjson|parquet)[.gz]   COPYed into the table, in the order of their names
 *
 * A CSV file begins with a line that names its columns; JSON is objects one behind another, whose names are the columns' ('auto
 * ignorecase'); a Parquet file has the table's columns in their order. Everything else in the folder is refused, so that a
 * file with a wrong name is not passed over; README* and names that begin with a dot are. COPY tries no encodings and gathers no
 * statistics, as these take longer than the rows of a fixture; `analyze` gathers them at the end.
 */
import { randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { copyFile, cp, mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createGunzip } from 'node:zlib';
import { fixtureFailed, fixtureNotUsable } from '../common/errors/api-errors.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import type { Queryable } from './query-session.ts';

export interface FixturesLoaded {
  readonly buckets: readonly string[];
  readonly scripts: readonly string[];
  /** Table as the file names it, and rows loaded. */
  readonly tables: readonly { readonly table: string; readonly rows: number }[];
}

const DATA = /^(?:([^.]+)\.)?([^.]+)\.(csv|json|jsonl|ndjson|parquet)(\.gz)?$/;
const isIgnored = (name: string): boolean => name.startsWith('.') || /^readme/i.test(name);

interface DataFile {
  readonly name: string;
  /** As SQL writes it. */
  readonly table: string;
  readonly format: string;
  readonly isGzip: boolean;
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

function dataFile(name: string): DataFile | undefined {
  const match = DATA.exec(name);
  if (match === null) return undefined;
  const [, schema, table, format, gz] = match;
  const qualified = schema === undefined ? quoted(table!) : `${quoted(schema)}.${quoted(table!)}`;
  return { name, table: qualified, format: format!, isGzip: gz !== undefined };
}

async function firstLine(path: string, isGzip: boolean): Promise<string> {
  const file = createReadStream(path);
  const input = isGzip ? file.pipe(createGunzip()) : file;
  try {
    for await (const line of createInterface({ input })) return line.replace(/^\uFEFF/, '');
    return '';
  } finally {
    file.destroy();
  }
}

/** Names in the header of a CSV file, with or without quotes. */
const headerNames = (line: string): readonly string[] =>
  [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((m) =>
    (m[1]?.replaceAll('""', '"') ?? m[2]!).trim(),
  );

/** COPY's column list and options for the file. */
async function copyClauses(path: string, file: DataFile): Promise<{ columns: string; options: string }> {
  const gzip = file.isGzip ? ' gzip' : '';
  if (file.format === 'parquet') return { columns: '', options: ' format as parquet' };
  if (file.format !== 'csv') return { columns: '', options: ` format as json 'auto ignorecase'${gzip}` };
  const names = headerNames(await firstLine(path, file.isGzip));
  if (names.every((n) => n === '')) throw fixtureNotUsable(file.name, 'its first line names no columns');
  return { columns: ` (${names.map(quoted).join(', ')})`, options: ` csv ignoreheader 1${gzip}` };
}

/** `text`: of a script, so that an error names its line. */
async function inFile<T>(name: string, work: () => Promise<T>, text?: string): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const { position } = error;
    const isPlaced = text !== undefined && position !== undefined;
    throw fixtureFailed(isPlaced ? `${name}:${text.slice(0, position).split('\n').length}` : name, error);
  }
}

/** Copies the folders below `buckets/` into the folder of the buckets; gives their names. */
async function copyBuckets(dir: string, s3Root: string): Promise<readonly string[]> {
  const from = join(dir, 'buckets');
  const entries = await readdir(from, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((e) => e.isDirectory()).map((e) => e.name);
  for (const name of names.sort()) await cp(join(from, name), join(s3Root, name), { recursive: true });
  return names;
}

/** Runs the scripts of a folder in the order of their names. */
async function runScripts(dir: string, session: Queryable): Promise<readonly string[]> {
  const scripts = (await readdir(dir)).filter((n) => n.endsWith('.sql') && !isIgnored(n)).sort();
  for (const name of scripts) {
    const text = await readFile(join(dir, name), 'utf8');
    await inFile(name, () => session.exec(text), text);
  }
  return scripts;
}

/** `remote`: the buckets are at an S3 endpoint, where nothing is copied to. */
export async function loadFixtures(
  dir: string,
  session: Queryable,
  s3Root: string,
  remote: boolean,
  analyze = false,
): Promise<FixturesLoaded> {
  const entries = (await readdir(dir, { withFileTypes: true })).filter((e) => !isIgnored(e.name));
  const files: DataFile[] = [];
  for (const entry of entries) {
    const file = entry.isFile() ? dataFile(entry.name) : undefined;
    const known = entry.isDirectory() ? entry.name === 'buckets' : entry.name.endsWith('.sql') || file !== undefined;
    if (!known)
      throw fixtureNotUsable(entry.name, 'it is no *.sql, no data file named by its table, and not buckets/');
    if (remote && (file !== undefined || entry.name === 'buckets')) {
      throw fixtureNotUsable(entry.name, 'the cluster uses a remote S3 endpoint, which fixtures are not copied to');
    }
    if (file !== undefined) files.push(file);
  }
  const buckets = await copyBuckets(dir, s3Root);
  const scripts = await runScripts(dir, session);
  const bucket = `slicehouse-fixtures-${randomUUID()}`;
  const tables: { table: string; rows: number }[] = [];
  if (files.length > 0) await mkdir(join(s3Root, bucket));
  try {
    for (const file of files.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      await copyFile(join(dir, file.name), join(s3Root, bucket, file.name));
      const { columns, options } = await copyClauses(join(dir, file.name), file);
      const source = `s3://${bucket}/${file.name}`.replaceAll("'", "''");
      const update = file.format === 'parquet' ? '' : ' compupdate off';
      const copy = `copy ${file.table}${columns} from '${source}' iam_role default${options}${update} statupdate off`;
      await inFile(file.name, () => session.query(copy));
      const loaded = await session.query<{ rows: bigint | number }>('select pg_last_copy_count() as rows');
      tables.push({ table: file.table, rows: Number(loaded.rows[0]!.rows) });
    }
  } finally {
    await rm(join(s3Root, bucket), { recursive: true, force: true });
  }
  if (analyze) await session.query('analyze');
  return { buckets, scripts, tables };
}
