/**
 * COPY: options, target and sources are settled, encodings chosen from a sample when the table is empty, then every
 * slice parses its pieces and the rows go to the slices that keep them. Refused records stand in STL_LOAD_ERRORS whatever
 * becomes of the transaction.
 */
import { AUTO_ALL_BYTES_MAX } from '../../common/limits.ts';
import { loadFailed } from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { LoadOptions, LoadPiece, LoadResult } from '../../formats/load-work.ts';
import type { LoadSchema } from '../../formats/load-format.ts';
import { LOAD_FORMATS } from '../../formats/registry.ts';
import type { LoadWork } from '../../execution/messages.ts';
import { CODECS } from '../../s3/codecs/registry.ts';
import type { RemoteAccess } from '../../remote/access.ts';
import type { ObjectStore } from '../../s3/store.ts';
import { analyzed, analyzeTable } from '../ddl/table-statistics.ts';
import { putObject } from '../catalog/changes.ts';
import { grownDistribution } from '../catalog/table-attributes.ts';
import { asTable } from '../catalog/names.ts';
import { liveColumns, type CatalogColumn, type TableObject } from '../catalog/objects.ts';
import type { ExecutorDeps } from '../statement/execute.ts';
import type { QueryServices } from '../ddl/context.ts';
import type { RunningLoad, RunningTransfers } from '../history/running-transfers.ts';
import type { History, LoadRecord } from '../history/types.ts';
import { refuseWideRow } from '../statement/row-width.ts';
import type { StatementRunner } from '../statement/statement-runner.ts';
import type { TransactionManager } from '../transaction/types.ts';
import { encodingsFor, presetEncodings, wantsEncodings } from './compupdate.ts';
import type { SampledColumn } from '../catalog/sampled-encodings.ts';
import { maskCredentials } from '../parser/mask-credentials.ts';
import {
  loadFormatName,
  loadTotals,
  recordFileScans,
  recordLoadCommits,
  recordLoadErrors,
  recordSshErrors,
  recordReadErrors,
  recordReplacements,
  recordSimplifications,
  type SliceLoad,
} from './load-records.ts';
import { LOAD_NUMBER, loadPlan } from './load-plan.ts';
import { errorLimit, loadNotices } from './maxerror.ts';
import { copyOptions, type CopyOptions } from './options.ts';
import { copySources, readNamed, requireJobAccess, type SourceObject } from './sources.ts';
import { shapefileHost, shapefilesOf } from './shapefiles.ts';
import { loadObject, splitSources } from './split.ts';
import { dynamoSource } from './dynamo-source.ts';
import type { FoundSource } from './found-source.ts';
import { sshSource } from './ssh-source.ts';
import { copyColumns, lockTarget, type CopyColumns } from './target.ts';

/** What COPY asks of the running leader. */
export interface CopyServices extends QueryServices {
  readonly history: Pick<History, 'add'>;
  readonly topology: { readonly sliceCount: number };
  readonly transactions: Pick<TransactionManager, 'nextIdentity'>;
  readonly transfers: RunningTransfers;
  readonly remote: RemoteAccess;
  /** Told when a load has ended; must not throw. */
  loadEnded(load: LoadRecord, error: string | undefined): void;
}
type Parameters_ = Parameters<ExecutorDeps['copy']>;
/** The run of a job of COPY: its number and what it loads. */
export interface JobRun {
  readonly job: number;
  readonly files: readonly SourceObject[];
}
export type CopyRunner = (
  session: Parameters_[0],
  transaction: Parameters_[1],
  statement: Parameters_[2],
  text: string,
  sink: Pick<Parameters_[4], 'notice'>,
  job?: JobRun,
) => Promise<string>;

export function copyRunner(runner: StatementRunner, services: CopyServices, store: ObjectStore): CopyRunner {
  return (session, transaction, statement, text, sink, job) =>
    new CopyRun(runner, services, store, session, transaction, statement, text, sink, job).run();
}

class CopyRun {
  private readonly options: CopyOptions;
  private readonly text: string;
  private table!: TableObject;
  private columns!: CopyColumns;
  private found!: FoundSource;
  private schema!: LoadSchema<unknown>;
  private work!: ReadonlyMap<number, readonly LoadPiece[]>;
  private wasEmpty = false;
  private readonly startMicros: bigint;

