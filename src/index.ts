/**
 * In-process use: `import { startCluster } from 'slicehouse'`. A whole cluster in this process, in memory and on free ports
 * unless told otherwise; several live side by side. Statements run through the sessions that the wire door uses, without a
 * socket; the ports serve whatever else a test starts.
 */
import { join } from 'node:path';
import { loadFixtures, type FixturesLoaded } from './client/fixtures.ts';
import { QuerySession, type Queryable, type QueryOptions, type QueryResult } from './client/query-session.ts';
import type { SqlParameter, SqlValue } from './client/values.ts';
import { startRunning, type ClusterOptions, type RunningCluster } from './start-cluster.ts';

export type { FixturesLoaded } from './client/fixtures.ts';
export type { Queryable, QueryOptions, QueryResult, QuerySession, RowConsumer } from './client/query-session.ts';
export type { Field, SqlParameter, SqlValue } from './client/values.ts';
export { SqlError } from './common/errors/sql-error.ts';
export type { ClusterOptions, RunningCluster } from './start-cluster.ts';

export interface SessionOptions {
  /** Default: the cluster's superuser. No password is asked for inside the process. */
  readonly user?: string;
  readonly database?: string;
  readonly applicationName?: string;
}

/** A running cluster. `await using` closes it. */
export class Cluster implements RunningCluster, Queryable {
  private shared: Promise<QuerySession> | undefined;
  private readonly sessions = new Set<QuerySession>();
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly running: RunningCluster,
    private readonly options: ClusterOptions,
  ) {}

  static async start(options: ClusterOptions): Promise<Cluster> {
    return new Cluster(await startRunning(options), options);
  }

  // ---- where it is ----------------------------------------------------------------------------------------------

  get port(): number {
    return this.running.port;
  }
  get httpPort(): number {
    return this.running.httpPort;
  }
  get url(): string {
    return this.running.url;
  }
  get httpUrl(): string {
    return this.running.httpUrl;
  }
  get s3Root(): string {
    return this.running.s3Root;
  }
  get service(): RunningCluster['service'] {
    return this.running.service;
  }
  get failure(): Promise<string> {
    return this.running.failure;
  }
  /** What drivers connect to: `url`, with the password when there is one. */
  get connectionString(): string {
    const url = new URL(this.running.url);
    if (this.options.password !== undefined) url.password = encodeURIComponent(this.options.password);
    return url.href;
  }
  /** Where an AWS SDK finds the buckets. */
  get s3Endpoint(): string {
    return this.running.httpUrl;
  }
  certificateAuthority(): Promise<string | undefined> {
    return this.running.certificateAuthority();
  }
  inspect(...[setup, sql, stage]: Parameters<RunningCluster['inspect']>): Promise<string> {
    return this.running.inspect(setup, sql, stage);
  }

  // ---- SQL ------------------------------------------------------------------------------------------------------

  /**
   * Runs one statement in the cluster's own session, which all calls share, one after another. Transactions and work side by
   * side want a session().
   */
  async query<Row = Record<string, SqlValue>>(
    sql: string,
    parameters?: readonly SqlParameter[],
    options?: QueryOptions,
  ): Promise<QueryResult<Row>> {
    return (await this.ownSession()).query<Row>(sql, parameters, options);
  }
  /** Runs a script in the cluster's own session. */
  async exec(script: string, options?: QueryOptions): Promise<readonly QueryResult[]> {
    return (await this.ownSession()).exec(script, options);
  }
  /** A session of one's own: transactions, temporary tables, settings. */
  async session(options: SessionOptions = {}): Promise<QuerySession> {
    const parameters = new Map<string, string>();
    if (options.applicationName !== undefined) parameters.set('application_name', options.applicationName);
    const session = await this.service.connect({
      user: options.user ?? this.options.user,
      database: options.database ?? this.options.database,
      parameters,
      remoteHost: '',
      remotePort: 0,
      proof: 'server',
    });
    const opened = new QuerySession(session, this.service);
    for (const other of this.sessions) if (other.isOver) this.sessions.delete(other);
    this.sessions.add(opened);
    return opened;
  }
  private async ownSession(): Promise<QuerySession> {
    const before = this.shared;
    const session = await before?.catch(() => undefined);
    if (session !== undefined && !session.isOver) return session;
    // Of several that find it gone the first makes the next one.
    if (this.shared === before || this.shared === undefined) this.shared = this.session();
    return this.shared;
  }

  /** Fills the cluster from a folder: buckets, scripts, data files named by their tables (client/fixtures.ts). */
  async loadFixtures(dir: string): Promise<FixturesLoaded> {
    const session = await this.session();
    try {
      return await loadFixtures(dir, session, this.s3Root, this.options.s3Endpoint !== undefined);
    } finally {
      await session.close();
    }
  }

  /** Ends sessions and threads; what was in memory is gone. */
  close(): Promise<void> {
    this.closing ??= Promise.all([...this.sessions].map((s) => s.close())).then(() => this.running.close());
    return this.closing;
  }
  [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }
}

/** Starts a cluster; everything left out has the command's default, but memory only and on free ports. */
export function startCluster(options: Partial<ClusterOptions> = {}): Promise<Cluster> {
  const dataDir = options.dataDir ?? './slicehouse-data';
  return Cluster.start({
    port: 0,
    httpPort: 0,
    host: '127.0.0.1',
    memory: options.dataDir === undefined,
    nodes: 2,
    slices: 2,
    s3Root: join(dataDir, 's3'),
    largeStrings: false,
    database: 'dev',
    user: 'awsuser',
    password: undefined,
    tls: 'on',
    ...options,
    dataDir,
  });
}
