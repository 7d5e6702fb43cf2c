/**
 * In-process use: `import { startCluster } from 'slicehouse'`. A whole cluster in this process, in memory and on free ports
 * unless told otherwise; several live side by side. Statements run through the sessions that the wire door uses, without a
 * socket; the ports serve whatever else a test starts.
 */
import { join } from 'node:path';
import { loadFixtures, type FixturesLoaded } from './client/fixtures.ts';
import { QuerySession, type Queryable, type QueryOptions, type QueryResult } from './client/query-session.ts';
import type { SqlParameter, SqlValue } from './client/values.ts';
import type { Snapshot } from './cluster-states.ts';
import { DEFAULT_REGION } from './common/account.ts';
import { noBase } from './common/errors/api-errors.ts';
import { startRunning, type ClusterOptions, type RunningCluster } from './start-cluster.ts';

export type { FixturesLoaded } from './client/fixtures.ts';
export type { Queryable, QueryOptions, QueryResult, QuerySession, RowConsumer } from './client/query-session.ts';
export type { Field, SqlParameter, SqlValue } from './client/values.ts';
export type { Snapshot } from './cluster-states.ts';
export { SqlError } from './common/errors/sql-error.ts';
export type { ClusterOptions } from './start-cluster.ts';

export interface StartOptions extends Partial<Omit<ClusterOptions, 'seed'>> {
  /**
   * With a data directory that was there before: what it holds at the start is kept, for reset() to go back to. Blocks of
   * rows that are deleted later stay on disk until the end then.
   */
  readonly resettable?: boolean;
}
export interface ResetOptions {
  /** 'restore' (default): buckets are what they were, too. 'keep': they are left alone, as an s3Root of one's own always is. */
  readonly buckets?: 'restore' | 'keep';
}
export interface ForkOptions {
  /** Default: the state of now. */
  readonly from?: Snapshot;
  /** A new data directory; default: the fork is in memory. */
  readonly dataDir?: string;
}

export interface SessionOptions {
  /** Default: the cluster's superuser. No password is asked for inside the process. */
  readonly user?: string;
  readonly database?: string;
  readonly applicationName?: string;
}

/** A running cluster. `await using` closes it. */
export class Cluster implements Queryable {
  private base: Snapshot | undefined;
  /** What changes the whole cluster happens one after another. */
  private last: Promise<unknown> = Promise.resolve();
  private shared: Promise<QuerySession> | undefined;
  private readonly sessions = new Set<QuerySession>();
  private closing: Promise<void> | undefined;

  private constructor(
    private readonly running: RunningCluster,
    private readonly options: ClusterOptions,
  ) {}

  static async start(options: ClusterOptions, resettable: boolean): Promise<Cluster> {
    const cluster = new Cluster(await startRunning(options), options);
    const { begins, states } = cluster.running;
    if (begins === 'empty') cluster.base = await states.keepEmpty();
    else if (begins === 'initialised' || resettable) cluster.base = await states.keep();
    return cluster;
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
  /** The rows of one statement as an Arrow table; the statement runs in the cluster's own session. */
  async toArrow(...parameters: Parameters<QuerySession['toArrow']>): ReturnType<QuerySession['toArrow']> {
    return (await this.ownSession()).toArrow(...parameters);
  }
  /** A session of one's own: transactions, temporary tables, settings. */
  async session(options: SessionOptions = {}): Promise<QuerySession> {
    const parameters = new Map<string, string>();
    if (options.applicationName !== undefined) parameters.set('application_name', options.applicationName);
    const { service } = this.running;
    const session = await service.connect({
      user: options.user ?? this.options.user,
      database: options.database ?? this.options.database,
      parameters,
      remoteHost: '',
      remotePort: 0,
      proof: 'server',
    });
    const opened = new QuerySession(session, service);
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

  /**
   * Fills the cluster from a folder: buckets, scripts, data files named by their tables (client/fixtures.ts). `analyze`: with
   * statistics for the planner, which COPY of fixtures leaves out.
   */
  async loadFixtures(dir: string, { analyze = false } = {}): Promise<FixturesLoaded> {
    const session = await this.session();
    try {
      return await loadFixtures(dir, session, this.s3Root, this.options.s3Endpoint !== undefined, analyze);
    } finally {
      await session.close();
    }
  }

  // ---- states ---------------------------------------------------------------------------------------------------

  /**
   * Back to the base: the state after the start, or of the last declareBase(). Tables, users and whatever else was made since are
   * gone, counters of identity columns too, and buckets are what they were. Every session ends with 57P01, those of
   * drivers too. The history (STL, SYS views) goes on.
   */
  reset(options?: ResetOptions): Promise<void> {
    return this.inTurn(() => {
      if (this.base === undefined) throw noBase();
      return this.goBack(this.base, options);
    });
  }
  /** reset() goes back to what there is now. */
  declareBase(): Promise<void> {
    return this.inTurn(async () => {
      const old = this.base;
      this.base = await this.running.states.keep();
      await old?.release();
    });
  }
  /** Keeps what is committed now; transactions that are open are no part of it. */
  snapshot(): Promise<Snapshot> {
    return this.inTurn(() => this.running.states.keep());
  }
  /** Back to a snapshot, as reset() goes back to the base. It can be restored again. */
  restore(snapshot: Snapshot, options?: ResetOptions): Promise<void> {
    return this.inTurn(() => this.goBack(snapshot, options));
  }
  /** Another cluster with what this one holds, which shares nothing that either can change. */
  fork({ from, dataDir }: ForkOptions = {}): Promise<Cluster> {
    return this.inTurn(async () => {
      const snapshot = from ?? (await this.running.states.keep());
      try {
        const place = {
          dataDir: dataDir ?? DATA_DIR,
          memory: dataDir === undefined,
          port: 0,
          httpPort: 0,
          init: undefined,
        };
        const options = { ...this.options, ...place, s3Root: join(place.dataDir, 's3') };
        return await Cluster.start({ ...options, seed: this.running.states.seed(snapshot) }, true);
      } finally {
        if (from === undefined) await snapshot.release();
      }
    });
  }

  private goBack(to: Snapshot, { buckets = 'restore' }: ResetOptions = {}): Promise<void> {
    return this.running.states.restore(to, { buckets: buckets === 'restore' });
  }
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.last.then(work);
    this.last = turn.catch(() => undefined);
    return turn;
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

const DATA_DIR = './slicehouse-data';

/** Starts a cluster; everything left out has the command's default, but memory only and on free ports. */
export function startCluster({ resettable = false, ...options }: StartOptions = {}): Promise<Cluster> {
  const dataDir = options.dataDir ?? DATA_DIR;
  const all: ClusterOptions = {
    port: 0,
    httpPort: 0,
    host: '127.0.0.1',
    memory: options.dataDir === undefined,
    nodes: 2,
    slices: 2,
    s3Root: join(dataDir, 's3'),
    region: DEFAULT_REGION,
    largeStrings: false,
    database: 'dev',
    user: 'awsuser',
    password: undefined,
    tls: 'on',
    ...options,
    dataDir,
  };
  return Cluster.start(all, resettable);
}
