/**
 * Jobs of COPY with AUTO ON in the background: every COPY_JOB_POLL_MS it looks below each job's prefix, and what lies there
 * unchanged since its last look is loaded by COPY JOB RUN in a session of the job's owner.
 *
 *   seen --unchanged at the next look--> COPY JOB RUN --> ingested (kept by the transaction that loads it)
 *                                             \--- refused: each file alone, and one that is refused alone is in error ---/
 *
 * What does not lie in the file (no memory, no right, a node that is down) leaves it waiting and is said in
 * SYS_COPY_JOB_INFO. Files that are put through the HTTP door are whole at once; one that is copied into the folder grows.
 */
import type { Clock } from '../common/clock.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import { COPY_JOB_POLL_MS } from '../common/limits.ts';
import { SILENT_SINK, type SqlService } from '../common/sql-service.ts';
import { putObject } from './catalog/changes.ts';
import { classIn, databaseOids } from './catalog/state.ts';
import type { CopyJobObject } from './catalog/objects.ts';
import type { CopyJobs, JobState } from './copy/copy-jobs.ts';
import { COPY_JOB_FILES_MAX, newFiles } from './copy/job-files.ts';
import type { SourceObject } from './copy/sources.ts';
import type { LeaderTransactionManager } from './transaction/transaction-manager.ts';

/** Listing takes no more than one part in so many of the worker's time, and is never put off for longer than this. */
const LISTING_SHARE = 5;
const COPY_JOB_POLL_MS_MAX = 10_000;
/** Classes of SQLSTATEs that are not the file's fault: connection, rights, rollback, names, resources, operators, system. */
const PASSING = ['08', '28', '3D', '40', '42', '53', '55', '57', '58'];
/** Longest wait for locks of the transaction that keeps a file's error. */
const GIVE_UP_WAIT_MS = 10_000;
/** Errors kept of one file, in characters. */
const MESSAGE_MAX = 400;

export interface CopyJobWorkerDeps {
  readonly jobs: CopyJobs;
  readonly service: Pick<SqlService, 'connect'>;
  readonly transactions: LeaderTransactionManager;
  readonly clock: Clock;
  onBug(error: unknown): void;
}
interface Found {
  readonly database: number;
  readonly job: CopyJobObject;
}

const stateOf = (f: SourceObject): string => `${f.size} ${f.modifiedMs}`;
const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

export class CopyJobWorker {
  private timer: ReturnType<typeof setTimeout> | undefined;
  private looking: Promise<void> | undefined;
  private stopped = false;
  /** Of the look that goes on. */
  private listingMs = 0;
  /** Where each pending file was at the last look, by job. */
  private readonly last = new Map<number, ReadonlyMap<string, string>>();
  private end: (() => Promise<void>) | undefined;

  constructor(private readonly deps: CopyJobWorkerDeps) {}

