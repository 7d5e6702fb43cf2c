/**
 * Functions beside functions: every expression is evaluated alone over thousands of rows, then many stand in one
 * statement, and each must give what it gave alone. The forms: a select list, under a WHERE of other expressions, sorted,
 * joined by and grouped by one of them, and nested into one another (against the inner values stored in a table first).
 * A combination is a pair of different expressions that stood in one segment.
 */
import pg from 'pg';
import { Prng } from '../../src/common/prng.ts';
import { COLUMNS, rowValues, sources, type Expression } from './expressions.ts';

export interface BesideReport {
  readonly seed: number;
  /** Functions and operators that took part. */
  readonly functions: ReadonlySet<string>;
  readonly expressions: number;
  readonly statements: number;
  readonly combinations: number;
  readonly differences: readonly string[];
}
export interface BesideOptions {
  readonly url: string;
  readonly seed: number;
  readonly rows: number;
  readonly expressions: number;
  /** Expressions of one statement. */
  readonly width: number;
  readonly statements: number;
  readonly nulls: boolean;
  readonly log?: (line: string) => void;
}

type Cell = string | null;
interface Alone extends Expression {
  readonly oid: number;
  /** By id. */
  readonly values: readonly Cell[];
}
const BOOL = 16;
const VARCHAR = 1043;
const INSERT_ROWS = 100;

class Beside {
  private readonly random: Prng;
  private readonly differences: string[] = [];
  private readonly pool: Alone[] = [];
  private statements = 0;
  private readonly pairs = new Set<number>();

