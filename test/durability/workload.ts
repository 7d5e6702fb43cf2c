/**
 * A seeded workload against a server that may be killed at any moment, and the check after its restart. Each session
 * has tables of its own and a model of them, so every transaction has exactly two legal outcomes: acknowledged work must
 * be there, unacknowledged work must not, and the one transaction whose COMMIT was under way may be either, as a whole.
 * Used by kill9.test.ts and tools/campaign.ts.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { Prng } from '../../src/common/prng.ts';
import type { Server } from './server.ts';

type Rows = ReadonlyMap<number, number>;
type Model = ReadonlyMap<string, Rows>;

const ROWS_MAX = 6000;
const WIDTH = 120;
/** Doubling a table doubles the ids, which stay ints. */
const ID_MAX = 2 ** 29;
const STYLES = [
  '',
  'diststyle even',
  'diststyle even sortkey(id)',
  'diststyle key distkey(id)',
  'diststyle all',
  'distkey(id) sortkey(id, v)',
] as const;
/** Text of a row, so that a mixed-up column is seen. */
const textOf = (id: number): string => `${id}-${'x'.repeat(WIDTH)}`.slice(0, WIDTH);
const valuesOf = (rows: readonly (readonly [number, number])[]): string =>
  rows.map(([id, v]) => `(${id},${v},'${textOf(id)}')`).join(',');

export class Workload {
  committed: Model = new Map();
  /** What the transaction under way makes of it; undefined between transactions. */
  private uncertain: Model | undefined;
  private work = new Map<string, Rows>();
  private nextId = 1;
  private tables = 0;
  acknowledged = 0;
  refused = 0;
  private stopping = false;
  /** The last statements, for the report of a failure. */
  readonly recent: string[] = [];
  readonly counts: Record<string, number> = {};

  constructor(
    private readonly name: string,
    private readonly random: Prng,
    private readonly s3Root: string | undefined,
    /** Nodes may go down and the disk be full: what such an error ends is rolled back, and the session goes on. */
    private readonly retries = false,
  ) {}

  /** run() ends behind the transaction under way. */
  stopSoon(): void {
    this.stopping = true;
  }
  /** Runs transactions until the connection breaks or stopSoon() is called. */
  async run(client: pg.Client): Promise<void> {
    const stopped = { now: false };
    this.stopping = false;
    client.on('end', () => (stopped.now = true));
    while (!stopped.now && !this.stopping) {
      this.work = new Map(this.committed);
      try {
        await this.transaction(client);
      } catch (error) {
        const { code } = error as { readonly code?: string };
        // Errors with a SQLSTATE come from the server: the workload makes none.
        if (code === undefined || !/^[0-9A-Z]{5}$/.test(code) || code === '57P01') return;
        const isRefused = code === '57P02' || (error as Error).message === 'Disk Full';
        if (!this.retries || !isRefused) throw error;
        this.uncertain = undefined;
        this.refused++;
        if (!(await this.ends(client))) return;
      }
    }
  }
  /** Ends the transaction block; false when the connection is gone. */
  private async ends(client: pg.Client): Promise<boolean> {
    return client.query('rollback').then(
      () => true,
      () => false,
    );
  }
  private async sql(client: pg.Client, text: string): Promise<void> {
    await client.query(text);
  }
  private async transaction(client: pg.Client): Promise<void> {
    const shape = this.random.int(0, 99);
    if (shape < 6) return this.alone(client, this.random.pick(['vacuum', 'truncate'] as const));
    if (shape < 60) {
      const step = this.step();
      this.uncertain = this.work;
      await this.sql(client, step);
      return this.acknowledge();
    }
    await this.sql(client, 'begin');
    for (let n = this.random.int(1, 4); n > 0; n--) await this.sql(client, this.step());
    if (shape < 72) {
      await this.sql(client, 'rollback');
      this.uncertain = undefined;
      return;
    }
    this.uncertain = this.work;
    await this.sql(client, 'commit');
    this.acknowledge();
  }
  private acknowledge(): void {
    this.committed = this.uncertain!;
    this.uncertain = undefined;
    this.acknowledged++;
  }
  /** Statements that commit by themselves. */
  private async alone(client: pg.Client, what: 'vacuum' | 'truncate'): Promise<void> {
    this.count(what);
    const table = this.anyTable();
    if (table === undefined) return;
    if (what === 'truncate') this.work.set(table, new Map());
    this.uncertain = this.work;
    await this.sql(
      client,
      what === 'truncate'
        ? `truncate ${table}`
        : `vacuum ${this.random.pick(['full', 'delete only', 'sort only'])} ${table} to 100 percent`,
    );
    this.acknowledge();
  }
  private count(what: string): void {
    this.counts[what] = (this.counts[what] ?? 0) + 1;
  }
  private anyTable(): string | undefined {
    const names = [...this.work.keys()];
    return names.length === 0 ? undefined : this.random.pick(names);
  }

