/**
 * Statements that end in the middle, beside others. Sessions change rows of their own in tables that all of them write to, in
 * groups so small that they merge all the time; now and then a statement meets a division by zero, a bad line of COPY, a
 * cancel, a full disk or the end of a slice, and takes its transaction along. Whatever was undone, everybody finds exactly the rows
 * that were acknowledged, and nobody conflicts with anybody, as nobody changes another's rows; an old snapshot goes on seeing what
 * it saw. Everything follows from the seed but for the timing. Used by undone.test.ts and tools/campaign/undone.ts.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type pg from 'pg';
import { Prng } from '../../src/common/prng.ts';
import { ChaosServer, pause } from './chaos-process.ts';
import { prepareCopy } from './workload.ts';

export interface UndoneReport {
  readonly seed: number;
  readonly shape: string;
  readonly acknowledged: number;
  /** Transactions that an error ended, by its SQLSTATE. */
  readonly undone: Readonly<Record<string, number>>;
  /** Old snapshots that saw the same twice. */
  readonly snapshots: number;
}

type Rows = Map<number, number>;
type Model = Map<string, Rows>;

const SHAPES = [
  [1, 1],
  [2, 2],
  [1, 4],
] as const;
const STYLES = [
  '',
  'diststyle even',
  'distkey(id)',
  'diststyle all',
  'diststyle even sortkey(id)',
  'distkey(id) sortkey(id, v)',
] as const;
const CHECKPOINT_BYTES = [undefined, 50_000] as const;
const SESSIONS = 4;
const TABLES = 3;
const AUTO_ALL_ROWS_MAX = 600;
const ROUNDS = 4;
const ROUND_MS = 1500;
const ROWS_MAX = 1200;
/** Of 100 statements, so many shall fail by themselves, or are cancelled. */
const FAILING = 12;
const CANCELLED = 8;
const CANCEL_MS_MAX = 25;
const FULL_MS = 120;
/** What others may do to a statement at any time. */
const DEADLOCK = '40P01';
const NODE_DOWN = '57P02';
const CANCELLED_STATE = '57014';
const DIVISION = '22012';

const copyOf = (model: Model): Model => new Map([...model].map(([table, rows]) => [table, new Map(rows)]));
const stateOf = (error: unknown): string => {
  const { code = 'none', message } = error as { readonly code?: string; readonly message: string };
  return message === 'Disk Full' || message === '1023' ? message : code;
};

/** What is sent, and the SQLSTATEs it must end with; empty when it shall go through. */
interface Step {
  readonly text: string;
  readonly fails: readonly string[];
}

class Hand {
  readonly committed: Model;
  private work: Model = new Map();
  private nextId: number;
  acknowledged = 0;
  readonly undone: Record<string, number> = {};
  private readonly recent: string[] = [];
  stopping = false;

  constructor(
    private readonly owner: number,
    private readonly random: Prng,
    private readonly client: pg.Client,
    private readonly helper: pg.Client,
    private readonly pid: number,
    private readonly s3Root: string,
    tables: readonly string[],
  ) {
    this.committed = new Map(tables.map((t) => [t, new Map()]));
    this.nextId = owner * 10_000_000 + 1;
  }

  async run(): Promise<void> {
    this.stopping = false;
    while (!this.stopping) {
      this.work = copyOf(this.committed);
      try {
        await this.transaction();
      } catch (error) {
        await this.judge(error);
      }
    }
  }
  private async transaction(): Promise<void> {
    const block = this.random.int(0, 2) > 0;
    const count = block ? this.random.int(1, 4) : 1;
    if (block) await this.send('begin');
    for (let n = 0; n < count; n++) await this.perform(this.step());
    if (block && this.random.int(0, 5) === 0) {
      await this.send('rollback');
      return;
    }
    if (block) await this.send('commit');
    for (const [table, rows] of this.work) this.committed.set(table, rows);
    this.acknowledged++;
  }
  private async send(text: string): Promise<void> {
    this.recent.push(text.slice(0, 160));
    if (this.recent.length > 24) this.recent.shift();
    await this.client.query(text);
  }
  private async perform({ text, fails }: Step): Promise<void> {
    const isCancelled = this.random.int(0, 99) < CANCELLED;
    const sent = this.send(text);
    if (isCancelled) {
      sent.catch(() => undefined);
      await pause(this.random.int(0, CANCEL_MS_MAX));
      await this.helper.query(`select pg_cancel_backend(${this.pid})`);
    }
    try {
      await sent;
    } catch (error) {
      const state = stateOf(error);
      const isKnown = fails.includes(state) || [DEADLOCK, NODE_DOWN, 'Disk Full'].includes(state);
      if (isKnown || (isCancelled && state === CANCELLED_STATE))
        throw Object.assign(error as Error, { isKnown: true });
      throw error;
    }
    if (fails.length > 0) throw new Error(`no error ${fails.join()} came`);
  }
  /** The transaction is undone: the session finds its rows as they were. */
  private async judge(error: unknown): Promise<void> {
    const state = stateOf(error);
    const { isKnown = [NODE_DOWN, 'Disk Full'].includes(state), detail = '' } = error as {
      readonly isKnown?: boolean;
      readonly detail?: string;
    };
    if (!isKnown) throw new Error(this.told(`${(error as Error).message} ${detail}`), { cause: error });
    this.undone[state] = (this.undone[state] ?? 0) + 1;
    await this.client.query('rollback');
    await this.check(this.random.pick([...this.committed.keys()]));
  }
  private told(what: string): string {
    return `session ${this.owner}: ${what}\nlast statements:\n${this.recent.join('\n')}`;
  }

