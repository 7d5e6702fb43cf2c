/**
 * The engines compared: PostgreSQL as oracle (its own cluster in a temporary folder, started and stopped here; run as
 * `nobody` when we are root, since PostgreSQL refuses root) and Slicehouse servers. Answers are text cells.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

export type Answer =
  | { readonly kind: 'rows'; readonly rows: readonly (readonly (string | null)[])[] }
  | { readonly kind: 'error'; readonly sqlstate: string; readonly message: string };

/** A statement that takes us longer is asked again with more time, so that a busy machine is no difference. */
const STATEMENT_MS = 4_000;
export const MUST_MS = 60_000;
/** What takes the oracle longer is passed by. */
export const ORACLE_MS = 1_500;

export class Engine {
  private client: pg.Client | undefined;
  constructor(
    readonly name: string,
    private readonly url: string,
    private timeoutMs = STATEMENT_MS,
  ) {}
  private async connected(): Promise<pg.Client> {
    if (this.client === undefined) {
      this.client = new pg.Client({
        connectionString: this.url,
        types: { getTypeParser: () => (v: string) => v } as never,
      });
      this.client.on('error', () => undefined);
      await this.client.connect();
      await this.client.query(`set statement_timeout to ${this.timeoutMs}`);
    }
    return this.client;
  }
  async run(sql: string, values?: readonly unknown[]): Promise<Answer> {
    const client = await this.connected();
    try {
      const result = await client.query({ text: sql, rowMode: 'array', ...(values ? { values: [...values] } : {}) });
      return { kind: 'rows', rows: result.rows as (string | null)[][] };
    } catch (error) {
      const e = error as { readonly code?: string; readonly message: string };
      if (e.code === undefined) await this.close();
      const own =
        e.code === '57014' ? ` (the differential tests' own statement timeout of ${this.timeoutMs} ms)` : '';
      return { kind: 'error', sqlstate: e.code ?? 'lost', message: `${e.message}${own}` };
    }
  }
  /** Outside of transactions. */
  async mustRun(sql: string): Promise<Answer> {
    const answer = await this.patiently(sql, MUST_MS);
    if (answer.kind === 'error')
      throw new TypeError(`${this.name}: ${answer.sqlstate} ${answer.message}\n${sql.slice(0, 500)}`);
    return answer;
  }
  /** How long a statement may take from now on. */
  async allow(ms: number): Promise<void> {
    this.timeoutMs = ms;
    if (this.client !== undefined) await this.run(`set statement_timeout to ${ms}`);
  }
  /** Outside of transactions: what takes longer than usual gets `ms`. */
  async patiently(sql: string, ms: number): Promise<Answer> {
    const answer = await this.run(sql);
    if (answer.kind === 'rows' || answer.sqlstate !== '57014') return answer;
    const usual = this.timeoutMs;
    await this.allow(ms);
    const again = await this.run(sql);
    await this.allow(usual);
    return again;
  }
  async close(): Promise<void> {
    const { client } = this;
    this.client = undefined;
    await client?.end().catch(() => undefined);
  }
}

/** Folder of initdb and postgres, version 15 or later. */
export function findPostgres(): string | undefined {
  const base = '/usr/lib/postgresql';
  const debian = existsSync(base)
    ? readdirSync(base)
        .filter((v) => Number(v) >= 15)
        .map((v) => join(base, v, 'bin'))
    : [];
  return [process.env['POSTGRES_BIN'] ?? '', ...debian, '/usr/local/bin', '/usr/bin', '/opt/homebrew/bin'].find(
    (d) => d !== '' && existsSync(join(d, 'initdb')) && existsSync(join(d, 'postgres')),
  );
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer();
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

export interface Oracle {
  readonly url: string;
  stop(): Promise<void>;
}
const NOBODY = 65534;
const STARTS_MS_MAX = 60_000;
/** Starts the oracle; gives a reason when it cannot be had here. */
export async function startPostgres(): Promise<Oracle | string> {
  const bin = findPostgres();
  if (bin === undefined) return 'no PostgreSQL 15 found';
  const port = await freePort();
  const root = process.getuid?.() === 0;
  const folder = mkdtempSync(join(tmpdir(), 'slicehouse-oracle-'));
  const as = root ? { uid: NOBODY, gid: NOBODY } : {};
  if (root) chownSync(folder, NOBODY, NOBODY);
  const data = join(folder, 'data');
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '--locale=C', '-E', 'UTF8', '--no-sync'],
    { ...as, cwd: folder },
  );
  if (made.status !== 0) return `initdb failed: ${String(made.stderr).slice(-200)}`;
  const child: ChildProcess = spawn(
    join(bin, 'postgres'),
    [
      '-D',
      data,
      '-p',
      String(port),
      '-k',
      folder,
      '-c',
      'fsync=off',
      '-c',
      'timezone=UTC',
      '-c',
      'listen_addresses=127.0.0.1',
    ],
    { ...as, cwd: folder, stdio: 'ignore' },
  );
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  for (let waited = 0; ; waited += 100) {
    const probe = new Engine('oracle', url);
    const up = await probe.run('select 1').catch(() => undefined);
    await probe.close();
    if (up?.kind === 'rows') break;
    if (waited > STARTS_MS_MAX) {
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
      return 'PostgreSQL does not answer';
    }
    await new Promise((r) => setTimeout(r, 100));
  }
  const stop = async (): Promise<void> => {
    const ended = new Promise((r) => child.once('exit', r));
    child.kill('SIGINT');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  return { url, stop };
}
