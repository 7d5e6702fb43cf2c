/**
 * Jobs of COPY for the running leader: what COPY JOB RUN loads and how what was loaded is kept. COPY JOB RUN is the same
 * for a user and for the worker that runs jobs by itself (copy-job-worker.ts), which also says here what waits.
 */
import {
  copyJobName,
  copyJobNeedsRole,
  duplicateCopyJob,
  invalidS3Url,
  notInCopyJob,
} from '../../common/errors/catalogue.ts';
import type { Notice } from '../../common/errors/sql-error.ts';
import { parseS3Url, type ObjectStore } from '../../s3/object-store.ts';
import { putObject } from '../catalog/changes.ts';
import { currentUser, lockRelation, lockUses } from '../catalog/lock-by-name.ts';
import type { CopyJobObject } from '../catalog/objects.ts';
import { requirePrivilege } from '../catalog/privileges.ts';
import type { DdlContext } from '../ddl/context.ts';
import type { Statement } from '../parser/ast.ts';
import type { Session } from '../session/types.ts';
import type { Transaction } from '../transaction/types.ts';
import { COPY_JOB_FILES_MAX, newFiles } from './job-files.ts';
import { copyOptions } from './options.ts';
import { listSources, type SourceObject } from './sources.ts';
import { fieldColumns, requireTarget } from './target.ts';

type Copy = Extract<Statement, { kind: 'copy' }>;
type CreateJob = Extract<Statement, { kind: 'create-copy-job' }>;
type RunCopy = (
  session: Session,
  transaction: Transaction,
  statement: Copy,
  text: string,
  sink: { notice(notice: Notice): void },
  job: { readonly job: number; readonly files: readonly SourceObject[] },
) => Promise<string>;

/** Parameters of COPY that no job has. */
const REFUSED = [
  'MAXERROR',
  'IGNOREALLERRORS',
  'MANIFEST',
  'CREDENTIALS',
  'ACCESS_KEY_ID',
  'SECRET_ACCESS_KEY',
  'SESSION_TOKEN',
  'ENCRYPTED',
  'MASTER_SYMMETRIC_KEY',
  'SSH',
  'READRATIO',
  'NOLOAD',
];

/** What the worker knows of a job and no transaction has kept. */
export interface JobState {
  readonly pending: readonly (SourceObject & { readonly seenMicros: bigint })[];
  /** Why the job does not run. */
  readonly problem?: { readonly message: string; readonly timeMicros: bigint } | undefined;
}

export class CopyJobs {
  /** By the job's oid. */
  readonly states = new Map<number, JobState>();
  /** Keys that a session's next run keeps to. */
  private readonly chosen = new Map<number, ReadonlySet<string>>();

  constructor(
    readonly store: ObjectStore,
    private readonly copy: RunCopy,
  ) {}

  /** Checks the COPY and keeps it as a job; what lies below its prefix already is not loaded. */
  async create(context: DdlContext, statement: CreateJob): Promise<void> {
    const { services, session, transaction } = context;
    const { name, auto, copy, copyText } = statement;
    if (name.includes('-')) throw copyJobName(name, statement.pos + 1);
    const refused = copy.options.find((o) => REFUSED.includes(o.name));
    if (refused !== undefined) throw notInCopyJob(refused.name, refused.pos + 1);
    const role = copy.options.find((o) => o.name === 'IAM_ROLE');
    const iamRole = String(role?.args[0]);
    if (role === undefined || /^(default|session)$/i.test(iamRole)) throw copyJobNeedsRole(role?.pos);
    const options = copyOptions(copy.options, copy.source);
    // Files of a shape come one by one and are loaded together.
    if (options.format.name === 'shapefile') throw notInCopyJob('SHAPEFILE', statement.pos + 1);
    const where = parseS3Url(copy.source);
    if (where === undefined) throw invalidS3Url(copy.source);
    const owner = await lockUses(transaction, () => {
      const catalog = transaction.catalog();
      const value = currentUser(session, transaction);
      requirePrivilege(catalog, session.user, catalog.database, 'C');
      if (catalog.named('copy-job', name) !== undefined) throw duplicateCopyJob(name);
      return { value, names: [value] };
    });
    const relation = await lockRelation(session, transaction, copy.table, 'AccessShareLock', (found) => {
      const table = requireTarget(session, transaction, found, options);
      if (table.temporary) throw notInCopyJob('temporary tables', copy.table.pos + 1);
      fieldColumns(table, copy, options);
    });
    const before = Object.fromEntries(
      (await listSources(this.store, where.bucket, where.key, options)).map((f) => [f.key, f.modifiedMs]),
    );
    putObject(transaction, {
      kind: 'copy job',
      oid: services.transactions.nextOid(),
      name,
      ownerOid: owner.oid,
      table: relation.oid,
      text: copyText,
      source: copy.source,
      iamRole,
      auto,
      createdAtMicros: services.clock.nowMicros(),
      before,
    });
  }

  /** While `work` goes on, what that session runs loads no other files. */
  async choosing<T>(pid: number, keys: ReadonlySet<string>, work: () => Promise<T>): Promise<T> {
    this.chosen.set(pid, keys);
    try {
      return await work();
    } finally {
      this.chosen.delete(pid);
    }
  }

  /** Loads what is new, in the transaction; the job is locked. Returns the number of files. */
  async run(context: DdlContext, job: CopyJobObject): Promise<number> {
    const { services, session, transaction } = context;
    const catalog = transaction.catalog();
    const chosen = this.chosen.get(session.pid);
    const found = await newFiles(this.store, catalog.objects('copy-job-files'), job);
    const files = found.filter((f) => chosen?.has(f.key) ?? true).slice(0, COPY_JOB_FILES_MAX);
    if (files.length === 0) return 0;
    const [parsed] = (await services.parse(job.text)) as readonly [Copy];
    const table = catalog.relationByOid(job.table)!;
    const schema = catalog.schemaByOid(table.schemaOid)!.name;
    const statement = { ...parsed, table: { schema, name: table.name, pos: parsed.table.pos } };
    await this.copy(
      session,
      transaction,
      statement,
      job.text,
      { notice: (n) => context.notice(n) },
      {
        job: job.oid,
        files,
      },
    );
    const seen = new Map(this.states.get(job.oid)?.pending.map((f) => [f.key, f.seenMicros]));
    const now = services.clock.nowMicros();
    const oid = services.transactions.nextOid();
    putObject(transaction, {
      kind: 'copy job files',
      oid,
      name: String(oid),
      job: job.oid,
      timeMicros: now,
      files: files.map(({ key, size, etag, modifiedMs }) => ({
        ...{ key, size, etag, modifiedMs },
        seenMicros: seen.get(key) ?? now,
        status: 'I',
      })),
    });
    return files.length;
  }
}