  async check(table: string): Promise<void> {
    const text = `select id, v, s from ${table} where owner = ${this.owner}`;
    const { rows } = await this.client.query<{ id: string; v: string; s: string }>(text).catch((error: unknown) => ({
      rows: stateOf(error) === NODE_DOWN ? undefined : Promise.reject(error as Error),
    }));
    const found = await rows;
    if (found === undefined) return;
    const wanted = this.committed.get(table)!;
    const seen = new Set<number>();
    for (const { id, v, s } of found) {
      const known = wanted.get(Number(id));
      if (seen.has(Number(id))) throw new Error(this.told(`${table}: row ${id} is there twice`));
      seen.add(Number(id));
      if (known === undefined) throw new Error(this.told(`${table}: row ${id} should not be there`));
      if (known !== Number(v) || !s.startsWith('row'))
        throw new Error(this.told(`${table}: row ${id} has ${v}, ${s} and should have ${known}`));
    }
    if (seen.size !== wanted.size)
      throw new Error(this.told(`${table}: ${seen.size} rows are there and should be ${wanted.size}`));
  }

  private step(): Step {
    const table = this.random.pick([...this.work.keys()]);
    const rows = this.work.get(table)!;
    const kind = this.random.int(0, 99);
    const fails = rows.size > 0 && this.random.int(0, 99) < FAILING;
    if (rows.size > ROWS_MAX) return this.remove(table, rows, 2, fails);
    if (kind < 35) return this.insert(table, rows);
    if (kind < 45) return this.copy(table, rows, fails);
    if (kind < 55 && rows.size * 2 <= ROWS_MAX) return this.double(table, rows, fails);
    if (kind < 70) return this.update(table, rows, fails);
    if (kind < 80) return this.updateFrom(table, rows, fails);
    return this.remove(table, rows, this.random.pick([2, 3, 10, 40]), fails);
  }
  private fresh(rows: Rows, count: number): (readonly [number, number])[] {
    const made = Array.from({ length: count }, () => [this.nextId++, this.random.int(0, 1000)] as const);
    for (const [id, v] of made) rows.set(id, v);
    return made;
  }
  /** 0 for every row, or a division by zero at one of them. */
  private zero(rows: Rows, fails: boolean): string {
    const at = fails ? this.random.pick([...rows.keys()]) : -1;
    return `1 / (id - ${at}) * 0`;
  }
  private readonly expected = (fails: boolean): readonly string[] => (fails ? [DIVISION] : []);

  private insert(table: string, rows: Rows): Step {
    const made = this.fresh(rows, this.random.pick([1, 1, 1, 2, 3, 40]));
    const values = made.map(([id, v]) => `(${id},${this.owner},${v},'row ${id}')`).join(',');
    return { text: `insert into ${table} values ${values}`, fails: [] };
  }
  private copy(table: string, rows: Rows, fails: boolean): Step {
    const made = this.fresh(rows, this.random.pick([5, 200]));
    const lines = made.map(([id, v]) => `${id}|${this.owner}|${v}|row ${id}\n`);
    if (fails) lines.push('bad|bad|bad|bad\n');
    const file = `${this.owner}-${this.nextId}.txt`;
    writeFileSync(join(this.s3Root, 'load', file), lines.join(''));
    const text = `copy ${table} from 's3://load/${file}' iam_role default compupdate off statupdate off`;
    return { text, fails: fails ? ['XX000'] : [] };
  }
  private double(table: string, rows: Rows, fails: boolean): Step {
    const shift = this.nextId - this.owner * 10_000_000;
    const v = `v + ${this.zero(rows, fails)}`;
    const old = [...rows];
    for (const [id, value] of old) rows.set(id + shift, value);
    this.nextId = Math.max(this.nextId, ...rows.keys()) + 1;
    const from = `select id + ${shift}, owner, ${v}, 'row ' || (id + ${shift}) from ${table}`;
    return { text: `insert into ${table} ${from} where owner = ${this.owner}`, fails: this.expected(fails) };
  }
  private update(table: string, rows: Rows, fails: boolean): Step {
    const [k, r, v] = [fails ? 1 : this.random.pick([1, 2, 5, 50]), 0, this.random.int(1001, 2000)];
    const set = `${v} + ${this.zero(rows, fails)}`;
    for (const id of rows.keys()) if (id % k === r) rows.set(id, v);
    const text = `update ${table} set v = ${set} where owner = ${this.owner} and id % ${k} = ${r}`;
    return { text, fails: this.expected(fails) };
  }
  private updateFrom(table: string, rows: Rows, fails: boolean): Step {
    const [k, v] = [fails ? 1 : this.random.pick([1, 3]), this.random.int(2001, 3000)];
    const source = `select id, ${v} + ${this.zero(rows, fails)} as v from ${table} where owner = ${this.owner}`;
    for (const id of rows.keys()) if (id % k === 0) rows.set(id, v);
    const text = `update ${table} set v = o.v from (${source} and id % ${k} = 0) o where ${table}.id = o.id`;
    return { text, fails: this.expected(fails) };
  }
  private remove(table: string, rows: Rows, k: number, fails: boolean): Step {
    const test = fails ? `${this.zero(rows, true)} = 0` : `id % ${k} = 1`;
    for (const id of [...rows.keys()]) if (fails || id % k === 1) rows.delete(id);
    return { text: `delete from ${table} where owner = ${this.owner} and ${test}`, fails: this.expected(fails) };
  }
}

