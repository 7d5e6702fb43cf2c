/**
 * Puts the leader together: catalog and transactions, scheduler over the slices, statement runner, commands, sessions.
 * main.ts and index.ts start the slice threads and doors around it.
 */
import { randomUUID } from 'node:crypto';
import { totalmem } from 'node:os';
import type { Worker } from 'node:worker_threads';
import type { Clock } from '../common/clock.ts';
import type { Disk } from '../common/disk.ts';
import { guidOf } from '../common/guid.ts';
import { inTurns } from '../common/steps.ts';
import type { TableId } from '../common/ids.ts';
import {
  AUTO_ALL_ROWS_MAX,
  CODE_CACHE_MODULES_MAX,
  NODE_WAIT_AT_CLOSE_MS,
  RESULT_DISK_BYTES_MAX,
  RESULT_RAM_DISK_BYTES_MAX,
} from '../common/limits.ts';
import type { ForcedPaths } from '../common/forced-paths.ts';
import { superuserMissing } from '../common/errors/catalogue.ts';
import { SqlError } from '../common/errors/sql-error.ts';
import type { FaultSwitch } from '../common/fault-injection.ts';
import { createFunctionRegistry } from '../functions/registry.ts';
import { aggregateFunctions, scalarFunctions, windowFunctions } from '../functions/all-functions.ts';
import type { LeaderView, SystemCatalogView } from '../functions/leader-context.ts';
import { SILENT_SINK, type SqlService } from '../common/sql-service.ts';
import { AutoDistribution } from './auto-distribution.ts';
import { routineViews } from './statement/routine-views.ts';
import { bindFunction } from './statement/bind-function.ts';
import { bindView } from './statement/bind-view.ts';
import { CLUSTER, putObject } from './catalog/changes.ts';
import { referenceTo } from './catalog/classes/index.ts';
import { commentOf } from './catalog/comments.ts';
import { lockKeyOf } from './catalog/lock-by-name.ts';
import { classIn, clusterObject, databaseOids } from './catalog/state.ts';
import type { TableObject } from './catalog/objects.ts';
import { systemSession } from './ddl/system-session.ts';
import { rightsOf } from './catalog/rights.ts';
import { viewText } from './catalog/view-query.ts';
import { FIRST_USER_OID, RDSDB_OID } from './catalog/bootstrap.ts';
import { isPassword, optionPasswordHash } from './catalog/passwords.ts';
import type { CommandServices } from './commands/command.ts';
import { commandRegistry } from './commands/registry.ts';
import type { BoundSelect, InternalResult } from './ddl/context.ts';
import { CodeCache } from './compiler/code-cache.ts';
import { loadEvent, type LoadEvent } from './copy/load-event.ts';
import { CopyJobs } from './copy/copy-jobs.ts';
import { ViewRefreshWorker } from './view-refresh-worker.ts';
import { CopyJobWorker } from './copy-job-worker.ts';
import { copyRunner, type CopyRunner, type CopyServices } from './copy/run-copy.ts';
import { procedures } from './procedures/call.ts';
import { LeaderExecutor, analyserContext } from './statement/execute.ts';
import { lateColumns } from './statement/late-columns.ts';
import { lockBound, tablesRead } from './statement/lock-statement.ts';
import { createHistory } from './history/history.ts';
import { RunningTransfers } from './history/running-transfers.ts';
import { HistoryStore } from './history/store.ts';
import type { LoadRecord, Observed } from './history/types.ts';
import { analyse, analyseScalar, type AnalyserContext } from './analyser/index.ts';
import type { Query } from './parser/ast.ts';
import { TextParser } from './parser/long-texts.ts';
import { mutableFunctions } from './ddl/incremental.ts';
import { parseStatements, warmParser } from './parser/parser.ts';
import { rewritten } from './rewriter/index.ts';
import { asStored } from './statement/as-stored.ts';
import type { BoundStatement } from '../expressions/relation.ts';
import { RowCounts } from './row-counts.ts';
import type { Cluster } from './scheduler/cluster.ts';
import { KeptStates, type KeptState } from './kept-states.ts';
import { nodeRecovery, recordError } from './node-recovery.ts';
import { SpoolRoom } from './scheduler/result-spool.ts';
import { TempDisk } from '../steps/breakers/temp-disk.ts';
import { QUERY_MEMORY_SHARE, Scheduler } from './scheduler/scheduler.ts';
import { Wlm } from './scheduler/wlm.ts';
import type { SystemServices } from './system/services.ts';
import { ClusterSlicePort } from './slice-port.ts';
import { cancelError } from './transaction/waits.ts';
import { EVERY_DIGIT, readTextRows, type TextRow } from './session/data-rows.ts';
import { createSqlService } from './session/service.ts';
import type { Session } from './session/types.ts';
import { sampleEncodings } from './statement/sample-encodings.ts';
import { scalarOf, StatementRunner, storageTable } from './statement/statement-runner.ts';
import { inspectStatement, type Stage } from './statement/stages.ts';
import { readsHistory, systemContext, systemViewByName, systemViewRows } from './system/registry.ts';
import { openTransactionManager, type LeaderTransactionManager } from './transaction/transaction-manager.ts';
import type { Transaction } from './transaction/types.ts';
import { uninterrupted } from './transaction/waits.ts';
import { clusterKey } from '../remote/ssh/cluster-key.ts';
import type { RemoteAccess } from '../remote/access.ts';
import type { ObjectStore } from '../s3/store.ts';
import { dropAbandoned, unloadRunner, type UnloadServices } from './unload/run-unload.ts';
import { viewSize } from './system/view-size.ts';
import { systemCatalog } from './system/system-catalog.ts';
import { tableFunctionRows, type TableFunctionServices } from './statement/table-functions.ts';

