/**
 * Runs fuzzed expressions against a server: in the select list, WHERE, GROUP BY, ORDER BY, HAVING, VALUES, INSERT and with
 * binary results. An answer of XX000 or 57P02, a lost connection or a statement that does not end is a finding; so is an
 * expression over constants that answers otherwise than the same over columns. Of those that constants answer, several are
 * asked over columns in one statement, and each alone when it fails. The caller starts the server, again after a fault took
 * it out of service.
 */
import pg from 'pg';
import { Prng } from '../../src/common/prng.ts';
import { makeExpression, overConstants, overTable, type Fuzzed } from './expressions.ts';
import { INTO_COLUMNS, setup } from './values.ts';

export interface FuzzServer {
  readonly url: string;
  close(): Promise<void>;
}
export interface FuzzOptions {
  readonly seed: number;
  readonly expressions: number;
  /** Stop early when this says so. */
  enough?(): boolean;
  start(): Promise<FuzzServer>;
  log?(line: string): void;
}
export interface FuzzReport {
  readonly expressions: number;
  readonly statements: number;
  /** Expressions whose two forms were compared. */
  readonly compared: number;
  readonly answered: number;
  readonly forms: ReadonlySet<string>;
  readonly findings: readonly string[];
}
type Answer =
  { readonly rows: readonly (readonly unknown[])[] } | { readonly code: string; readonly message: string };

const TIMEOUT_MS = 20_000;
/** The client gives up when not even the server's own timeout ends the statement. */
const HANG_MS = 60_000;
/** Redshift answers XX000 to a text that is no JSON. */
const DOCUMENTED = /^invalid json /;
/** Of an argument that must be a constant, which a column is not. */
const CONSTANTS_ONLY = / must be (constants |a constant$)/;
const BUGS = new Set(['XX000', '57P02', '57014', 'lost', 'hangs']);

class Session {
  private client: pg.Client | undefined;
  constructor(readonly url: string) {}
  async run(sql: string, binary = false): Promise<Answer> {
    try {
      if (this.client === undefined) await this.connect();
      const config = { text: sql, rowMode: 'array', ...(binary ? { queryMode: 'extended', binary } : {}) };
      let timer: NodeJS.Timeout | undefined;
      const hang = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(Object.assign(new Error('no answer'), { code: 'hangs' })), HANG_MS);
      });
      const result = await Promise.race([this.client!.query(config as never), hang]).finally(() =>
        clearTimeout(timer),
      );
      return { rows: (result as unknown as { rows: unknown[][] }).rows };
    } catch (error) {
      const { code = 'lost', message } = error as { readonly code?: string; readonly message: string };
      if (!/^[0-9A-Z]{5}$/.test(code) || code === '57P02') await this.close();
      return { code: /^[0-9A-Z]{5}$|^hangs$/.test(code) ? code : 'lost', message };
    }
  }
  private async connect(): Promise<void> {
    const raw = { getTypeParser: () => (v: unknown) => v };
    this.client = new pg.Client({ connectionString: this.url, types: raw as never });
    this.client.on('error', () => undefined);
    await this.client.connect();
    await this.client.query(`set statement_timeout to ${TIMEOUT_MS}`);
  }
  async close(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await Promise.race([client?.end().catch(() => undefined), new Promise((r) => setTimeout(r, 500))]);
  }
}

/** A decimal without the zeros at its end: the scale of some results hangs on an argument's being constant. */
const cell = (c: unknown): string =>
  c === null
    ? 'NULL'
    : `<${String(c)
        .replace(/^(-?\d+)\.(\d*?)0*$/, (_, i, f) => (f === '' ? i : `${i}.${f}`))
        .slice(0, 200)}>`;
const shown = (a: Answer): string => ('code' in a ? a.code : a.rows.map((r) => r.map(cell).join()).join(';'));
/** Not there for tables, or not to be grouped: says nothing about values. */
const OPEN = new Set([...BUGS, '0A000', '42803']);

/** ROUND to a constant number of digits has a type with room for the carry; the argument's own type may have none. */
const carries = (f: Fuzzed, ...answers: readonly Answer[]): boolean =>
  f.of === 'round' && answers.some((x) => 'code' in x && x.message === 'Numeric data overflow (result precision)');

/** Other places an expression may stand in. */
const PLACES: readonly ((e: string, from: string, random: Prng) => string)[] = [
  (e, from) => `select 1${from} where ${e}`,
  (e, from) => `select count(*)${from} group by ${e}`,
  (e, from) => `select 1${from} order by ${e}, 1`,
  (e, from) => `select count(*)${from} having ${e}`,
  (e, from) => `select max(${e}), count(distinct ${e})${from}`,
  (e, from) => `select distinct ${e} as x${from} union all select ${e}${from}`,
  (e, from) => `select x from (select ${e} as x${from}) q where x is not null group by x`,
  (e, from) => `select 1${from} where ${e} in (select ${e}${from})`,
  (e, from, random) => `insert into fz_into (c${random.int(0, INTO_COLUMNS - 1)}) select ${e}${from}`,
  (e, _from, random) => `insert into fz_into (c${random.int(0, INTO_COLUMNS - 1)}) values (${e})`,
  (e, from, random) => `update fz_into set c${random.int(0, INTO_COLUMNS - 1)} = ${e}${from}`,
  (e, from) => `select case when false then ${e} end, row_number() over (order by ${e})${from}`,
];

