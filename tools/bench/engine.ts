/**
 * What the benchmark asks of an engine: load a table, answer a query, both timed. One interface for Slicehouse of this
 * tree, Slicehouse of another commit, DuckDB and PostgreSQL, so that all of them can take turns.
 */
import { readFileSync } from 'node:fs';

export type Rows = readonly (readonly (string | null)[])[];
export interface Timed {
  readonly ms: number;
  readonly rows: Rows;
}
/** Clock ticks of /proc are hundredths of a second. */
const TICK_MS = 10;
/** Processor time that a process has used on all threads, in ms; undefined where the system does not tell. */
export function cpuMs(pid: number | undefined): number | undefined {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ');
    return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
  } catch {
    return undefined;
  }
}

export interface Engine {
  readonly name: string;
  /** The process that does the work, where there is one. */
  readonly pid: number | undefined;
  /** Creates the table and loads its files; milliseconds of the load alone. */
  load(table: string, columns: string): Promise<number>;
  /** After the last load: keys, statistics, whatever the engine's users do. */
  loaded(): Promise<void>;
  query(sql: string): Promise<Timed>;
  close(): Promise<void>;
}

/** Data files `<folder>/<table>/*` and what else every engine is started with. */
export interface Surroundings {
  /** Folder whose sub-folders are the data sets (the buckets of the S3 stand-in). */
  readonly bucketRoot: string;
  readonly bucket: string;
  readonly threads: number;
  /** MiB of a node of ours; undefined: its default. */
  readonly nodeMemory?: string | undefined;
}

export async function timed<T>(work: () => Promise<T>): Promise<[number, T]> {
  const started = performance.now();
  const result = await work();
  return [performance.now() - started, result];
}

/** A column list without Redshift's table attributes. */
export const plainColumns = (text: string): string => {
  const attributes = text.search(/diststyle|distkey/);
  return attributes < 0 ? text : text.slice(0, text.lastIndexOf(')', attributes) + 1);
};

export const median = (list: readonly number[]): number => percentile(list, 0.5);
export const percentile = (list: readonly number[], p: number): number =>
  [...list].sort((a, b) => a - b)[Math.min(list.length - 1, Math.floor(list.length * p))] as number;
export const geometricMean = (list: readonly number[]): number =>
  Math.exp(list.reduce((sum, x) => sum + Math.log(x), 0) / list.length);
export const ms = (value: number): string =>
  value < 10 ? value.toFixed(2) : value < 100 ? value.toFixed(1) : value.toFixed(0);
export const say = (line: string): void => void process.stderr.write(`bench: ${line}\n`);