  constructor(
    private readonly runner: StatementRunner,
    private readonly services: CopyServices,
    private readonly store: ObjectStore,
    private readonly session: Parameters_[0],
    private readonly transaction: Parameters_[1],
    private readonly statement: Parameters_[2],
    text: string,
    private readonly sink: Pick<Parameters_[4], 'notice'>,
    private readonly job: JobRun | undefined,
  ) {
    this.options = copyOptions(statement.options, statement.source);
    this.startMicros = services.clock.nowMicros();
    this.text = maskCredentials(text.slice(statement.start, statement.end)).trim();
  }

  async run(): Promise<string> {
    const { runner, services, session, transaction, statement, options } = this;
    this.table = await lockTarget(session, transaction, statement, options);
    refuseWideRow(liveColumns(this.table), session.pid);
    this.columns = await copyColumns(runner, services, session, transaction, this.table, statement, options);
    this.found = await this.find();
    this.schema = await this.readSchema(this.found.objects);
    this.work = await this.found.deal(services.topology.sliceCount);
    const transfer = this.transferOf(this.found);
    return services.transfers.during(transfer, () => this.runOver(transfer));
  }
  private find(): Promise<FoundSource> {
    const { services, session, statement, options } = this;
    if (options.source === 'dynamodb')
      return dynamoSource(services.remote, statement.source, options, session.cancelSignal);
    if (options.source === 'ssh') return sshSource(this.store, services.remote, statement.source, options);
    return this.findObjects();
  }
  private async findObjects(): Promise<FoundSource> {
    const { store, services, statement, options } = this;
    const region = options.region ?? services.remote.region;
    const found = this.job?.files ?? (await copySources(store, statement.source, options));
    if (this.job !== undefined) await requireJobAccess(store, statement.source, found, options);
    const objects = options.format.name === 'shapefile' ? shapefilesOf(found, options, statement.source) : found;
    return {
      objects,
      files: objects.length,
      bytes: objects.reduce((sum, o) => sum + o.size, 0),
      deal: (slices) => splitSources(store, objects, { ...options, region }, slices),
    };
  }
  private transferOf({ files, bytes }: FoundSource): RunningLoad {
    const { session, options, transaction } = this;
    return {
      kind: 'load',
      userid: session.user.oid,
      pid: session.pid,
      xid: transaction.requireXid(),
      database: session.database,
      startMicros: this.startMicros,
      format: loadFormatName(options.format.name),
      query: undefined,
      tableName: this.table.name,
      source: this.statement.source,
      sourceFiles: files,
      sourceBytes: bytes,
      copyJob: this.job?.job,
      work: this.work,
    };
  }
  private async runOver(transfer: RunningLoad): Promise<string> {
    const { runner, options, found } = this;
    this.wasEmpty = runner.deps.rowCountOf(this.table.oid) === 0;
    if (this.wasEmpty && !options.noLoad) {
      const ratio = options.compression === 'none' ? 1 : CODECS[options.compression].ratio;
      this.growAutomaticStyle(found.bytes * ratio);
      await this.setEncodings();
    }
    const { query, loads } = await this.load(transfer);
    const rows = loads.reduce((n, l) => n + l.result.rows, 0);
    const refused = loads.reduce((n, l) => n + l.result.refusedCount, 0);
    this.session.last.copyCount = rows;
    this.session.last.copyId = query;
    if (!options.noLoad) await this.analyze();
    this.session.last.queryId = query;
    this.session.last.finishedId = query;
    for (const notice of loadNotices(this.table.name, rows, refused, options.noLoad)) this.sink.notice(notice);
    return 'COPY';
  }

  private readSchema(sources: readonly SourceObject[]): Promise<LoadSchema<unknown>> {
    const { format } = this.options;
    const columns = this.columns.fields.map((c) => ({ name: c.name, type: c.type, nullable: !c.notNull }));
    const [first] = sources;
    const readsSrid = this.session.setting('read_srid_on_shapefile_ingestion') !== 'off';
    const host = {
      object: (url: string) => readNamed(this.store, url, this.options),
      shapefiles: shapefileHost(this.store, sources, this.options, readsSrid),
    };
    return LOAD_FORMATS[format.name].schema(columns, format.options, first && loadObject(this.store, first), host);
  }

