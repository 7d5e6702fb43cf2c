/**
 * Random histories of concurrent sessions against a real cluster (statements in history-statements.ts), judged by
 * history-check.ts. What each session does follows from the seed; how the sessions meet does not. Transactions end by
 * COMMIT, by ROLLBACK, or with the connection lost, the answer to COMMIT perhaps under way; statements are cancelled and
 * tables looked after from outside.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type pg from 'pg';
import { Prng } from '../../src/common/prng.ts';
import { BLOCK, judge, type Access, type Row, type Transaction, type Verdict } from './history-check.ts';
import { BLOCKS, MAKES_MAX, READS, WRITES, readRows, type Conversation } from './history-statements.ts';
import type { Level } from './script.ts';
import { connect, pidOf, until } from './waits.ts';

export interface HistoryReport extends Verdict {
  readonly seed: number;
  readonly level: Level;
  readonly transactions: number;
  readonly accesses: number;
  /** How often transactions ended how: `commit`, `rollback`, `cut`, `refused` by SQLSTATE or 1023. */
  readonly ends: Readonly<Record<string, number>>;
}

const TRANSACTIONS_PER_SESSION = 9;
const PAUSE_MS_MAX = 3;
const DISTURB_EVERY_MS_MAX = 25;
/** What a client has to live with. */
const ALLOWED = new Set(['1023', '40P01', '57014']);
const STYLES = ['diststyle even', 'diststyle all', 'distkey(id) sortkey(id)', 'diststyle auto'];

const databaseOf = (level: Level): string => `history_${level}`;
export async function makeHistoryDatabases(url: string): Promise<void> {
  const admin = await connect(url);
  for (const level of ['snapshot', 'serializable'] as const)
    await admin.query(`create database ${databaseOf(level)} isolation level ${level}`);
  await admin.end();
}

/** One history in the database of its level. */
export async function runHistory(clusterUrl: string, level: Level, seed: number): Promise<HistoryReport> {
  const random = new Prng(seed);
  const url = clusterUrl.replace(/\/[^/]*$/, `/${databaseOf(level)}`);
  const world = new World(url, random);
  const admin = await connect(url);
  try {
    const first = await world.setUp(admin, `h${seed}`);
    const sessions = Array.from({ length: random.int(3, 6) }, (_, i) => new Session(world, i + 1, random.u32()));
    const disturbed = world.disturb(admin, sessions);
    await Promise.all(sessions.map((s) => s.run()));
    world.over = true;
    await disturbed;
    const transactions = [first, ...sessions.flatMap((s) => s.done)];
    const verdict = judge({ transactions, final: await world.finalRows(admin) });
    return {
      ...verdict,
      findings: [...world.findings, ...verdict.findings],
      seed,
      level,
      transactions: transactions.length,
      accesses: transactions.reduce((n, t) => n + t.accesses.length, 0),
      ends: world.ends,
    };
  } finally {
    for (const table of world.tables) await admin.query(`drop table if exists ${table}`);
    await admin.end();
  }
}

/** What the sessions of a history have in common. */
class World {
  tables: readonly string[] = [];
  readonly keys: number;
  readonly findings: string[] = [];
  readonly ends: Record<string, number> = {};
  /** Backends the history has had. */
  readonly pids: number[] = [];
  over = false;
  private readonly random: Prng;
  private clock = 0;
  private blocks = 0;
  private makes = 0;

  constructor(
    readonly url: string,
    random: Prng,
  ) {
    this.random = random;
    this.keys = random.int(1, 4);
  }

  /** Moments are numbered: a statement is sent at one and answered at another. */
  now(): number {
    return ++this.clock;
  }
  block(): number {
    return ++this.blocks * BLOCK;
  }
  make(): number | undefined {
    return this.makes < MAKES_MAX ? this.makes++ : undefined;
  }
  ended(how: string): void {
    this.ends[how] = (this.ends[how] ?? 0) + 1;
  }
  /** The error by name; one that nobody should meet is a finding. */
  refusal(error: unknown, sql: string): string {
    const { code, message } = error as { readonly code?: string; readonly message: string };
    const name = message === '1023' ? '1023' : (code ?? message);
    if (!ALLOWED.has(name)) this.findings.push(`${name} (${message}): ${sql}`);
    return name;
  }

  /** Makes the tables with their first rows: the transaction before all others. */
  async setUp(admin: pg.Client, name: string): Promise<Transaction> {
    const accesses: Access[] = [];
    this.tables = Array.from({ length: this.random.int(2, 4) }, (_, i) => `${name}_${'abcd'[i]}`);
    for (const table of this.tables) {
      await admin.query(`create table ${table} (id int, v bigint, list varchar(16000)) ${this.random.pick(STYLES)}`);
      const block = this.block();
      const rows = Array.from({ length: this.keys }, (_, k) => `(${k + 1}, ${block + k + 1}, '${block + k + 1}:0 ')`);
      await admin.query(`insert into ${table} values ${rows.join(', ')}`);
      accesses.push({ kind: 'write', table, block, base: 0, count: this.keys, all: undefined, at: this.now() });
    }
    return { name: 'first', accesses, outcome: 'committed', began: 0, commitSent: 0, ended: this.now() };
  }

  async disturb(admin: pg.Client, sessions: readonly Session[]): Promise<void> {
    const random = new Prng(this.random.u32());
    const upkeep = random.int(0, 2) === 0;
    while (!this.over) {
      await delay(random.int(1, DISTURB_EVERY_MS_MAX));
      const pid = random.pick(sessions).pid;
      if (random.int(0, 2) === 0) await admin.query(`select pg_cancel_backend(${pid})`);
      if (!upkeep || random.int(0, 5) > 0) continue;
      const table = random.pick(this.tables);
      const sql = random.pick([`vacuum ${table}`, `analyze ${table}`, `alter table ${table} alter diststyle even`]);
      await admin.query(sql).catch((e: unknown) => void this.refusal(e, sql));
    }
  }