/** Expressions that constants answered, asked over columns in one statement. */
const TOGETHER_MAX = 12;
interface Waiting {
  readonly f: Fuzzed;
  readonly constants: Answer;
}

class Run {
  server: FuzzServer | undefined;
  session: Session | undefined;
  statements = 0;
  compared = 0;
  answered = 0;
  readonly forms = new Set<string>();
  readonly findings: string[] = [];
  /** Of one row, and aggregates. */
  private readonly waiting: readonly [Waiting[], Waiting[]] = [[], []];
  constructor(readonly options: FuzzOptions) {}

  async begin(): Promise<void> {
    this.server = await this.options.start();
    this.session = new Session(this.server.url);
    for (const sql of setup()) {
      const made = await this.session.run(sql);
      if ('code' in made) throw new TypeError(`${made.code} ${made.message}: ${sql.slice(0, 300)}`);
    }
  }
  async end(): Promise<void> {
    await this.session?.close();
    await this.server?.close();
    this.server = undefined;
  }
  report(what: string): void {
    this.findings.push(what);
    this.options.log?.(what);
  }
  async ask(sql: string, binary = false): Promise<Answer> {
    if (this.server === undefined) await this.begin();
    this.statements++;
    const answer = await this.session!.run(sql, binary);
    if (!('code' in answer)) this.answered++;
    else if (BUGS.has(answer.code) && !DOCUMENTED.test(answer.message)) {
      this.report(`${answer.code} ${answer.message}\n  ${sql}${binary ? ' (binary)' : ''}`);
      if (answer.code !== 'XX000' && answer.code !== '57014') await this.end();
    }
    return answer;
  }
  /** Over constants at once; over columns at once too, or with others of its kind when constants gave a row. */
  async compare(f: Fuzzed): Promise<void> {
    const constants = await this.ask(`select ${overConstants(f)}`);
    if (!f.comparable || 'code' in constants || constants.rows.length !== 1) return this.beside(f, constants);
    const waiting = this.waiting[f.aggregates ? 1 : 0];
    waiting.push({ f, constants });
    if (waiting.length >= TOGETHER_MAX) await this.together(waiting.splice(0));
  }
  async finish(): Promise<void> {
    for (const waiting of this.waiting) await this.together(waiting.splice(0));
  }
  private async together(all: readonly Waiting[]): Promise<void> {
    const list = all.map(({ f }) => overTable(f)).join(', ');
    const answer = all.length < 2 ? undefined : await this.ask(`select ${list} from fz v`);
    if (answer === undefined || 'code' in answer || answer.rows.length !== 1) {
      for (const { f, constants } of all) await this.beside(f, constants);
      return;
    }
    for (const [i, { f, constants }] of all.entries()) {
      this.compared++;
      const [a, b] = [shown(constants), shown({ rows: [[answer.rows[0]![i]]] })];
      if (a === b) continue;
      this.report(
        `fold ${a}, slice ${b}\n  select ${overConstants(f)}\n  select ${overTable(f)} from fz v\nin select ${list} from fz v`,
      );
    }
  }
  private async beside(f: Fuzzed, a: Answer): Promise<void> {
    const one = `select ${overConstants(f)}`;
    const other = `select ${overTable(f)} from fz v`;
    const b = await this.ask(other);
    const open = (x: Answer): boolean => 'code' in x && OPEN.has(x.code);
    if (!f.comparable || open(a) || open(b) || (f.nested && 'code' in a && 'code' in b)) return;
    // A NULL constant settles a strict operation before its other operand is computed, and so does a FALSE of AND.
    const settles = f.absorbs || f.values.some((v) => /\bnull\b/.test(v.sql));
    if ((settles || carries(f, a, b)) && 'code' in a !== 'code' in b) return;
    if ('code' in b && CONSTANTS_ONLY.test(b.message)) return;
    this.compared++;
    if (shown(a) === shown(b)) return;
    const message = (x: Answer): string => ('code' in x ? ` ${x.message}` : '');
    this.report(`fold ${shown(a)}${message(a)}, slice ${shown(b)}${message(b)}\n  ${one}\n  ${other}`);
  }
  async one(random: Prng): Promise<void> {
    const f = makeExpression(random);
    if (f.of !== '') this.forms.add(f.of);
    await this.compare(f);
    const columns = random.float() < 0.5;
    const [e, from] = columns ? [overTable(f), ' from fz v'] : [overConstants(f), ''];
    if (random.float() < 0.25) await this.ask(`select ${e}${from}`, true);
    else await this.ask(random.pick(PLACES)(e, from, random));
  }
}

export async function fuzzExpressions(options: FuzzOptions): Promise<FuzzReport> {
  const run = new Run(options);
  const random = new Prng(options.seed);
  let done = 0;
  try {
    for (; done < options.expressions && options.enough?.() !== true; done++) await run.one(new Prng(random.u32()));
    await run.finish();
    const alive = await run.ask('select 1');
    if ('code' in alive) run.report(`the server does not answer any more: ${alive.message}`);
  } finally {
    await run.end();
  }
  const { statements, compared, answered, forms, findings } = run;
  return { expressions: done, statements, compared, answered, forms, findings };
}