/** Reads all tables twice under one snapshot, a while apart. */
class OldReader {
  same = 0;
  stopping = false;
  constructor(
    private readonly client: pg.Client,
    private readonly random: Prng,
    private readonly tables: readonly string[],
  ) {}

  async run(): Promise<void> {
    this.stopping = false;
    while (!this.stopping) {
      try {
        await this.client.query('begin');
        const before = await this.read();
        await pause(this.random.int(0, 150));
        const after = await this.read();
        if (before !== after) throw new Error(`one snapshot saw ${before} and then ${after}`);
        await this.client.query('commit');
        this.same++;
      } catch (error) {
        if (![NODE_DOWN, 'Disk Full'].includes(stateOf(error))) throw error;
        await this.client.query('rollback');
      }
      await pause(this.random.int(0, 60));
    }
  }
  private async read(): Promise<string> {
    const sums: string[] = [];
    for (const table of this.tables) {
      const text = `select owner, count(*) as n, sum(v) as s, sum(id::bigint) as i from ${table} group by 1 order by 1`;
      const { rows } = await this.client.query({ text, rowMode: 'array' });
      sums.push(`${table} ${(rows as string[][]).map((r) => r.join(' ')).join(', ')}`);
    }
    return sums.join('; ');
  }
}

async function open(
  server: ChaosServer,
  random: Prng,
): Promise<{ readonly hands: readonly Hand[]; readonly reader: OldReader; readonly admin: pg.Client }> {
  await server.start();
  await prepareCopy(server.s3Root);
  const admin = await server.connect();
  const tables = Array.from({ length: TABLES }, (_, n) => `shared${n}`);
  for (const table of tables)
    await admin.query(`create table ${table} (id int, owner int, v int, s varchar(40)) ${random.pick(STYLES)}`);
  const hands: Hand[] = [];
  for (let owner = 1; owner <= SESSIONS; owner++) {
    const client = await server.connect();
    const { rows } = await client.query<{ pid: string }>('select pg_backend_pid() as pid');
    const prng = new Prng(random.u32());
    hands.push(new Hand(owner, prng, client, admin, Number(rows[0]!.pid), server.s3Root, tables));
  }
  return { hands, reader: new OldReader(await server.connect(), new Prng(random.u32()), tables), admin };
}

export async function undoneRun(seed: number): Promise<UndoneReport> {
  const random = new Prng(seed);
  const [nodes, slices] = random.pick(SHAPES);
  const shape = `${nodes}x${slices}`;
  const server = new ChaosServer(false, nodes, slices, random.pick(CHECKPOINT_BYTES), AUTO_ALL_ROWS_MAX);
  try {
    const { hands, reader, admin } = await open(server, random);
    const all = [...hands, reader];
    for (let round = 0; round < ROUNDS; round++) {
      const running = Promise.all(all.map((one) => one.run()));
      running.catch(() => undefined);
      const blow = random.pick(['none', 'full disk', 'full disk', 'slice'] as const);
      await pause(ROUND_MS / 2);
      if (blow === 'full disk') await server.fill(FULL_MS);
      if (blow === 'slice') await admin.query(`select slicehouse_kill_slice(${random.int(0, nodes * slices - 1)})`);
      await pause(ROUND_MS / 2);
      for (const one of all) one.stopping = true;
      await running;
      for (const hand of hands) for (const table of hand.committed.keys()) await hand.check(table);
    }
    const undone: Record<string, number> = {};
    for (const hand of hands) for (const [s, n] of Object.entries(hand.undone)) undone[s] = (undone[s] ?? 0) + n;
    const acknowledged = hands.reduce((n, h) => n + h.acknowledged, 0);
    return { seed, shape, acknowledged, undone, snapshots: reader.same };
  } catch (error) {
    const what = error instanceof Error ? error.message : String(error);
    throw new Error(`seed ${seed}, ${shape}: ${what}\n${server.stderr}`, { cause: error });
  } finally {
    await server.remove();
  }
}
