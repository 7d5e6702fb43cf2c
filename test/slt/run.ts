/**
 * Runs one .slt file against a cluster started for it. Connections are node pg clients on the simple protocol with every
 * cell as text. With SLT_URL the file runs on that server instead (PostgreSQL as oracle); with SLT_UPDATE=1 the expected
 * rows in the file are replaced by the ones that came, for a reviewer to judge.
 */
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import pg from 'pg';
import { orderLines } from '../data/adventureworks.ts';
import { listingLines, saleLines, userLines } from '../data/tickit.ts';
import { startConfigured, type Clusters, type Configuration, type TakenCluster } from './cluster.ts';
import { obeysLaws } from './laws.ts';
import { parseScript, type Record } from './parse.ts';

const root = join(import.meta.dirname, '../..');
const UPDATE = process.env['SLT_UPDATE'] === '1';
const OTHER_SERVER = process.env['SLT_URL'];

const OIDS: { readonly [letter: string]: readonly number[] } = {
  I: [20, 21, 23, 26],
  D: [1700],
  R: [700, 701],
  T: [18, 19, 25, 705, 1042, 1043, 2935, 3000, 3001],
  B: [16],
  A: [1082],
  S: [1114, 1184],
};

export class Skipped {
  constructor(readonly reason: string) {}
}
/** What a script expected and did not get; its message names the line. */
export class Mismatch extends Error {}

const cell = (value: string | null): string =>
  value === null ? 'NULL' : value === '' ? '(empty)' : value.replaceAll('\n', '\\n').replaceAll('\r', '\\r');

/** Statements whose effect ends with the session. */
const SESSION_STATE = /^\s*(set|reset|prepare|deallocate|use)\b/i;

/** Exact but for R columns, which may differ in the last digits. */
function sameRow(types: string, got: readonly string[], expected: string): boolean {
  if (got.join('|') === expected) return true;
  const want = expected.split('|');
  return (
    want.length === got.length &&
    want.every((w, i) => {
      if (w === got[i]) return true;
      if (types[i] !== 'R') return false;
      const [a, b] = [Number(w), Number(got[i])];
      return Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
    })
  );
}

class Script {
  private cluster: TakenCluster | undefined;
  private readonly clients = new Map<string, pg.Client>();
  private connection = 'main';
  private readonly databases = new Map<string, string>();
  private readonly dataDir: string | undefined;
  private inTransaction = false;
  private dirty = false;
  /** What a session would say again after a restart: its SETs and prepared statements, in order. */
  private readonly said: string[] = [];
  /** Something a session holds that cannot be said again, a SET inside a transaction for one. */
  private held = false;
  private readonly bugs: unknown[] = [];
  private readonly updates: { readonly at: number; readonly count: number; readonly rows: readonly string[] }[] = [];

  constructor(
    private readonly file: string,
    private readonly records: readonly Record[],
    private readonly configuration: Configuration,
    private readonly clusters: Clusters,
  ) {
    this.dataDir = configuration.memory ? undefined : mkdtempSync(join(tmpdir(), 'slicehouse-slt-'));
  }

  async run(): Promise<void> {
    for (const r of this.records) if (r.kind === 'require') this.require(r.what, r.least);
    const restarts =
      this.configuration.restartBeforeQueries === true &&
      !this.records.some((r) => r.kind === 'keep-session' || r.kind === 'connection');
    try {
      await this.start();
      for (const record of this.records) {
        if (restarts && record.kind === 'query' && this.dirty && !this.inTransaction && !this.held) {
          await this.restart();
          for (const sql of this.said) await this.send(sql);
        }
        await this.record(record);
      }
      if (this.cluster !== undefined && !UPDATE)
        await obeysLaws(this.cluster.url, this.dataDir === undefined ? 'of tables' : 'all');
      if (this.bugs.length > 0)
        throw new Mismatch(`internal error: ${String((this.bugs[0] as Error).stack ?? this.bugs[0])}`);
      await this.stop();
    } finally {
      await this.end((cluster) => cluster.close());
      if (this.dataDir !== undefined) rmSync(this.dataDir, { recursive: true, force: true });
    }
    if (UPDATE) this.rewrite();
  }