export interface LeaderOptions {
  readonly cluster: Cluster;
  readonly kernels: WebAssembly.Module;
  /** Starts the thread that parses long texts. */
  readonly startParser: () => Worker;
  readonly clock: Clock;
  readonly disk: Disk;
  readonly memory: boolean;
  readonly regionBytes: number;
  readonly database: string;
  readonly user: string;
  readonly password: string | undefined;
  /** Nobody logs in without a password. */
  readonly passwordRequired: boolean;
  /** Nobody connects without TLS. */
  readonly tlsRequired: boolean;
  readonly largeStrings: boolean;
  /** Where the data are, for messages. */
  readonly dataDir: string;
  readonly store: ObjectStore;
  readonly remote: RemoteAccess;
  readonly faults?: FaultSwitch | undefined;
  readonly testing?: ForcedPaths | undefined;
  /** The state of another cluster that this one begins with. */
  readonly seed?: KeptState | undefined;
  /** Identity of the data directory, and whether it was made before this start. */
  readonly warehouse: string;
  readonly made: boolean;
  /** Told of damage that the start could make up for. */
  warn(note: string): void;
  /** Told when a compute node goes down and when it is back. */
  onNode(note: string): void;
  onBug(error: unknown): void;
  /** Told of what the history is told of. */
  onRecord?(observed: Observed): void;
  /** Told of each COPY that has ended. */
  onLoad?(event: LoadEvent): void;
}
export interface Leader {
  readonly service: SqlService;
  /** States of the cluster that are kept, to go back to. */
  readonly kept: KeptStates;
  /** How many sessions and queries there are now. */
  counts(): { readonly sessions: number; readonly queriesRunning: number; readonly queriesQueued: number };
  /** Storage is recovered and every slice is up. */
  readonly ready: Promise<void>;
  /** Runs a set-up script, then shows one stage of a statement (tools/explain.ts). */
  inspect(setup: string, sql: string, stage: Stage): Promise<string>;
  close(): Promise<void>;
}

/** All that anybody inside asks of the running leader, for whom the asker's own folder says what it is. */
type LeaderServices = CommandServices &
  SystemServices &
  CopyServices &
  UnloadServices &
  TableFunctionServices &
  LeaderView['services'];

/** Rows an internal query may give. */
const INTERNAL_ROWS_MAX = 100_000;