  /** A DISTSTYLE AUTO table stops being copied to every node when much comes into it. */
  private growAutomaticStyle(bytes: number): void {
    const { table } = this;
    if (table.diststyle !== 'auto' || table.effectiveDiststyle !== 'all' || bytes <= AUTO_ALL_BYTES_MAX) return;
    this.changeTable({ ...table, ...grownDistribution(table) });
  }
  private changeTable(relation: TableObject): void {
    const { transaction } = this;
    putObject(transaction, relation);
    this.table = asTable(transaction.catalog().relationByOid(relation.oid)!);
  }

  private async setEncodings(): Promise<void> {
    const { options, table } = this;
    const want = wantsEncodings(options, table);
    if (want === 'keep') return;
    const sampled = want === 'sample' ? await this.sample() : [];
    const chosen = encodingsFor(table, sampled, want === 'preset' ? presetEncodings(table) : undefined);
    if (chosen.size === 0) return;
    const { services, session } = this;
    const columns = table.columns.map((c): CatalogColumn => ({
      ...c,
      encoding: chosen.get(c.attnum)?.encoding ?? c.encoding,
    }));
    for (const c of liveColumns(table)) {
      const choice = chosen.get(c.attnum);
      if (choice === undefined) continue;
      services.history.add('compressions', {
        userid: session.user.oid,
        timeMicros: services.clock.nowMicros(),
        tableId: table.oid,
        tableName: table.name,
        column: c.attnum - 1,
        oldEncoding: c.encoding,
        newEncoding: choice.encoding,
        estimatedReduction: choice.reduction,
        xid: this.transaction.xid,
        mode: want === 'preset' ? 'PRESET' : 'ON',
      });
    }
    this.changeTable({ ...table, columns });
  }
  /** Reads the first rows of every slice's pieces and lets the encodings bid on them there. */
  private async sample(): Promise<readonly SampledColumn[]> {
    const { runner, session, transaction, options, table } = this;
    const { sliceCount } = this.services.topology;
    const rowsMax = Math.ceil((options.compRows ?? 100_000) / (options.compRows === undefined ? 1 : sliceCount));
    const plan = loadPlan(runner, table, this.columns, options, this.schema, 'sample');
    const text = `COPY ANALYZE ${table.name}`;
    const work = this.workFor(Infinity, rowsMax);
    const ran = runner.runCompiled(session, transaction, plan, undefined, {
      text,
      parameters: [],
      formats: [],
      consumer: () => undefined,
      loads: (slice) => [work(slice)],
      loadsInto: { table, stay: false },
    });
    const result = await ran.catch((error: unknown) => {
      // Where a file ends the load the load itself will say so, with a row for the record.
      if (error instanceof SqlError && error.message === loadFailed(table.name).message) return undefined;
      this.recordSourceErrors(this.partialLoads(error), session.last.queryId);
      throw error;
    });
    if (result === undefined) return [];
    return result.outcome.unloads.flatMap((u) => u.results) as readonly SampledColumn[];
  }

  private loadsOf(
    all: readonly { readonly slice: number; readonly results: readonly unknown[] }[],
  ): readonly SliceLoad[] {
    return all.flatMap(({ slice, results }) =>
      results.map((r) => ({ slice, pieces: this.work.get(slice) ?? [], result: r as LoadResult })),
    );
  }
  /** What slices had done of a load that failed. */
  private partialLoads(error: unknown): readonly SliceLoad[] {
    const known = error instanceof SqlError && 'loads' in error ? error.loads : [];
    return this.loadsOf(known as Parameters<typeof this.loadsOf>[0]);
  }
  /** Fails the load when its source says that too little of it was there. */
  private check(loads: readonly SliceLoad[]): void {
    try {
      this.found.check?.(loads);
    } catch (error) {
      const all = loads.map(({ slice, result }) => ({ slice, results: [result] }));
      throw Object.assign(error as SqlError, { loads: all });
    }
  }
  private recordSourceErrors(loads: readonly SliceLoad[], query: number): void {
    const { services, session } = this;
    const context = { userid: session.user.oid, pid: session.pid, query };
    const now = services.clock.nowMicros();
    recordSshErrors(services.history, loads, context, now);
    recordReadErrors(services.history, loads, context, now);
  }

  private workFor(errorLimit: number, rowsMax: number): (slice: number) => LoadWork {
    const load: LoadOptions = {
      table: this.table.name,
      format: this.options.format.name,
      plan: this.schema.plan,
      errorLimit,
      refusedByAll: new SharedArrayBuffer(4),
      rowsMax,
    };
    return (slice) => ({ load: LOAD_NUMBER, options: load, pieces: this.work.get(slice) ?? [] });
  }

