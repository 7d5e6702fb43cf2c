/**
 * A workload against a configuration of test/configs: loads it, asks every query, compares with the answers in the
 * repository, and checks the laws of the counters over all of it. `npm test` takes the default configuration and a drawn
 * one, `npm run campaign -- workloads` all.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { startConfigured, type Configuration, type RunningCluster } from '../slt/cluster.ts';
import { breaches } from '../slt/laws.ts';
import { difference } from './same.ts';
import { loadWorkload, queriesOf, readAnswer, type Cells, type Query, type Workload } from './workload.ts';

export class LoadedWorkload {
  private constructor(
    readonly workload: Workload,
    private readonly cluster: RunningCluster,
    private readonly client: pg.Client,
    private readonly dataDir: string | undefined,
    private readonly bugs: unknown[],
  ) {}

  static async start(workload: Workload, configuration: Configuration): Promise<LoadedWorkload> {
    const dataDir = configuration.memory ? undefined : mkdtempSync(join(tmpdir(), 'slicehouse-workload-'));
    const bugs: unknown[] = [];
    const begin = (): Promise<RunningCluster> => startConfigured(configuration, dataDir, (e) => bugs.push(e));
    let cluster = await begin();
    let client = await connect(cluster.url);
    await loadWorkload(workload, client, cluster.s3Root);
    if (configuration.restartBeforeQueries === true) {
      await client.end();
      await cluster.close();
      cluster = await begin();
      client = await connect(cluster.url);
    }
    return new LoadedWorkload(workload, cluster, client, dataDir, bugs);
  }

  get queries(): readonly Query[] {
    return queriesOf(this.workload.name);
  }
  /** Undefined when the answer is the expected one, else what is wrong. */
  async wrong(query: Query): Promise<string | undefined> {
    const expected = readAnswer(this.workload.name, query.name);
    let rows: Cells;
    let columns: readonly string[];
    try {
      const result = await this.client.query<(string | null)[]>({ text: query.text, rowMode: 'array' });
      rows = result.rows;
      columns = result.fields.map((f) => f.name);
    } catch (error) {
      return `${(error as { code?: string }).code}: ${(error as Error).message}`;
    }
    if (columns.join() !== expected.columns.join())
      return `columns are ${columns.join()}, expected ${expected.columns.join()}`;
    return difference(rows, expected.rows);
  }
  /** Laws of the counters that do not hold, and internal errors. */
  async breaches(): Promise<readonly string[]> {
    return [...(await breaches(this.client)), ...this.bugs.map(String)];
  }
  async close(): Promise<void> {
    await this.client.end();
    await this.cluster.close();
    if (this.dataDir !== undefined) rmSync(this.dataDir, { recursive: true, force: true });
  }
}

async function connect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, types: { getTypeParser: () => (v: unknown) => v } as never });
  client.on('error', () => undefined);
  await client.connect();
  return client;
}