  /** The next statement; the model `work` follows. */
  private step(): string {
    const text = this.statement();
    this.recent.push(text.slice(0, 100));
    if (this.recent.length > 30) this.recent.shift();
    return text;
  }
  private statement(): string {
    const table = this.anyTable();
    if (table === undefined || (this.work.size < 4 && this.random.int(0, 9) === 0)) return this.create();
    const rows = this.work.get(table)!;
    const kind = this.random.int(0, 99);
    if (kind < 40) return this.insert(table, rows, this.random.pick([1, 1, 2, 5, 40, 700]));
    if (kind < 50 && rows.size > 0 && rows.size * 2 <= ROWS_MAX && this.nextId < ID_MAX)
      return this.double(table, rows);
    if (kind < 60 && this.s3Root !== undefined) return this.copy(table, rows);
    if (kind < 75) return this.update(table, rows);
    if (kind < 95) return this.remove(table, rows);
    this.count('drop');
    this.work.delete(table);
    return `drop table ${table}`;
  }
  private create(): string {
    this.count('create');
    const style = this.random.int(0, STYLES.length - 1);
    const table = `${this.name}_${this.tables++}_style${style}`;
    this.work.set(table, new Map());
    return `create table ${table} (id int, v int, s varchar(${WIDTH})) ${STYLES[style]}`;
  }
  private fresh(count: number): (readonly [number, number])[] {
    return Array.from({ length: count }, () => [this.nextId++, this.random.int(0, 1000)] as const);
  }
  private insert(table: string, rows: Rows, count: number): string {
    this.count('insert');
    const fresh = this.fresh(rows.size > ROWS_MAX ? 1 : count);
    this.work.set(table, new Map([...rows, ...fresh]));
    return `insert into ${table} values ${valuesOf(fresh)}`;
  }
  private double(table: string, rows: Rows): string {
    this.count('double');
    const shift = this.nextId;
    const most = Math.max(...rows.keys());
    this.nextId += most + 1;
    this.work.set(table, new Map([...rows, ...[...rows].map(([id, v]) => [id + shift, v] as const)]));
    const text = `left(cast(id + ${shift} as varchar) || '-' || repeat('x', ${WIDTH}), ${WIDTH})`;
    return `insert into ${table} select id + ${shift}, v, ${text} from ${table}`;
  }
  private copy(table: string, rows: Rows): string {
    this.count('copy');
    const fresh = this.fresh(this.random.pick([10, 500, 3000]));
    const file = `${this.name}-${this.nextId}.txt`;
    writeFileSync(join(this.s3Root!, 'load', file), fresh.map(([id, v]) => `${id}|${v}|${textOf(id)}\n`).join(''));
    this.work.set(table, new Map([...rows, ...fresh]));
    return `copy ${table} from 's3://load/${file}' iam_role default compupdate off statupdate off`;
  }
  private update(table: string, rows: Rows): string {
    this.count('update');
    const [k, r, v] = [this.random.pick([2, 5, 50]), this.random.int(0, 1), this.random.int(1001, 2000)];
    this.work.set(table, new Map([...rows].map(([id, old]) => [id, id % k === r ? v : old] as const)));
    return `update ${table} set v = ${v} where id % ${k} = ${r}`;
  }
  private remove(table: string, rows: Rows): string {
    this.count('delete');
    const [k, r] = [this.random.pick([2, 3, 10, 100]), this.random.int(0, 1)];
    this.work.set(table, new Map([...rows].filter(([id]) => id % k !== r)));
    return `delete from ${table} where id % ${k} = ${r}`;
  }