export async function startLeader(options: LeaderOptions): Promise<Leader> {
  const { cluster, clock } = options;
  const store = options.memory ? undefined : new HistoryStore(options.disk, clock, (note) => options.warn(note));
  const history = createHistory({ store, observe: (observed) => options.onRecord?.(observed) });
  let transactions: LeaderTransactionManager | undefined;
  let kept: KeptStates | undefined;
  const copies = (t: TableId): number =>
    tableById(transactions, t)?.effectiveDiststyle === 'all' ? cluster.topology.nodes : 1;
  const rowCounts = new RowCounts(copies);
  const opened = await cluster.ready();
  let automatic: AutoDistribution | undefined;
  const slicePort = new ClusterSlicePort(cluster, rowCounts, {
    changed: (tables) => automatic?.note(tables),
    failed: (what, error) => {
      const message = error instanceof Error ? error.message : String(error);
      recordError(history, clock, what, message);
      options.warn(`${what}: ${message}`);
    },
  });
  transactions = await openTransactionManager({
    disk: options.disk,
    directory: 'catalog',
    clock,
    history,
    memory: options.memory,
    slicePort,
    sliceLsns: opened.map((s) => s.checkpointLsn),
    notes: opened.flatMap((s) => s.notes),
    warehouse: options.warehouse,
    made: options.made,
    ...(options.testing?.checkpointBytes !== undefined && { checkpointBytes: options.testing.checkpointBytes }),
    warn: (note) => options.warn(note),
    outage: () => cluster.outage,
    outageOf: (changes) => slicePort.outageOf(changes),
    seed: options.seed,
    checkpointed: (lsn) => kept?.checkpointed(lsn),
    bootstrap: { databaseName: options.database, adminName: options.user, adminPassword: options.password },
  });
  const manager = transactions;
  cluster.onOutage((error) => manager.stopWaiting(error));
  for (const note of await slicePort.recovered(() => manager.xidHorizon())) options.warn(note);
  rowCounts.load(await cluster.requestAll({ kind: 'tables' }));
  rowCounts.ready = true;
  cluster.recoverWith(nodeRecovery(slicePort, manager, history, options));
  if (options.password !== undefined) await setPassword(manager, options, options.password);

  const functions = createFunctionRegistry(scalarFunctions, aggregateFunctions, windowFunctions);
  const allFunctions = [...scalarFunctions, ...aggregateFunctions, ...windowFunctions];
  const system = systemCatalog(allFunctions);
  const scheduler = new Scheduler(
    cluster,
    new CodeCache(
      (name) => scalarOf(functions, name),
      CODE_CACHE_MODULES_MAX,
      options.testing?.codeVariant !== 'no-nulls',
      options.testing?.listItemsMin,
    ),
    options.kernels,
    options.regionBytes,
    { temp: options.disk, testing: options.testing ?? {}, faults: options.faults },
  );
  const nodeBytes = options.regionBytes * QUERY_MEMORY_SHARE * cluster.topology.slicesPerNode;
  const wlm = new Wlm({ clock, history, nodeBytes });
  cluster.onOutage((error) => wlm.stop(error));
  const runner = new StatementRunner({
    scheduler,
    wlm,
    spoolRoom: new SpoolRoom(
      new TempDisk(
        options.disk,
        'tmp/results',
        cluster.topology.sliceCount,
        options.memory ? RESULT_RAM_DISK_BYTES_MAX : RESULT_DISK_BYTES_MAX,
      ),
    ),
    history,
    transactions: manager,
    clock,
    functions,
    rowCountOf: (t) => rowCounts.of(t),
    sliceBytes: options.regionBytes,
    forcesAlternatives: options.testing?.joinAlternatives === true,
    unsortedShareOf: (t) => rowCounts.unsortedShareOf(t),
    viewReady: (name) => {
      const view = systemViewByName(name);
      return view !== undefined && readsHistory(view) ? history.recalled() : undefined;
    },
    viewSize: (name, transaction) => {
      const view = systemViewByName(name);
      const { sliceCount } = cluster.topology;
      return view && viewSize(view.name, { history, catalog: transaction.catalog(), sliceCount });
    },
    virtualRows: async (name, args, session, transaction) => {
      const view = systemViewByName(name);
      if (!view) return tableFunctionRows(name, args, { services, session, transaction });
      if (readsHistory(view)) await history.recalled();
      const rows = await systemViewRows(view, systemContext(services, session, transaction, allFunctions));
      return { columns: view.columns.map((c) => c.name), rows };
    },
    callHost: (name, args, session, transaction) => {
      const f = scalarOf(functions, name);
      if (!f?.host) throw new SqlError({ sqlstate: '0A000', message: `function ${name} has no implementation` });
      return f.host({ leader: leaderView(services, session, transaction, system) }, args as never);
    },
  });
  const rowsMax = options.testing?.autoAllRowsMax ?? AUTO_ALL_ROWS_MAX;
  const open = {
    sessions: (): readonly Session[] => service.sessions(),
    signalSession: (...signal: Parameters<typeof service.signal>): boolean => service.signal(...signal),
    endSessionsOf: (database: string, signal: AbortSignal): Promise<void> => service.endSessionsOf(database, signal),
    namespace: guidOf(options.warehouse === '' ? randomUUID() : options.warehouse),
    remote: options.remote,
    storage: {
      place: options.memory ? 'memory' : options.dataDir,
      capacityBytes: () => options.disk.capacityBytes?.() ?? totalmem(),
    },
    loadEnded: (load: LoadRecord, error: string | undefined): void => options.onLoad?.(loadEvent(load, error)),
  };
  const copyJobs = new CopyJobs(options.store, (...parameters: Parameters<CopyRunner>) => copy(...parameters));
  const services: LeaderServices = makeServices(runner, manager, slicePort, history, clock, open, rowsMax, copyJobs);
  const copy = copyRunner(runner, services, options.store);
  // A fork shares its origin's identity, whose transfers are none of its business.
  if (options.seed === undefined) await dropAbandoned(options.store, options.warehouse);
  const parser = new TextParser(options.startParser, options.testing);
  const executor = new LeaderExecutor({
    runner,
    parser,
    commands: commandRegistry(services),
    copy,
    unload: unloadRunner(runner, services, options.store, options.warehouse),
  });
  const service = createSqlService({
    executor,
    procedures,
    transactions: manager,
    clock,
    history,
    database: (name) => clusterObject(manager.committed, 'database', name),
    nodeOf: (slice) => cluster.topology.nodeOf(slice),
    isDropping: (database) => manager.isExclusive(lockKeyOf(CLUSTER, referenceTo(database))),
    user: (name) => clusterObject(manager.committed, 'user', name),
    users: () => [...classIn(manager.committed, 'user').objects.values()],
    passwordRequired: () =>
      options.passwordRequired ||
      classIn(manager.committed, 'user').objects.get(FIRST_USER_OID)?.passwordHash !== undefined,
    config: {
      defaultUser: options.user,
      defaultDatabase: options.database,
      tlsRequired: options.tlsRequired,
      largeStrings: options.largeStrings,
    },
    onBug: options.onBug,
  });
  const ready = warmParser();
  automatic = new AutoDistribution({
    services,
    transactions: manager,
    clock,
    history,
    rowsMax,
    onBug: options.onBug,
  });
  const worker = automatic;
  void ready.then(() => worker.noteAll());
  const jobWorker = new CopyJobWorker({
    ...{ jobs: copyJobs, service, transactions: manager, clock, onBug: options.onBug },
  });
  void ready.then(() => jobWorker.start());
  const viewWorker = new ViewRefreshWorker({ service, transactions: manager, onBug: options.onBug });
  void ready.then(() => viewWorker.start());
  kept = new KeptStates(manager, slicePort, service);
  return {
    service,
    kept,
    counts: () => {
      const waiting = wlm.queries().filter((q) => q.state === 'QueuedWaiting').length;
      const running = scheduler.runningQueries().length;
      return { sessions: service.sessions().length, queriesRunning: running, queriesQueued: waiting };
    },
    ready,
    inspect: async (setup, sql, stage) => {
      await ready;
      const session = await service.connect({
        user: options.user,
        database: options.database,
        parameters: new Map(),
        remoteHost: '',
        remotePort: 0,
        proof: 'server',
      });
      try {
        if (setup.trim() !== '') await session.simpleQuery(setup, SILENT_SINK);
        const database = clusterObject(manager.committed, 'database', options.database)!;
        const transaction = manager.begin(database.oid, session.pid, { readOnly: false, signal: uninterrupted });
        try {
          return await inspectStatement(runner, session, transaction, sql, stage);
        } finally {
          await transaction.rollback();
        }
      } finally {
        await session.close();
      }
    },
    close: async () => {
      await jobWorker.stop();
      await viewWorker.stop();
      await worker.stop();
      parser.close();
      await cluster.serving(AbortSignal.timeout(NODE_WAIT_AT_CLOSE_MS))?.catch(() => undefined);
      slicePort.close();
      scheduler.close();
      await manager.close();
      await history.close();
      await cluster.close();
    },
  };
}