  private require(what: string, least: number): void {
    const { memory, nodes, slices } = this.configuration;
    if (what === 'disk' && memory) throw new Skipped('needs a data directory');
    if (what === 'nodes' && nodes < least) throw new Skipped(`needs ${least} nodes`);
    if (what === 'slices' && nodes * slices < least) throw new Skipped(`needs ${least} slices`);
  }
  private async start(): Promise<void> {
    if (OTHER_SERVER !== undefined) return;
    const largeStrings = this.records.some((r) => r.kind === 'require' && r.what === 'large-strings');
    const configuration = largeStrings ? { ...this.configuration, largeStrings } : this.configuration;
    const onBug = (e: unknown): void => void this.bugs.push(e);
    if (this.dataDir === undefined)
      this.cluster = await this.clusters.take(configuration, onBug, this.readsHistory());
    else {
      const started = await startConfigured(configuration, this.dataDir, onBug);
      this.cluster = {
        url: started.url,
        s3Root: started.s3Root,
        close: () => started.close(),
        giveBack: () => started.close(),
      };
    }
  }
  /** Whether it asks what was done, which other scripts on its cluster did, too. */
  private readsHistory(): boolean {
    return this.records.some((r) => 'sql' in r && /\b(stl|svl|svcs|stcs|sys)_\w/i.test(r.sql));
  }
  private stop(): Promise<void> {
    return this.end((cluster) => cluster.giveBack());
  }
  private async end(by: (cluster: TakenCluster) => Promise<void>): Promise<void> {
    await Promise.all([...this.clients.values()].map((c) => c.end().catch(() => undefined)));
    this.clients.clear();
    const { cluster } = this;
    this.cluster = undefined;
    if (cluster !== undefined) await by(cluster);
  }
  private async restart(): Promise<void> {
    await this.stop();
    await this.start();
    this.dirty = false;
  }
  private async client(): Promise<pg.Client> {
    let client = this.clients.get(this.connection);
    if (client === undefined) {
      const url = new URL(OTHER_SERVER ?? this.cluster!.url);
      const database = this.databases.get(this.connection);
      if (database !== undefined) url.pathname = `/${database}`;
      client = new pg.Client({
        connectionString: url.href,
        types: { getTypeParser: () => (v: unknown) => v } as never,
      });
      client.on('error', () => undefined);
      await client.connect();
      this.clients.set(this.connection, client);
    }
    return client;
  }

  private async record(record: Record): Promise<void> {
    switch (record.kind) {
      case 'connection':
        this.connection = record.name;
        if (record.database !== undefined) this.databases.set(record.name, record.database);
        return;
      case 'restart':
        return this.restart();
      case 's3':
        return this.s3(record.words, record.lines);
      case 'statement':
        return this.statement(record);
      case 'query':
        return this.query(record);
      case 'require':
      case 'keep-session':
        return;
    }
  }

  private async send(sql: string): Promise<pg.QueryArrayResult<(string | null)[]>> {
    const result = (await (await this.client()).query({ text: sql, rowMode: 'array' })) as unknown;
    return (Array.isArray(result) ? result.at(-1) : result) as pg.QueryArrayResult<(string | null)[]>;
  }

  private async statement(r: Extract<Record, { kind: 'statement' }>): Promise<void> {
    this.dirty = true;
    const where = `${this.file}:${r.line}`;
    let result: pg.QueryArrayResult<(string | null)[]>;
    try {
      result = await this.send(r.sql);
    } catch (error) {
      const e = error as { code?: string; message: string };
      if (r.expect.kind === 'error' && e.code === r.expect.sqlstate && new RegExp(r.expect.pattern).test(e.message))
        return;
      throw new Mismatch(
        `${where}: ${r.expect.kind === 'error' ? `expected ${r.expect.sqlstate} ${r.expect.pattern}, ` : ''}got ${e.code} ${e.message}`,
      );
    }
    if (SESSION_STATE.test(r.sql)) {
      if (this.inTransaction) this.held = true;
      else this.said.push(r.sql);
    }
    if (/^\s*(begin|start transaction)\b/i.test(r.sql)) this.inTransaction = true;
    if (/^\s*(commit|end|rollback|abort)\b/i.test(r.sql)) this.inTransaction = false;
    if (r.expect.kind === 'error')
      throw new Mismatch(`${where}: expected ${r.expect.sqlstate} ${r.expect.pattern}, but it succeeded`);
    if (r.expect.kind === 'count' && (result.rowCount ?? result.rows.length) !== r.expect.rows) {
      throw new Mismatch(`${where}: expected ${r.expect.rows} rows, got ${result.rowCount ?? result.rows.length}`);
    }
  }

