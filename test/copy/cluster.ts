/**
 * What the COPY and UNLOAD tests share: one in-process cluster per file with a bucket "lake" in a temporary folder, and a
 * client on the simple protocol whose cells are text.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import pg from 'pg';
import { startCluster, type Cluster } from '../api/built.ts';

export interface Failure {
  readonly code: string;
  readonly message: string;
  readonly detail: string | undefined;
  readonly position: string | undefined;
}
const text = (value: string): string => value;

export class Lake {
  readonly notices: string[] = [];
  private constructor(
    readonly cluster: Cluster,
    readonly client: pg.Client,
    private readonly folder: string,
  ) {}

  static async open(options: Parameters<typeof startCluster>[0] = {}): Promise<Lake> {
    const folder = mkdtempSync(join(tmpdir(), 'slicehouse-lake-'));
    mkdirSync(join(folder, 'lake'));
    const cluster = await startCluster({ s3Root: folder, ...options });
    const client = new pg.Client({ connectionString: cluster.url, types: { getTypeParser: () => text } as never });
    client.on('error', () => undefined);
    await client.connect();
    const lake = new Lake(cluster, client, folder);
    client.on('notice', (n) => lake.notices.push(`${n.severity}: ${n.message}`));
    return lake;
  }
  /** Another session. */
  async another(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: this.cluster.url });
    client.on('error', () => undefined);
    await client.connect();
    return client;
  }
  async close(): Promise<void> {
    await this.client.end();
    await this.cluster.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
  path(key: string): string {
    return join(this.folder, 'lake', key);
  }
  put(key: string, body: string | Uint8Array): void {
    mkdirSync(dirname(this.path(key)), { recursive: true });
    writeFileSync(this.path(key), body);
  }
  get(key: string): Buffer {
    return readFileSync(this.path(key));
  }
  /** Keys with the prefix, without those of temporary files (there should be none). */
  keys(prefix: string): string[] {
    const base = join(this.folder, 'lake');
    return readdirSync(base, { recursive: true, withFileTypes: true })
      .filter((e) => e.isFile())
      .map((e) => join(e.parentPath, e.name).slice(base.length + 1))
      .filter((k) => k.startsWith(prefix))
      .sort();
  }
  temporaryFiles(): string[] {
    try {
      return readdirSync(join(this.folder, '.slicehouse-tmp'));
    } catch {
      return [];
    }
  }
  async run(sql: string): Promise<string> {
    return (await this.client.query(sql)).command;
  }
  async rows(sql: string): Promise<(string | null)[][]> {
    const { rows } = await this.client.query<(string | null)[]>({ text: sql, rowMode: 'array' });
    return rows.map((r) => r.map((c) => (c === null ? null : String(c).trimEnd())));
  }
  async value(sql: string): Promise<string | null> {
    return (await this.rows(sql))[0]?.[0] ?? null;
  }
  async fails(sql: string): Promise<Failure> {
    try {
      await this.client.query(sql);
    } catch (e) {
      return e as Failure;
    }
    throw new TypeError(`did not fail: ${sql}`);
  }
  /** Order-free fingerprint of a query's rows. */
  async fingerprint(sql: string): Promise<string> {
    const rows = (await this.rows(sql)).map((r) => JSON.stringify(r)).sort();
    return `${rows.length} ${createHash('md5').update(rows.join('\n')).digest('hex')}`;
  }
}
export const AUTH = `iam_role 'arn:aws:iam::123456789012:role/loader'`;