  constructor(
    private readonly client: pg.Client,
    private readonly o: BesideOptions,
  ) {
    this.random = new Prng(o.seed);
  }
  async run(): Promise<BesideReport> {
    await this.fillTable();
    await this.evaluateAlone();
    const forms = [this.list, this.list, this.filtered, this.sorted, this.joined, this.grouped, this.nested];
    for (let i = 0; i < this.o.statements; i++) {
      await forms[i % forms.length]!.call(this);
      if (i % 20 === 19)
        this.o.log?.(`seed ${this.o.seed}: ${this.statements} statements, ${this.pairs.size} combinations`);
    }
    return {
      seed: this.o.seed,
      functions: new Set(this.pool.map((e) => e.of)),
      expressions: this.pool.length,
      statements: this.statements,
      combinations: this.pairs.size,
      differences: this.differences,
    };
  }
  private async fillTable(): Promise<void> {
    const columns = Object.entries(COLUMNS).map(([name, type]) => `${name} ${type}`);
    await this.client.query(`drop table if exists v`);
    await this.client.query(`create table v (id int not null, ${columns.join(', ')}) diststyle even`);
    for (let id = 0; id < this.o.rows; id += INSERT_ROWS) {
      const n = Math.min(INSERT_ROWS, this.o.rows - id);
      const rows = Array.from({ length: n }, (_, i) => rowValues(this.random, id + i, this.o.nulls));
      await this.client.query(`insert into v values ${rows.join(', ')}`);
    }
  }
  private async rows(sql: string): Promise<pg.QueryArrayResult<Cell[]>> {
    return this.client.query<Cell[]>({ text: sql, rowMode: 'array' });
  }
  /** An expression over all rows and nothing else; undefined when it fails on this data. */
  private async alone(sql: string, of: string, table = 'v'): Promise<Alone | undefined> {
    try {
      const result = await this.rows(`select v.id, ${sql} from ${table} v`);
      const values = new Array<Cell>(this.o.rows).fill(null);
      for (const [id, value] of result.rows) values[Number(id)] = value ?? null;
      return { sql, of, oid: result.fields[1]!.dataTypeID, values };
    } catch (error) {
      // An error of the data is no candidate; a bug, a lost connection or a node that stops is a difference.
      const { code, message } = error as { code?: string; message: string };
      if (code !== undefined && !/^5[378]/.test(code) && !message.startsWith('Assert')) return undefined;
      this.differ(`alone: ${(error as Error).message}`, sql);
      return undefined;
    }
  }
  private async evaluateAlone(): Promise<void> {
    const all = sources();
    const queue = Array.from({ length: all.length }, (_, i) => i);
    for (let i = queue.length - 1; i > 0; i--) {
      const j = this.random.int(0, i);
      [queue[i], queue[j]] = [queue[j]!, queue[i]!];
    }
    const seen = new Set<string>();
    for (let i = 0; this.pool.length < this.o.expressions && i < queue.length * 4; i++) {
      const source = all[queue[i % queue.length]!]!;
      for (let attempt = 0; attempt < 4; attempt++) {
        const sql = source.make(this.random, attempt);
        if (sql === undefined || seen.has(sql)) continue;
        seen.add(sql);
        const e = await this.alone(sql, source.of);
        if (e === undefined) continue;
        this.pool.push(e);
        break;
      }
    }
  }
  private draw(n: number, from: readonly Alone[] = this.pool): Alone[] {
    const drawn = new Set<Alone>();
    for (let tries = 0; drawn.size < Math.min(n, from.length) && tries < n * 20; tries++)
      drawn.add(this.random.pick(from));
    return [...drawn];
  }
  private count(expressions: readonly Alone[]): void {
    const ids = expressions.map((e) => this.pool.indexOf(e)).filter((i) => i >= 0);
    for (const a of ids) for (const b of ids) if (a < b) this.pairs.add(a * this.pool.length + b);
  }
  private differ(what: string, sql: string): void {
    this.differences.push(`seed ${this.o.seed}: ${what}\n${sql}`);
    this.o.log?.(this.differences[this.differences.length - 1]!);
  }
  /** Runs a statement whose columns are the id and the expressions; `kept` says which rows it must give. */
  private async compare(sql: string, columns: readonly Alone[], kept: (id: number) => boolean): Promise<void> {
    this.statements++;
    let rows: readonly Cell[][];
    try {
      ({ rows } = await this.rows(sql));
    } catch (error) {
      return this.differ((error as Error).message, sql);
    }
    const missing = new Set<number>();
    for (let id = 0; id < this.o.rows; id++) if (kept(id)) missing.add(id);
    for (const row of rows) {
      const id = Number(row[0]);
      if (!missing.delete(id)) return this.differ(`row ${id} is not wanted or came twice`, sql);
      for (const [i, e] of columns.entries()) {
        if (row[i + 1] === e.values[id]) continue;
        const [got, want] = [String(row[i + 1]).slice(0, 200), String(e.values[id]).slice(0, 200)];
        return this.differ(`row ${id}, ${e.sql}: ${got} beside others, ${want} alone`, sql);
      }
    }
    if (missing.size > 0) this.differ(`${missing.size} rows are missing, the first is ${[...missing][0]}`, sql);
  }
  private readonly select = (columns: readonly Alone[]): string => columns.map((e) => e.sql).join(',\n ');