/** The password given at start is the superuser's from now on, whatever the data directory says. */
async function setPassword(
  manager: LeaderTransactionManager,
  options: LeaderOptions,
  password: string,
): Promise<void> {
  const users = [...classIn(manager.committed, 'user').objects.values()];
  const user = users.find((u) => u.name === options.user && u.oid !== RDSDB_OID);
  if (user?.superuser !== true) {
    throw superuserMissing(
      options.user,
      options.dataDir,
      users.find((u) => u.superuser && u.oid !== RDSDB_OID)?.name,
    );
  }
  const isSet = isPassword(user.passwordHash, password, user.name);
  if (isSet && user.passwordDisabled !== true && user.validUntilMicros === undefined) return;
  const database = [...classIn(manager.committed, 'database').objects.values()].find(
    (d) => d.ownerOid !== RDSDB_OID || !d.name.startsWith('template'),
  )!;
  const transaction = manager.begin(database.oid, 0, { readOnly: false, signal: uninterrupted });
  transaction.requireXid();
  const { validUntilMicros: _, ...rest } = user;
  const changed = { ...rest, passwordHash: optionPasswordHash(password, user.name), passwordDisabled: false };
  putObject(transaction, changed);
  await transaction.commit();
}

function tableById(manager: LeaderTransactionManager | undefined, id: TableId): TableObject | undefined {
  if (manager === undefined) return undefined;
  for (const database of databaseOids(manager.committed)) {
    const relation = classIn(manager.committed, 'relation', database).objects.get(id);
    if (relation?.kind === 'table') return relation;
  }
  return undefined;
}