  /** The tables once the last backend has gone, that of a lost connection too. */
  async finalRows(admin: pg.Client): Promise<ReadonlyMap<string, readonly Row[]>> {
    const backends = `select 1 from stv_sessions where process in (${this.pids.join(', ')})`;
    await until(async () => (await admin.query(backends)).rows.length === 0);
    const final = new Map<string, readonly Row[]>();
    for (const table of this.tables) {
      const { rows } = await admin.query(`select id, v, list from ${table}`);
      final.set(
        table,
        readRows(rows as never, (what) => this.findings.push(`${table}: ${what}`)),
      );
    }
    return final;
  }
}

/** Ends the transaction under way. */
class Refused extends Error {}

class Session implements Conversation {
  readonly done: Transaction[] = [];
  readonly random: Prng;
  private client!: pg.Client;
  private accesses: Access[] = [];
  private cut = false;

  constructor(
    private readonly world: World,
    private readonly number: number,
    seed: number,
  ) {
    this.random = new Prng(seed);
  }

  get pid(): number {
    return this.client === undefined ? 0 : pidOf(this.client);
  }
  get tables(): readonly string[] {
    return this.world.tables;
  }
  get keys(): number {
    return this.world.keys;
  }
  block(): number {
    return this.world.block();
  }
  make(): number | undefined {
    return this.world.make();
  }
  find(what: string): void {
    this.world.findings.push(what);
  }

  async run(): Promise<void> {
    await this.connect();
    for (let n = 1; n <= TRANSACTIONS_PER_SESSION; n++) {
      if (this.cut) await this.connect();
      await this.transaction(`T${this.number}.${n}`);
    }
    if (!this.cut) await this.client.end();
  }

  private async connect(): Promise<void> {
    this.cut = false;
    this.client = await connect(this.world.url);
    this.world.pids.push(this.pid);
  }

  private async transaction(name: string): Promise<void> {
    this.accesses = [];
    const kind = this.random.pick(['alone', 'alone', 'read only', 'block', 'block', 'block', 'block', 'block']);
    const began = this.world.now();
    let commitSent = Infinity;
    let outcome: Transaction['outcome'] = 'aborted';
    const committing = (): void => void (commitSent = this.world.now());
    try {
      outcome =
        kind === 'alone' ? await this.alone(committing) : await this.inBlock(kind === 'read only', committing);
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
      if (this.cut && commitSent !== Infinity) outcome = 'unknown';
      this.world.ended(error.message);
      await this.rollback();
    }
    this.done.push({ name, accesses: this.accesses, outcome, began, commitSent, ended: this.world.now() });
  }

  private async rollback(): Promise<void> {
    if (this.cut) return;
    await this.query('rollback').catch((e: unknown) => {
      if (!this.cut) this.find(`rollback failed: ${String(e)}`);
    });
  }

  private async alone(committing: () => void): Promise<'committed'> {
    const statement = this.random.pick(this.random.int(0, 2) === 0 ? READS : WRITES);
    committing();
    if (this.random.int(0, 15) === 0) this.cutSoon();
    await statement(this);
    this.world.ended('commit');
    return 'committed';
  }

  private async inBlock(readOnly: boolean, committing: () => void): Promise<'committed' | 'aborted'> {
    await this.query(readOnly ? 'begin read only' : 'begin');
    const cutIn = this.random.int(0, 20) === 0;
    for (let n = this.random.int(2, 4); n > 0; n--) {
      await this.pause();
      const which = readOnly ? 0 : this.random.int(0, 9);
      await this.random.pick(which < 5 ? READS : which < 9 ? WRITES : BLOCKS)(this);
      if (cutIn && n === 2) this.cutSoon();
    }
    await this.pause();
    if (this.random.int(0, 9) === 0) {
      await this.query('rollback');
      this.world.ended('rollback');
      return 'aborted';
    }
    committing();
    if (this.random.int(0, 15) === 0) this.cutSoon();
    await this.query('commit');
    this.world.ended('commit');
    return 'committed';
  }

  private async pause(): Promise<void> {
    if (this.random.int(0, 1) === 0) await delay(this.random.int(0, PAUSE_MS_MAX));
  }

  /** Loses the connection now or in a moment. */
  private cutSoon(): void {
    const { client } = this;
    const { stream } = (client as unknown as { readonly connection: { readonly stream: { destroy(): void } } })
      .connection;
    const cut = (): void => {
      if (this.client === client) this.cut = true;
      stream.destroy();
    };
    const after = this.random.int(-1, PAUSE_MS_MAX);
    if (after < 0) setImmediate(cut);
    else void delay(after).then(cut);
  }

  async query(sql: string, values?: readonly number[]): Promise<pg.QueryResult> {
    try {
      return await this.client.query(values === undefined ? sql : { text: sql, values: [...values] });
    } catch (error) {
      throw new Refused(this.cut ? 'cut' : this.world.refusal(error, sql));
    }
  }
  async write(
    intent: Parameters<Conversation['write']>[0],
    sql: string,
    values?: readonly number[],
  ): Promise<number> {
    let count: number | undefined;
    try {
      count = (await this.query(sql, values)).rowCount ?? 0;
      return count;
    } finally {
      this.accesses.push({ kind: 'write', ...intent, count, at: this.world.now() });
    }
  }
  saw(read: Parameters<Conversation['saw']>[0]): void {
    this.accesses.push({ kind: 'read', ...read, at: this.world.now() });
  }
}