  private async list(): Promise<void> {
    const columns = this.draw(this.o.width);
    this.count(columns);
    await this.compare(`select v.id, ${this.select(columns)} from v`, columns, () => true);
  }
  private async filtered(): Promise<void> {
    const conditions = this.draw(
      3,
      this.pool.filter((e) => e.oid === BOOL),
    );
    if (conditions.length < 3) return;
    const columns = this.draw(this.o.width - 3);
    this.count([...conditions, ...columns]);
    const [a, b, c] = conditions as [Alone, Alone, Alone];
    const sql = `select v.id, ${this.select(columns)} from v where ((${a.sql}) or (${b.sql}) is not true) and ((${c.sql}) is null or ${a.sql} or not (${b.sql}))`;
    await this.compare(sql, columns, (id) => {
      const [x, y, z] = [a.values[id], b.values[id], c.values[id]];
      return (x === 't' || y !== 't') && (z === null || x === 't' || y === 'f');
    });
  }
  private async sorted(): Promise<void> {
    const columns = this.draw(this.o.width);
    this.count(columns);
    const keys = columns.slice(0, 3).map((e, i) => `${e.sql}${i === 1 ? ' desc' : ''}`);
    await this.compare(
      `select v.id, ${this.select(columns)} from v order by ${keys.join(', ')}, v.id`,
      columns,
      () => true,
    );
  }
  private async joined(): Promise<void> {
    const [key, ...columns] = this.draw(this.o.width) as [Alone, ...Alone[]];
    this.count([key, ...columns]);
    const other = key.sql.replaceAll(/\bv\./g, 'w.');
    const sql = `select v.id, ${this.select(columns)} from v join v w on v.id = w.id and (${key.sql}) = (${other})`;
    await this.compare(sql, columns, (id) => key.values[id] !== null && key.values[id] !== 'NaN');
  }
  private async grouped(): Promise<void> {
    const texts = this.pool.filter((e) => e.oid === VARCHAR || e.oid === BOOL);
    const [key, ...counted] = [...this.draw(1, texts), ...this.draw(this.o.width - 1)] as [Alone, ...Alone[]];
    this.count([key, ...counted]);
    const sql = `select min(v.id), count(*), ${counted.map((e) => `count(${e.sql})`).join(', ')} from v group by ${key.sql}`;
    this.statements++;
    let rows: readonly Cell[][];
    try {
      ({ rows } = await this.rows(sql));
    } catch (error) {
      return this.differ((error as Error).message, sql);
    }
    const groups = new Map<Cell, { first: number; counts: number[] }>();
    for (let id = 0; id < this.o.rows; id++) {
      const value = key.values[id]?.replace(/ +$/, '') ?? null;
      const group = groups.get(value) ?? { first: id, counts: new Array<number>(counted.length + 1).fill(0) };
      groups.set(value, group);
      group.counts[0]!++;
      for (const [i, e] of counted.entries()) if (e.values[id] !== null) group.counts[i + 1]!++;
    }
    const wanted = new Set([...groups.values()].map((g) => [g.first, ...g.counts].join()));
    for (const row of rows)
      if (!wanted.delete(row.join())) return this.differ(`group of row ${row[0]}: ${row.join()}`, sql);
    if (wanted.size > 0) this.differ(`groups are missing: ${[...wanted][0]}`, sql);
  }
  /** Outer expressions over inner ones, against the same outer ones over a table of the inner values. */
  private async nested(): Promise<void> {
    const inner = this.draw(
      8,
      this.pool.filter((e) => e.oid === VARCHAR && e.values.every((v) => (v?.length ?? 0) < 15000)),
    );
    const outer = this.draw(
      Math.ceil(this.o.width / 2),
      this.pool.filter((e) => /\bv\.s[123]\b/.test(e.sql)),
    );
    if (inner.length === 0) return;
    await this.client.query('drop table if exists inner_values');
    await this.client.query(
      `create table inner_values as select v.*, ${inner.map((e, i) => `${e.sql} as g${i}`).join(', ')} from v`,
    );
    const columns: Alone[] = [];
    const texts: string[] = [];
    for (const e of outer) {
      const g = this.random.int(0, inner.length - 1);
      const name = this.random.pick([...e.sql.matchAll(/\bv\.s[123]\b/g)])[0];
      const replaced = (by: string): string =>
        e.sql.replaceAll(new RegExp(`\\b${name.replace('.', '\\.')}\\b`, 'g'), () => by);
      const alone = await this.alone(replaced(`v.g${g}`), e.of, 'inner_values');
      if (alone === undefined) continue;
      columns.push(alone);
      texts.push(replaced(`(${inner[g]!.sql})`));
    }
    this.count([...inner, ...outer]);
    await this.compare(
      `select v.id, ${[...texts, ...inner.map((e) => e.sql)].join(',\n ')} from v`,
      [...columns, ...inner],
      () => true,
    );
  }
}

export async function besideEachOther(o: BesideOptions): Promise<BesideReport> {
  const client = new pg.Client({
    connectionString: o.url,
    types: { getTypeParser: () => (v: string) => v } as never,
  });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await new Beside(client, o).run();
  } finally {
    await client.end();
  }
}
