/** A PostgreSQL and, beside it, clusters of some configurations: for a test file, or for a stretch of the campaign. */
import { startConfigured, type Configuration, type RunningCluster } from '../slt/cluster.ts';
import { nameOf } from './configurations.ts';
import { Engine, ORACLE_MS, type Oracle } from './engines.ts';

export class BesidePostgres {
  private readonly clusters: RunningCluster[] = [];
  private readonly engines: Engine[] = [];
  /** Internal errors that a cluster spoke of, and warnings of the process it runs in. */
  readonly bugs: unknown[] = [];
  private readonly warned = (warning: Error): void => void this.bugs.push(warning);
  constructor(
    private readonly oracle: Oracle,
    private readonly configurations: readonly Configuration[],
  ) {}

  async start(): Promise<void> {
    process.on('warning', this.warned);
    for (const c of this.configurations)
      this.clusters.push(await startConfigured(c, undefined, (e) => this.bugs.push(e)));
  }
  async stop(): Promise<void> {
    await this.end();
    for (const c of this.clusters.splice(0)) await c.close();
    process.off('warning', this.warned);
  }
  /** New sessions; those before are closed. */
  async sessions(): Promise<{ readonly oracle: Engine; readonly ours: readonly Engine[] }> {
    await this.end();
    const oracle = new Engine('oracle', this.oracle.url, ORACLE_MS);
    const ours = this.clusters.map((c, i) => new Engine(nameOf(this.configurations[i]!), c.url));
    this.engines.push(oracle, ...ours);
    return { oracle, ours };
  }
  /** Ends the sessions and what they run. */
  async end(): Promise<void> {
    for (const e of this.engines.splice(0)) await e.close();
  }
}