  /** Compares the server's tables with the model; settles what the kill left open. */
  async verify(client: pg.Client): Promise<void> {
    const found = await readTables(client, this.name);
    const wanted = this.uncertain === undefined ? [this.committed] : [this.committed, this.uncertain];
    const differences = wanted.map((model) => difference(model, found));
    const at = differences.indexOf(undefined);
    if (at < 0) {
      const what = differences.join('; or, had the last commit arrived, ');
      throw new Error(`session ${this.name}: ${what}\nlast statements:\n${this.recent.join('\n')}`);
    }
    this.committed = wanted[at]!;
    this.uncertain = undefined;
    for (const [table, rows] of this.committed) await verifyReplicas(client, table, rows);
  }
}

/** Every table of a session as rows, each checked for its text. */
async function readTables(client: pg.Client, name: string): Promise<Map<string, Map<number, number> | string>> {
  const list = await client.query(
    `select tablename from pg_tables where schemaname = 'public' and tablename like '${name}\\\\_%'`,
  );
  const found = new Map<string, Map<number, number> | string>();
  for (const { tablename: table } of list.rows as { tablename: string }[]) {
    const result = await client.query({ text: `select id, v, s from ${table}`, rowMode: 'array' });
    const rows = new Map<number, number>();
    found.set(table, rows);
    let doubled = 0;
    for (const [id, v, s] of result.rows as string[][]) {
      const known = rows.get(Number(id));
      if (known !== undefined)
        found.set(
          table,
          `${++doubled} rows are there twice, ${id} with v ${known} and ${v}; ${result.rows.length} in all`,
        );
      if (s !== textOf(Number(id))) found.set(table, `row ${id} has text ${s}`);
      rows.set(Number(id), Number(v));
    }
  }
  return found;
}
function difference(model: Model, found: Awaited<ReturnType<typeof readTables>>): string | undefined {
  for (const table of found.keys()) if (!model.has(table)) return `table ${table} should not be there`;
  for (const [table, rows] of model) {
    const got = found.get(table);
    if (got === undefined) return `table ${table} is missing`;
    if (typeof got === 'string') return `table ${table}: ${got}`;
    for (const [id, v] of rows)
      if (got.get(id) !== v)
        return `${table}: row ${id} should have v ${v} and has ${got.get(id)} (${got.size} rows, ${rows.size} expected)`;
    for (const id of got.keys())
      if (!rows.has(id)) return `${table}: row ${id} should not be there (${got.size} rows, ${rows.size} expected)`;
  }
  return undefined;
}
/** The same rows through a join on every slice: a node's copy of an ALL table must be whole for each of its slices. */
async function verifyReplicas(client: pg.Client, table: string, rows: Rows): Promise<void> {
  const result = await client.query(
    `select count(*) as n, sum(t.v) as s from probe p join ${table} t on p.k = t.id % 64`,
  );
  const [got] = result.rows as { n: string; s: string | null }[];
  const sum = [...rows.values()].reduce((a, b) => a + b, 0);
  if (Number(got!.n) !== rows.size || Number(got!.s ?? 0) !== sum) {
    throw new Error(`${table}: the join gives ${got!.n} rows with sum ${got!.s}, expected ${rows.size} with ${sum}`);
  }
}

/** The table verifyReplicas joins with: 64 rows spread over all slices. */
export async function createProbe(client: pg.Client): Promise<void> {
  await client.query('create table if not exists probe (k int) diststyle even');
  const { rows } = await client.query('select count(*) as n from probe');
  if (Number((rows[0] as { n: string }).n) > 0) return;
  await client.query(`insert into probe values ${Array.from({ length: 64 }, (_, k) => `(${k})`).join(',')}`);
}

/** Makes the bucket that COPY reads. */
export async function prepareCopy(s3Root: string): Promise<void> {
  const { mkdirSync } = await import('node:fs');
  mkdirSync(join(s3Root, 'load'), { recursive: true });
}
/** COPY is part of the workload once the server has it. */
export async function copyWorks(client: pg.Client, server: Server): Promise<boolean> {
  const { mkdirSync } = await import('node:fs');
  mkdirSync(join(server.s3Root, 'load'), { recursive: true });
  try {
    await client.query('create temp table copy_probe (a int)');
    writeFileSync(join(server.s3Root, 'load', 'probe.txt'), '1\n');
    await client.query(`copy copy_probe from 's3://load/probe.txt' iam_role default`);
    return true;
  } catch (error) {
    if ((error as { readonly code?: string }).code === '0A000') return false;
    throw error;
  }
}