  private async load(transfer: RunningLoad): Promise<{ query: number; loads: readonly SliceLoad[] }> {
    const { runner, services, session, transaction, options, table, columns } = this;
    const plan = loadPlan(runner, table, columns, options, this.schema, options.noLoad ? 'validate' : 'insert');
    const report = async (query: number, loads: readonly SliceLoad[]): Promise<void> =>
      recordLoadErrors(
        this.store,
        LOAD_FORMATS[options.format.name],
        services.history,
        loads,
        {
          userid: session.user.oid,
          tableId: table.oid,
          session: session.pid,
          xid: transaction.requireXid(),
          database: session.database,
          query,
          columns: columns.fields,
          conversion: options.conversion,
          copyJob: this.job?.job,
        },
        services.clock.nowMicros(),
      );
    const work = this.workFor(errorLimit(options), Infinity);
    const context = {
      userid: session.user.oid,
      pid: session.pid,
      format: options.format.name,
      copyJob: this.job?.job,
    };
    const ended = (status: LoadRecord['status'], loads: readonly SliceLoad[], why?: string): void => {
      if (transfer.query === undefined) return;
      const now = services.clock.nowMicros();
      const told = { ...context, query: transfer.query };
      recordFileScans(services.history, loads, told, now);
      this.recordSourceErrors(loads, transfer.query);
      recordSimplifications(services.history, loads, told, options.conversion.shapes);
      recordReplacements(services.history, loads, told, {
        tableId: table.oid,
        columns: columns.fields,
        startMicros: transfer.startMicros,
      });
      const totals = loadTotals(loads);
      const record: LoadRecord = {
        ...recordOf(transfer, transfer.query),
        status,
        endMicros: now,
        ...totals,
        // What fails loads nothing, and so does NOLOAD.
        ...(status === 'aborted' || options.noLoad ? { rows: 0, bytes: 0 } : {}),
      };
      services.history.add('loads', record);
      services.loadEnded(record, why);
    };
    let query = 0;
    let loads: readonly SliceLoad[];
    try {
      const result = await runner.runCompiled(session, transaction, plan, undefined, {
        text: this.text,
        parameters: [],
        formats: [],
        consumer: () => undefined,
        loads: (slice) => {
          transfer.query = session.last.queryId;
          return [work(slice)];
        },
        loadsInto: { table, stay: true },
      });
      query = result.query;
      loads = this.loadsOf(result.outcome.loads);
      this.check(loads);
    } catch (error) {
      const partial = this.partialLoads(error);
      ended('aborted', partial, error instanceof SqlError ? error.message : 'internal error');
      await report(session.last.queryId, partial);
      throw error;
    }
    await report(query, loads);
    if (!options.noLoad)
      recordLoadCommits(services.history, loads, { ...context, query }, services.clock.nowMicros());
    ended('completed', loads);
    return { query, loads };
  }

  /** STATUPDATE: on, or by itself after the first load of a table. */
  private async analyze(): Promise<void> {
    const { services, session, transaction, options, table } = this;
    if (options.statUpdate === 'off' || (options.statUpdate === 'default' && !this.wasEmpty)) return;
    transaction.nextStatement();
    const startMicros = services.clock.nowMicros();
    const context = { services, session, transaction, text: this.text, notice: () => undefined };
    const { rowCount } = await analyzeTable(context, table);
    services.history.add('analyzes', {
      userid: session.user.oid,
      xid: transaction.xid,
      database: session.database,
      tableId: table.oid,
      status: 'Full',
      rows: rowCount,
      modifiedRows: rowCount,
      startMicros,
      endMicros: services.clock.nowMicros(),
      ...analyzed(context, table),
      isAutomatic: true,
    });
  }
}

/** What the history keeps of a transfer. */
function recordOf(
  {
    userid,
    xid,
    pid,
    database,
    tableName,
    startMicros,
    source,
    format,
    sourceFiles,
    sourceBytes,
    copyJob,
  }: RunningLoad,
  query: number,
): Omit<LoadRecord, 'status' | 'endMicros' | keyof ReturnType<typeof loadTotals>> {
  return {
    userid,
    query,
    xid,
    pid,
    database,
    tableName,
    startMicros,
    source,
    format,
    sourceFiles,
    sourceBytes,
    copyJob,
  };
}
