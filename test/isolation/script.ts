/**
 * Scripts of concurrent sessions (phenomena/*.iso). Lines:
 *   # comment
 *   setup: SQL                        before the sessions start
 *   T1: SQL => outcome                a statement of session T1
 *   T1 => outcome                     how T1's waiting statement ends
 *   snapshot T1: ... | serializable T1: ...     at that isolation level only
 * Outcome: `ok`, `waits` (for a lock), `error <SQLSTATE or 1023>`, or the rows: cells joined by `|`, rows by `; `, `none` for
 * none. What a level allows is what its lines say.
 */
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { until } from './waits.ts';

export type Level = 'snapshot' | 'serializable';
export interface Step {
  readonly line: number;
  readonly level: Level | undefined;
  readonly session: string;
  /** Undefined: the statement that waits ends. */
  readonly sql: string | undefined;
  readonly outcome: string;
}
export interface IsolationScript {
  readonly setup: readonly string[];
  readonly steps: readonly Step[];
}

export function parseIsolationScript(text: string): IsolationScript {
  const setup: string[] = [];
  const steps: Step[] = [];
  text.split('\n').forEach((raw, i) => {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) return;
    if (line.startsWith('setup:')) return void setup.push(line.slice(6).trim());
    const m = /^(?:(snapshot|serializable) )?(T\d)(?::\s*(.*?))?\s*=>\s*(.*)$/.exec(line);
    if (m === null) throw new SyntaxError(`line ${i + 1}: ${line}`);
    const [, level, session, sql, outcome] = m;
    steps.push({ line: i + 1, level: level as Level | undefined, session: session!, sql, outcome: outcome! });
  });
  return { setup, steps };
}

interface PgError {
  readonly code?: string;
  readonly message: string;
  readonly detail?: string;
}
const outcomeOf = (work: Promise<pg.QueryArrayResult>): Promise<string> =>
  work.then(
    (r) => (r.fields.length === 0 ? 'ok' : r.rows.map((row) => row.map(String).join('|')).join('; ') || 'none'),
    (e: PgError) => `error ${e.message === '1023' ? '1023' : e.code}`,
  );

const WAIT_POLL_MS = 5;

/** Runs a script's steps at one level in a database of its own; returns where it differs, empty when nowhere. */
export class IsolationRun {
  private readonly clients = new Map<string, pg.Client>();
  private readonly pending = new Map<string, Promise<string>>();
  private observer!: pg.Client;

  constructor(
    private readonly url: string,
    private readonly database: string,
  ) {}

  async run(script: IsolationScript, level: Level): Promise<readonly string[]> {
    const differences: string[] = [];
    const admin = await this.connect(this.url);
    try {
      await admin.query(`create database ${this.database} isolation level ${level}`);
      this.observer = await this.client('observer');
      for (const sql of script.setup) await this.observer.query(sql);
      for (const step of script.steps) {
        if (step.level !== undefined && step.level !== level) continue;
        const got = await this.step(step);
        if (got !== step.outcome)
          differences.push(`line ${step.line} (${level}): expected ${step.outcome}, got ${got}`);
      }
    } finally {
      await Promise.all([...this.clients.values()].map((c) => c.end().catch(() => undefined)));
      await until(() => this.drop(admin));
      await admin.end();
    }
    return differences;
  }

  /** False while a session that has ended still stands in the way. */
  private drop(admin: pg.Client): Promise<boolean> {
    return admin.query(`drop database if exists ${this.database}`).then(
      () => true,
      (e: PgError) => {
        if (e.code !== '55006') throw e;
        return false;
      },
    );
  }

  private async step(step: Step): Promise<string> {
    const client = await this.client(step.session);
    if (step.sql !== undefined) {
      const work = client.query<string[]>({ text: step.sql, rowMode: 'array' });
      this.pending.set(step.session, outcomeOf(work as unknown as Promise<pg.QueryArrayResult>));
    }
    const work = this.pending.get(step.session)!;
    const got = await this.waitsOrEnds(work, (client as unknown as { processID: number }).processID);
    if (got !== 'waits') this.pending.delete(step.session);
    return got;
  }
  /** The statement's outcome, or `waits` once the lock table says so. */
  private async waitsOrEnds(work: Promise<string>, pid: number): Promise<string> {
    let ended: string | undefined;
    void work.then((outcome) => (ended = outcome));
    for (;;) {
      await Promise.race([work, delay(WAIT_POLL_MS)]);
      if (ended !== undefined) return ended;
      const { rows } = await this.observer.query(`select 1 from pg_locks where not granted and pid = ${pid}`);
      if (ended !== undefined) return ended;
      if (rows.length > 0) return 'waits';
    }
  }

  private async connect(url: string): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
  private async client(name: string): Promise<pg.Client> {
    const known = this.clients.get(name);
    if (known !== undefined) return known;
    const client = await this.connect(this.url.replace(/\/[^/]*$/, `/${this.database}`));
    this.clients.set(name, client);
    return client;
  }
}