  start(delay = COPY_JOB_POLL_MS): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.listingMs = 0;
      this.looking = this.look()
        .catch((error: unknown) => this.deps.onBug(error))
        .finally(() => {
          this.looking = undefined;
          const rest = this.listingMs * (LISTING_SHARE - 1);
          this.start(Math.min(Math.max(COPY_JOB_POLL_MS, rest), COPY_JOB_POLL_MS_MAX));
        });
    }, delay);
    this.timer.unref();
  }
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.end?.();
    await this.looking;
  }

  private automatic(): readonly Found[] {
    const { committed } = this.deps.transactions;
    return databaseOids(committed).flatMap((database) =>
      [...classIn(committed, 'copy-job', database).objects.values()]
        .filter((job) => job.auto)
        .map((job) => ({ database, job })),
    );
  }

  private async look(): Promise<void> {
    const found = this.automatic();
    const { states } = this.deps.jobs;
    const known = new Set(found.map(({ job }) => job.oid));
    for (const oid of states.keys()) if (!known.has(oid)) states.delete(oid);
    for (const oid of this.last.keys()) if (!known.has(oid)) this.last.delete(oid);
    for (const one of found) {
      if (this.stopped) return;
      await this.lookAt(one);
    }
  }

  private async lookAt(found: Found): Promise<void> {
    const { jobs, transactions, clock } = this.deps;
    const { job, database } = found;
    const before = jobs.states.get(job.oid);
    const now = clock.nowMicros();
    const say = (state: JobState): void => void jobs.states.set(job.oid, state);
    let files: readonly SourceObject[];
    const from = performance.now();
    try {
      const groups = classIn(transactions.committed, 'copy-job-files', database).objects.values();
      files = await newFiles(jobs.store, groups, job);
    } catch (error) {
      return say({ pending: [], problem: this.problem(error, before) });
    } finally {
      this.listingMs += performance.now() - from;
    }
    const seen = new Map(before?.pending.map((f) => [f.key, f.seenMicros]));
    const pending = files.map((f) => ({ ...f, seenMicros: seen.get(f.key) ?? now }));
    const last = this.last.get(job.oid);
    this.last.set(job.oid, new Map(files.map((f) => [f.key, stateOf(f)])));
    say({ pending, problem: before?.problem });
    const whole = files.filter((f) => last?.get(f.key) === stateOf(f)).slice(0, COPY_JOB_FILES_MAX);
    if (whole.length === 0) return;
    const problem = await this.load(found, whole).catch((error: unknown) => this.problem(error, before));
    say({ pending, problem });
  }

  /** Loads them together, or one by one when one of them is refused. Undefined when nothing is left. */
  private async load({ job, database }: Found, files: readonly SourceObject[]): Promise<undefined> {
    const { transactions } = this.deps;
    const { committed } = transactions;
    const session = await this.deps.service.connect({
      user: classIn(committed, 'user').objects.get(job.ownerOid)!.name,
      database: classIn(committed, 'database').objects.get(database)!.name,
      parameters: new Map([['application_name', `copy job ${job.name}`]]),
      remoteHost: '',
      remotePort: 0,
      proof: 'server',
    });
    this.end = () => session.close();
    const run = (some: readonly SourceObject[]): Promise<void> =>
      this.deps.jobs.choosing(session.pid, new Set(some.map((f) => f.key)), () =>
        session.simpleQuery(`copy job run ${quoted(job.name)}`, SILENT_SINK),
      );
    try {
      const error = await this.refused(() => run(files));
      if (error === undefined) return;
      if (files.length === 1) return await this.giveUp(database, job, files[0]!, error, session.pid);
      for (const file of files) {
        if (this.stopped) return;
        const refused = await this.refused(() => run([file]));
        if (refused !== undefined) await this.giveUp(database, job, file, refused, session.pid);
      }
    } finally {
      this.end = undefined;
      await session.close();
    }
  }

  /** The error of a run that is the files' fault; throws others. */
  private async refused(run: () => Promise<void>): Promise<SqlError | undefined> {
    try {
      await run();
      return undefined;
    } catch (error) {
      if (!(error instanceof SqlError) || PASSING.includes(error.sqlstate.slice(0, 2))) throw error;
      return error;
    }
  }

  /** Keeps that the file is in error: it is not tried again. */
  private async giveUp(
    database: number,
    job: CopyJobObject,
    file: SourceObject,
    error: SqlError,
    pid: number,
  ): Promise<undefined> {
    const { transactions, clock } = this.deps;
    const stopping = AbortSignal.timeout(GIVE_UP_WAIT_MS);
    const transaction = transactions.begin(database, pid, { readOnly: false, signal: () => stopping });
    try {
      transaction.requireXid();
      if (transaction.catalog().object('copy-job', job.oid) === undefined) return undefined;
      const oid = transactions.nextOid();
      const now = clock.nowMicros();
      const { key, size, etag, modifiedMs } = file;
      const message = error.message.slice(0, MESSAGE_MAX);
      putObject(transaction, {
        ...{ kind: 'copy job files', oid, name: String(oid), job: job.oid, timeMicros: now },
        files: [{ key, size, etag, modifiedMs, seenMicros: now, status: 'E', message }],
      });
      await transaction.commit();
      return undefined;
    } finally {
      if (transaction.state === 'open') await transaction.rollback();
    }
  }

  private problem(error: unknown, before: JobState | undefined): JobState['problem'] {
    const message = error instanceof Error ? error.message : String(error);
    if (before?.problem?.message === message) return before.problem;
    // Told once, not at every look; other jobs go on.
    if (!(error instanceof SqlError)) this.deps.onBug(error);
    return { message, timeMicros: this.deps.clock.nowMicros() };
  }
}
