/**
 * Two clusters with the same tables, one with so little memory that what a test asks goes to disk: answers must be the
 * same, the step has to say that it was on disk, and nothing may stay there.
 */
import { existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { expect } from 'vitest';
import { startCluster } from '../api/built.ts';

type Cluster = Awaited<ReturnType<typeof startCluster>>;

export async function rowsOf(client: pg.Client, sql: string): Promise<unknown[][]> {
  return (await client.query<unknown[]>({ text: sql, rowMode: 'array' })).rows;
}

export class SmallAndLarge {
  private readonly open: { readonly cluster: Cluster; readonly client: pg.Client }[] = [];
  private constructor(private readonly folder: string) {}

  static async start(setUp: (client: pg.Client) => Promise<void>): Promise<SmallAndLarge> {
    const both = new SmallAndLarge(mkdtempSync(join(tmpdir(), 'slicehouse-spill-')));
    for (const options of [{ nodeMemory: 64, dataDir: both.folder }, { memory: true }]) {
      const cluster = await startCluster({ nodes: 1, slices: 2, ...options });
      const client = new pg.Client({ connectionString: cluster.url });
      await client.connect();
      both.open.push({ cluster, client });
      await setUp(client);
      await client.query('analyze');
    }
    return both;
  }
  get small(): pg.Client {
    return this.open[0]!.client;
  }
  get url(): string {
    return this.open[0]!.cluster.url;
  }
  /** Runs `sql` on both; steps whose label begins so must have been on disk. */
  async check(step: string, sql: string): Promise<void> {
    const [got, want] = [await rowsOf(this.small, sql), await rowsOf(this.open[1]!.client, sql)];
    expect(got).toEqual(want);
    const [disk] = await rowsOf(
      this.small,
      `select count(*) from svl_query_summary where query = pg_last_query_id() and is_diskbased = 't' and label like '${step}%'`,
    );
    expect(Number(disk![0])).toBeGreaterThan(0);
    expect(this.files).toEqual([]);
  }
  /** Temporary files there are. */
  get files(): string[] {
    const folder = join(this.folder, 'tmp');
    if (!existsSync(folder)) return [];
    return readdirSync(folder, { recursive: true })
      .map(String)
      .filter((f) => /\/\d+$/.test(f));
  }
  async close(): Promise<void> {
    for (const { client } of this.open) await client.end();
    for (const { cluster } of this.open) await cluster.close();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
