/**
 * One cluster for a file of acceptance tests, started from the built package, with a client whose cells are text. `put`
 * copies a file or text into the bucket "demo"; `rows`, `value` and `code` ask.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import pg from 'pg';

export const root = join(import.meta.dirname, '../..');

interface Running {
  readonly url: string;
  readonly s3Root: string;
  close(): Promise<void>;
}
const text = (value: string): string => value;

export class Subject {
  private constructor(
    private readonly cluster: Running,
    readonly client: pg.Client,
  ) {}

  static async start(nodes: number, slices: number): Promise<Subject> {
    const { buildAll } = (await import('../../tools/build.mjs' as string)) as { buildAll(): Promise<void> };
    await buildAll();
    const built = (await import(join(root, 'dist/index.js'))) as { startCluster(options: object): Promise<Running> };
    const cluster = await built.startCluster({ nodes, slices });
    const client = new pg.Client({ connectionString: cluster.url, types: { getTypeParser: () => text } as never });
    await client.connect();
    return new Subject(cluster, client);
  }
  get url(): string {
    return this.cluster.url;
  }
  async close(): Promise<void> {
    await this.client.end();
    await this.cluster.close();
  }
  put(key: string, body: string | Uint8Array): void {
    const path = join(this.cluster.s3Root, 'demo', key);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, body);
  }
  async run(sql: string): Promise<void> {
    await this.client.query(sql);
  }
  async rows(sql: string): Promise<(string | null)[][]> {
    return (await this.client.query<(string | null)[]>({ text: sql, rowMode: 'array' })).rows;
  }
  async value(sql: string): Promise<string | null> {
    return (await this.rows(sql))[0]?.[0] ?? null;
  }
  /** The SQLSTATE a statement fails with; 'none' when it succeeds. */
  async code(sql: string): Promise<string> {
    try {
      await this.client.query(sql);
      return 'none';
    } catch (error) {
      return (error as { code?: string }).code ?? String(error);
    }
  }
  /** EXPLAIN as one text. */
  async plan(sql: string): Promise<string> {
    return (await this.rows(`explain ${sql}`)).map((r) => r[0]).join('\n');
  }
}