  private async query(r: Extract<Record, { kind: 'query' }>): Promise<void> {
    const where = `${this.file}:${r.line}`;
    let result: pg.QueryArrayResult<(string | null)[]>;
    try {
      result = await this.send(r.sql);
    } catch (error) {
      const e = error as { code?: string; message: string };
      if (UPDATE) {
        process.stderr.write(`${where}: ${e.code} ${e.message}\n`);
        return;
      }
      throw new Mismatch(`${where}: ${e.code} ${e.message}`);
    }
    const rows = result.rows.map((row) => row.map(cell));
    let want = [...r.rows];
    if (r.sort) {
      rows.sort((a, b) => (a.join('|') < b.join('|') ? -1 : 1));
      want = want.sort();
    }
    if (UPDATE) {
      this.updates.push({ at: r.at, count: r.rows.length, rows: rows.map((row) => row.join('|')) });
      return;
    }
    const typesWrong =
      result.fields.length !== r.types.length ||
      result.fields.some((f, i) => OIDS[r.types[i] as string]?.includes(f.dataTypeID) === false);
    if (typesWrong)
      throw new Mismatch(
        `${where}: expected columns ${r.types}, got types ${result.fields.map((f) => f.dataTypeID).join(' ')}`,
      );
    if (rows.length === want.length && rows.every((row, i) => sameRow(r.types, row, want[i] as string))) return;
    const shown = (lines: readonly string[]): string =>
      lines
        .slice(0, 30)
        .map((l) => `    ${l}`)
        .join('\n');
    throw new Mismatch(
      `${where}: rows differ\n${r.sql}\n  expected ${want.length}:\n${shown(want)}\n  got ${rows.length}:\n${shown(rows.map((row) => row.join('|')))}`,
    );
  }

  private s3(words: readonly string[], lines: readonly string[]): void {
    const [verb, key = '', source = '', size = '1000'] = words;
    const s3Root = this.cluster?.s3Root;
    if (s3Root === undefined) return;
    const to = join(s3Root, key);
    mkdirSync(dirname(to), { recursive: true });
    if (verb === 'put') copyFileSync(join(root, source), to);
    else if (verb === 'gzip') writeFileSync(to, gzipSync(readFileSync(join(root, source))));
    else if (verb === 'text') writeFileSync(to, lines.map((l) => `${l}\n`).join(''));
    else if (verb === 'generate')
      writeFileSync(to, [...generated(source, Number(size))].map((l) => `${l}\n`).join(''));
    else throw new Mismatch(`what is s3 ${verb}?`);
  }

  /** Puts what came where the expected rows stand; later rows first, so that line numbers hold. Loops are left alone. */
  private rewrite(): void {
    const path = join(root, this.file);
    const lines = readFileSync(path, 'utf8').split('\n');
    const seen = new Set<number>();
    for (const u of [...this.updates].sort((a, b) => b.at - a.at)) {
      if (!seen.has(u.at)) lines.splice(u.at, u.count, ...u.rows);
      seen.add(u.at);
    }
    writeFileSync(path, lines.join('\n'));
  }
}

function generated(set: string, rows: number): Iterable<string> {
  switch (set) {
    case 'orders':
      return orderLines({ lines: rows });
    case 'orders-with-header':
      return orderLines({ lines: rows, header: true });
    case 'users':
      return userLines(rows / 49_990);
    case 'listings':
      return listingLines(rows / 192_497);
    case 'sales':
      return saleLines(rows / 172_456);
    default:
      throw new Mismatch(`no data set called ${set}`);
  }
}

/** Runs the file; throws Skipped, Mismatch or what broke. `file` is relative to the repository. */
export async function runScript(file: string, configuration: Configuration, clusters: Clusters): Promise<void> {
  await new Script(file, parseScript(readFileSync(join(root, file), 'utf8')), configuration, clusters).run();
}
