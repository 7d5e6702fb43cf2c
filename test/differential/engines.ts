/**
 * The engines compared: PostgreSQL as oracle (its own cluster in a temporary folder, started and stopped here; run as
 * `nobody` when we are root, since PostgreSQL refuses root) and Slicehouse servers. Answers are text cells.
 */
import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { chownSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';

export type Answer =
  | { readonly kind: 'rows'; readonly rows: readonly (readonly (string | null)[])[] }
  | { readonly kind: 'error'; readonly sqlstate: string; readonly message: string };

export class Engine {
  private client: pg.Client | undefined;
  constructor(
    readonly name: string,
    private readonly url: string,
  ) {}
  private async connected(): Promise<pg.Client> {
    if (this.client === undefined) {
      this.client = new pg.Client({
        connectionString: this.url,
        types: { getTypeParser: () => (v: string) => v } as never,
      });
      this.client.on('error', () => undefined);
      await this.client.connect();
      await this.client.query('set statement_timeout to 4000');
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
      return { kind: 'error', sqlstate: e.code ?? 'lost', message: e.message };
    }
  }
  async mustRun(sql: string): Promise<Answer> {
    const answer = await this.run(sql);
    if (answer.kind === 'error')
      throw new TypeError(`${this.name}: ${answer.sqlstate} ${answer.message}\n${sql.slice(0, 500)}`);
    return answer;
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

export interface Oracle {
  readonly url: string;
  stop(): Promise<void>;
}
const NOBODY = 65534;
/** Starts the oracle on a port; undefined with a reason when it cannot be had here. */
export async function startPostgres(port: number): Promise<Oracle | string> {
  const bin = findPostgres();
  if (bin === undefined) return 'no PostgreSQL 15 found';
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
    ['-D', data, '-p', String(port), '-k', folder, '-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1'],
    { ...as, cwd: folder, stdio: 'ignore' },
  );
  const url = `postgres://postgres@127.0.0.1:${port}/postgres`;
  for (let i = 0; ; i++) {
    const probe = new Engine('oracle', url);
    const up = await probe.run('select 1').catch(() => undefined);
    await probe.close();
    if (up?.kind === 'rows') break;
    if (i > 100) return 'PostgreSQL does not answer';
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