function makeServices(
  runner: StatementRunner,
  transactions: LeaderTransactionManager,
  slicePort: ClusterSlicePort,
  history: ReturnType<typeof createHistory>,
  clock: Clock,
  open: Pick<
    LeaderServices,
    'sessions' | 'endSessionsOf' | 'namespace' | 'loadEnded' | 'remote' | 'signalSession' | 'storage'
  >,
  autoAllRowsMax: number,
  copyJobs: CopyJobs,
): LeaderServices {
  const { cluster } = slicePort;
  const bind = (query: Query, context: AnalyserContext): BoundSelect =>
    analyse({ kind: 'query', query, start: 0, end: 0 }, context) as BoundSelect;
  const bindQuery: LeaderServices['bindQuery'] = (session, transaction, query, searchPath) =>
    bind(query, analyserContext({ runner }, session, transaction, 'none', searchPath));
  return {
    clock,
    copyJobs,
    namespace: open.namespace,
    storage: open.storage,
    resultRoom: runner.deps.spoolRoom,
    wlm: runner.deps.wlm,
    topology: cluster.topology,
    transactions,
    history,
    sessions: () => open.sessions(),
    signalSession: open.signalSession,
    endSessionsOf: (database, signal) => open.endSessionsOf(database, signal),
    rowCountOf: (table) => runner.deps.rowCountOf(table),
    autoAllRowsMax,
    runningQueries: () => runner.deps.scheduler.runningQueries(),
    transfers: new RunningTransfers(),
    loadEnded: open.loadEnded,
    remote: open.remote,
    clusterPublicKey: async () => (await clusterKey(open.remote.keyFolder)).publicLine,
    slices: {
      vacuum: async (table, options, signal) => {
        await cluster.serving(signal);
        const replies = cluster.requestAll({ kind: 'vacuum', table, options }, signal);
        const reports = await replies.catch((error: unknown) => {
          throw signal.aborted ? cancelError(signal) : error;
        });
        return reports.filter((r) => r !== undefined);
      },
      reclaim: () => slicePort.reclaim(),
      blocks: async (signal) => {
        await cluster.serving(signal);
        const replies = await cluster.requestAll({ kind: 'blocks', tableId: undefined });
        return replies.map((blocks, slice) => ({ slice, blocks }));
      },
      progress: async (signal) => {
        await cluster.serving(signal);
        return (await cluster.requestAll({ kind: 'progress' })).map((progress, slice) => ({ ...progress, slice }));
      },
      tables: async (signal) => {
        await cluster.serving(signal);
        return (await cluster.requestAll({ kind: 'tables' })).map((tables, slice) => ({ slice, tables }));
      },
    },
    nodes: {
      list: () => cluster.nodes,
      killSlice: (slice) => cluster.killSlice(slice),
      killNode: (node) => cluster.killNode(node),
    },
    runBound: async (session, transaction, statement, text) => {
      const r = await runner.run(session, transaction, await inTurns(rewritten(statement), session.cancelSignal), {
        text,
        parameters: [],
        formats: [],
        consumer: () => undefined,
      });
      return r.rowsAffected;
    },
    sampleEncodings: (session, transaction, table) => sampleEncodings(runner, session, transaction, table),
    bindQuery,
    lateColumns: (session, transaction, view) => lateColumns({ services: { bindQuery }, session, transaction }, view),
    typeOfDefault: (session, transaction, expr, column) =>
      analyseScalar(expr, { ...analyserContext({ runner }, session, transaction, 'none'), onSlices: true }, column)
        .type,
    mutableFunctions: ({ rel }) => mutableFunctions(rel, (name) => scalarOf(runner.deps.functions, name)),
    tablesRead: (bound) => tablesRead(bound.rel),
    lockQuery: (session, transaction, query, searchPath, as) =>
      lockBound(transaction, () => {
        const who = as === 'system' ? systemSession(session, transaction) : session;
        return bind(query, { ...analyserContext({ runner }, who, transaction, 'none', searchPath), onSlices: true });
      }),
    bindView: (session, transaction, query) =>
      bindView(query, () => analyserContext({ runner }, session, transaction, 'none')),
    bindFunction: (session, transaction, query, ...rest) =>
      bindFunction(query, analyserContext({ runner }, session, transaction, 'none'), ...rest),
    query: async (session, transaction, sql, label, as) =>
      internalQuery(runner, session, transaction, sql, { label, as }),
    storedValues: async (session, transaction, sql) =>
      (await internalQuery(runner, session, transaction, sql, { change: asStored })).rows[0]!,
    parse: (sql) => parseStatements(sql),
    storageTable,
  };
}

/** What host functions see. */
function leaderView(
  services: LeaderServices,
  session: Session,
  transaction: Transaction,
  system: SystemCatalogView,
): LeaderView {
  const catalog = transaction.catalog();
  const viewTextOf = (oid: number): string | undefined => {
    const relation = catalog.relationByOid(oid);
    return relation === undefined || relation.kind === 'table' ? undefined : viewText(catalog, relation);
  };
  const comment: LeaderView['comment'] = (oid, column, table) => commentOf(catalog, oid, column, table);
  const rights = rightsOf(catalog, session);
  const routines = routineViews(catalog, session);
  return { rights, services, session, catalog, system, comment, viewText: viewTextOf, ...routines };
}

interface InternalOptions {
  readonly label?: string | undefined;
  readonly as?: 'system' | undefined;
  readonly change?: (bound: BoundStatement) => BoundStatement;
}
/** Runs SQL and collects the DataRows' text cells. */
async function internalQuery(
  runner: StatementRunner,
  session: Session,
  transaction: Transaction,
  sql: string,
  { label, as, change = (bound) => bound }: InternalOptions,
): Promise<InternalResult> {
  const [statement] = await parseStatements(sql);
  const who = (): Session => (as === 'system' ? systemSession(session, transaction) : session);
  const bound = await lockBound(transaction, () =>
    inTurns(
      rewritten(change(analyse(statement!, analyserContext({ runner }, who(), transaction, 'none')))),
      session.cancelSignal,
    ),
  );
  const rows: TextRow[] = [];
  await runner.run(session, transaction, bound, {
    text: label ?? sql,
    label,
    parameters: [],
    formats: [],
    session: { floatDigits: EVERY_DIGIT },
    consumer: (chunk) => readTextRows(chunk, rows, INTERNAL_ROWS_MAX),
  });
  return { columns: bound.kind === 'select' ? bound.columns.map((c) => c.name) : [], rows };
}
