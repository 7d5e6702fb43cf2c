/**
 * From a bound statement to rows: optimize, compile, run, record. The one path every query takes, whether a client, a
 * command (CTAS, ANALYZE) or UNLOAD asks.
 */
import { assert } from '../../common/assert.ts';
import type { Clock } from '../../common/clock.ts';
import { undefinedFunction } from '../../common/errors/catalogue.ts';
import type { ColId, QueryId, TableId, Xid } from '../../common/ids.ts';
import { Sequence } from '../../common/sequence.ts';
import { atOnce, inTurns, Turns, type Steps } from '../../common/steps.ts';
import { LARGE_STRING_BYTES_MAX, VARCHAR_BYTES_MAX } from '../../common/limits.ts';
import type { BoundExpr, ConstValue } from '../../expressions/bound.ts';
import { ORDINALITY, type BoundStatement, type Rel } from '../../expressions/relation.ts';
import type { AggregateFunction, ScalarFunction } from '../../functions/define.ts';
import type { FunctionRegistry } from '../../functions/registry.ts';
import type { LoadWork, SessionValues, UnloadWork } from '../../execution/messages.ts';
import type { SliceChange, StorageTable } from '../../slices/storage.ts';
import { dateStyleCode } from '../../types/date-style.ts';
import type { PackedRows } from '../../types/packed-rows.ts';
import { physOf, type SqlType } from '../../types/sql-type.ts';
import { parseText } from '../../types/text.ts';
import { zoneOfSetting } from '../../types/timezone.ts';
import { zoneTable } from '../../types/zone-table.ts';
import { highestColId } from '../../expressions/columns-in.ts';
import type { SeriesBounds } from '../../steps/host.ts';
import { emitSegment } from '../../steps/emit-segment.ts';
import { normaliseSegment } from '../../steps/normalise.ts';
import { liveColumns, type TableObject } from '../catalog/objects.ts';
import { compilePlan, type CompiledPlan, type UnloadTop } from '../compiler/compile-plan.ts';
import { constantInsert } from '../compiler/constant-insert.ts';
import { placedLists, type RowsRequest } from '../compiler/leader-rows.ts';
import { askedOnce } from './asked-once.ts';
import { checkNulls, constantRows, placeIdentity } from './constant-rows.ts';
import type { History } from '../history/types.ts';
import { runRecord } from '../history/record-steps.ts';
import { touchTables, viewsRead } from './lock-statement.ts';
import { beginQuery, type BegunQuery } from './begun-query.ts';
import { optimize, planned, type OptimizerContext } from '../optimizer/optimize.ts';
import type { Plan } from '../plan/plan.ts';
import { rewrite } from '../rewriter/index.ts';
import type { RowConsumer } from '../scheduler/result-reader.ts';
import type { Deal } from '../scheduler/deal-rows.ts';
import type { RunOutcome, Scheduler } from '../scheduler/scheduler.ts';
import { ResultSpool, type SpoolRoom } from '../scheduler/result-spool.ts';
import type { Wlm, WlmRun } from '../scheduler/wlm.ts';
import { EVERY_DIGIT, readTextRows, type TextRow } from '../session/data-rows.ts';
import type { Session } from '../session/types.ts';
import { seriesBounds } from './table-functions.ts';
import { refuseWideRows } from './row-width.ts';
import { finishIdentity, startIdentity } from './identity-sequence.ts';
import type { Transaction, TransactionManager } from '../transaction/types.ts';

export interface RunnerDeps {
  readonly scheduler: Scheduler;
  readonly wlm: Wlm;
  readonly spoolRoom: SpoolRoom;
  readonly history: History;
  readonly clock: Clock;
  readonly functions: FunctionRegistry;
  readonly transactions: Pick<TransactionManager, 'nextIdentity' | 'nextOid'>;
  rowCountOf(table: TableId): number;
  readonly sliceBytes: number;
  readonly forcesAlternatives: boolean;
  unsortedShareOf(table: TableId): number;
  /** Before a system view is planned or read: what earlier runs left in the logs behind it is there. */
  viewReady(name: string): Promise<void> | undefined;
  /** About what a system view holds; undefined for table functions. */
  viewSize(name: string, transaction: Transaction): ReturnType<OptimizerContext['viewSize']>;
  /** Rows of a system view or table function. */
  virtualRows(
    name: string,
    args: readonly unknown[],
    session: Session,
    transaction: Transaction,
  ): Promise<{ readonly columns: readonly string[]; readonly rows: Iterable<readonly unknown[]> }>;
  callHost(name: string, args: readonly unknown[], session: Session, transaction: Transaction): unknown;
}
export interface RunOptions {
  readonly text: string;
  readonly parameters: readonly { readonly type: SqlType; readonly value: ConstValue }[];
  readonly formats: readonly number[];
  readonly consumer: RowConsumer;
  readonly unload?: UnloadTop & { readonly work: UnloadWork };
  readonly label?: string;
  /** A target row that several rows match is an error; absent: in an UPDATE where the setting says so. */
  readonly singleMatch?: boolean;
  /** The statement runs nothing behind it: its slots go back when the slices are done. */
  readonly isLast?: true;
  /** Replaces what the session's settings say (UNLOAD's texts). */
  readonly session?: Partial<SessionValues>;
}
type CompileOptions = Pick<RunOptions, 'formats' | 'unload'> & { readonly singleMatch?: boolean };
export interface RunResult {
  readonly query: QueryId;
  readonly outcome: RunOutcome;
  readonly rowsAffected: number;
}

/** A query that has begun, and what it runs. */
export interface PlannedQuery {
  readonly begun: BegunQuery;
  readonly plan: Plan;
  readonly compiled: CompiledPlan;
  /** The rows of an INSERT, which need no segments. */
  readonly constants?: PackedRows;
}

/** Rows handed to a leader segment at a time. */
const ROWS_BATCH = 1024;

export class StatementRunner {
  constructor(readonly deps: RunnerDeps) {}

  plan(statement: BoundStatement, transaction: Transaction): Plan {
    return optimize(statement, this.optimizerContext(statement, transaction));
  }
  /** The statement with the values of functions that the leader answers once; `label`: it is none of a user's. */
  readied(
    statement: BoundStatement,
    session: Session,
    transaction: Transaction,
    { parameters, label }: Partial<Pick<RunOptions, 'parameters' | 'label'>> = {},
  ): BoundStatement {
    if (label === undefined) refuseWideRows(statement, session.pid);
    return askedOnce(statement, {
      functionOf: (name) => scalarOf(this.deps.functions, name),
      ask: (name, args) => this.deps.callHost(name, args, session, transaction),
      parameters,
    });
  }
  /** Between the events of the thread. */
  async planInTurns(
    statement: BoundStatement,
    transaction: Transaction,
    signal: AbortSignal,
    /** The target, where it is not in the catalog yet. */
    made?: TableObject,
  ): Promise<Plan> {
    for (const name of viewsRead(statement.rel)) await this.deps.viewReady(name);
    return inTurns(planned(statement, this.optimizerContext(statement, transaction, made)), signal);
  }
  private optimizerContext(
    statement: BoundStatement,
    transaction: Transaction,
    made?: TableObject,
  ): OptimizerContext {
    const catalog = transaction.catalog();
    let next = highestColId(statement);
    let host: boolean | undefined;
    return {
      table: (oid) => (made?.oid === oid ? made : tableOf(catalog.relationAnywhere(oid)?.relation, oid)),
      rowCountOf: (oid) => this.deps.rowCountOf(oid),
      unsortedShareOf: (oid) => this.deps.unsortedShareOf(oid),
      viewSize: (name) => this.deps.viewSize(name, transaction),
      sliceBytes: this.deps.sliceBytes,
      forcesAlternatives: this.deps.forcesAlternatives,
      topology: this.deps.scheduler.cluster.topology,
      aggregateFunction: (name) => {
        const f = this.deps.functions.lookup(name);
        if (f?.kind !== 'aggregate') throw undefinedFunction(`${name}()`);
        return f as AggregateFunction;
      },
      callsHost: () => (host ??= calls(statement, this.deps.functions, 'host')),
      callsSpatial: (exprs) => calls(exprs, this.deps.functions, 'spatial'),
      nextColId: () => ++next,
    };
  }

  async run(
    session: Session,
    transaction: Transaction,
    statement: BoundStatement,
    options: RunOptions,
  ): Promise<RunResult> {
    return this.runPlanned(
      session,
      transaction,
      await this.planned(session, transaction, statement, options),
      options,
    );
  }

  /** A query begins here: what ends while it is planned has a number, and is in the log, like any other. */
  async planned(
    session: Session,
    transaction: Transaction,
    statement: BoundStatement,
    options: Omit<RunOptions, 'consumer'>,
  ): Promise<PlannedQuery> {
    touchTables(transaction, statement);
    const begun = beginQuery(this.deps, session, transaction, options);
    try {
      return { begun, ...(await this.segmentsOf(session, transaction, statement, options)) };
    } catch (error) {
      begun.record({ error });
      throw error;
    }
  }
  runPlanned(
    session: Session,
    transaction: Transaction,
    { begun, compiled, plan, constants }: PlannedQuery,
    options: RunOptions,
  ): Promise<RunResult> {
    return this.runCompiled(session, transaction, compiled, plan, { ...options, constants }, begun);
  }
  private async segmentsOf(
    session: Session,
    transaction: Transaction,
    given: BoundStatement,
    options: Omit<RunOptions, 'consumer'>,
  ): Promise<Omit<PlannedQuery, 'begun'>> {
    const signal = session.cancelSignal;
    const turns = new Turns(signal);
    const statement = this.readied(given, session, transaction, options);
    const plan = await this.planInTurns(statement, transaction, signal);
    await turns.next();
    if (plan.kind === 'insert' && statement.kind === 'insert' && statement.rel.kind === 'values') {
      const table = tableOf(transaction.catalog().relationByOid(statement.tableId), statement.tableId);
      const constants = await inTurns(constantRows(statement, table, options.parameters), signal);
      if (constants !== undefined) return { plan, constants, compiled: constantInsert(plan, storageTable(table)) };
    }
    const single = plan.kind === 'update' && session.setting('error_on_nondeterministic_update') === 'on';
    const singleMatch = options.singleMatch ?? single;
    const compiled = await inTurns(this.compiled(plan, transaction, { ...options, singleMatch }), signal);
    await turns.next();
    signal.throwIfAborted();
    return { plan, compiled };
  }
  compile(plan: Plan, transaction: Transaction, options: CompileOptions): CompiledPlan {
    return atOnce(this.compiled(plan, transaction, options));
  }
  private *compiled(plan: Plan, transaction: Transaction, options: CompileOptions): Steps<CompiledPlan> {
    const catalog = transaction.catalog();
    let next = highestColId(plan);
    const literals = yield* placedLists(plan.root, () => ++next);
    return compilePlan(
      plan,
      {
        table: (oid) => tableOf(catalog.relationAnywhere(oid)?.relation, oid),
        storageTable: (oid) => storageTable(tableOf(catalog.relationAnywhere(oid)?.relation, oid)),
        functionOf: (name) => scalarOf(this.deps.functions, name),
        nextColId: () => ++next,
        literals,
        singleMatch: options.singleMatch === true,
      },
      options.formats,
      options.unload,
    );
  }

  /** The modules' bytes, for inspection: compiled anew, past the cache. */
  moduleBytes(compiled: CompiledPlan): readonly { readonly segment: number; readonly bytes: Uint8Array }[] {
    return compiled.segments.map((s) => {
      const normal = normaliseSegment(s);
      const literalCount = normal.literals.length;
      const input = { spec: normal.spec, literalCount, parameterCount: literalCount, nameSlots: normal.nameSlots };
      return { segment: s.segment, bytes: emitSegment(input, (name) => scalarOf(this.deps.functions, name)).bytes };
    });
  }

  /** `plan` undefined: the segments were made by hand (COPY). */
  async runCompiled(
    session: Session,
    transaction: Transaction,
    compiled: CompiledPlan,
    plan: Plan | undefined,
    options: RunOptions & {
      readonly loads?: (slice: number) => readonly LoadWork[];
      /** The table of a COPY, and whether its rows stay or are a sample. */
      readonly loadsInto?: { readonly table: TableObject; readonly stay: boolean };
      /** The rows of an INSERT, which need no segments. */
      readonly constants?: PackedRows | undefined;
    },
    begun = beginQuery(this.deps, session, transaction, options),
  ): Promise<RunResult> {
    const { deps } = this;
    const { query } = begun;
    const writes = plan === undefined || plan.kind !== 'select';
    const xid = writes ? transaction.requireXid() : transaction.identify();
    const target =
      plan?.kind === 'insert'
        ? tableOf(transaction.catalog().relationByOid(plan.tableId), plan.tableId)
        : options.loadsInto?.table;
    const identity =
      target &&
      startIdentity(deps.transactions, target, compiled.segments, deps.scheduler.cluster.topology.sliceCount);
    let place: WlmRun | undefined;
    let spool: ResultSpool | undefined;
    try {
      const series = await this.seriesOf(compiled, session, transaction, options);
      if (options.constants === undefined && compiled.segments.some((s) => s.locus === 'compute')) {
        const entered = deps.wlm.begin(session, query, xid);
        place = entered instanceof Promise ? await entered : entered;
        if (options.isLast) spool = new ResultSpool(deps.spoolRoom, options.consumer, session.cancelSignal);
      }
      const outcome = await (options.constants && target
        ? this.writeConstants(query, target, options.constants, session, transaction, xid)
        : deps.scheduler.run({
            query,
            compiled,
            identity,
            parameters: options.parameters,
            snapshot: transaction.snapshot(),
            xid,
            statement: transaction.statement,
            session: { ...this.sessionValues(session, transaction, compiled.draws), ...options.session },
            recursionRowsMax: Number(session.setting('max_recursion_rows')),
            series,
            consumer: spool?.take ?? options.consumer,
            signal: session.cancelSignal,
            rows: (n) => this.rows(compiled.rows[n]!, session, transaction, options),
            callHost: (call, args) => deps.callHost(call.name, args, session, transaction),
            loads: options.loads,
            unloads: options.unload ? [options.unload.work] : [],
            slots: place?.slots ?? 0,
          }));
      place?.executed(options.isLast === true);
      await spool?.end();
      transaction.addSliceChanges(outcome.changes.filter(hasEffect));
      await this.tellReplicas(outcome.changes, transaction);
      this.recordRun(query, session, transaction, compiled, outcome);
      begun.record({ rows: outcome.rowsOut, bytes: outcome.bytesOut }, compiled, plan);
      const rowsAffected = this.affected(outcome, plan, transaction);
      if (target && identity && options.loadsInto?.stay !== false)
        finishIdentity(deps.transactions, target, identity, compiled.segments, outcome.participants);
      return { query, outcome, rowsAffected };
    } catch (error) {
      begun.record({ error }, compiled, plan);
      throw error;
    } finally {
      spool?.close();
      place?.end();
    }
  }
  private async writeConstants(
    query: QueryId,
    table: TableObject,
    rows: PackedRows,
    session: Session,
    transaction: Transaction,
    xid: Xid,
  ): Promise<RunOutcome> {
    const { scheduler, transactions } = this.deps;
    const signal = session.cancelSignal;
    const columns = liveColumns(table);
    checkNulls(rows, columns);
    await inTurns(placeIdentity(rows, table, transactions), signal);
    const { sliceCount } = scheduler.cluster.topology;
    const deal: Deal =
      table.effectiveDiststyle === 'all'
        ? { kind: 'owners' }
        : table.effectiveDiststyle === 'key' && table.distkey !== undefined
          ? { kind: 'hash', column: columns.findIndex((c) => c.attnum === table.distkey) }
          : { kind: 'even', first: (sliceCount + query) % sliceCount };
    const { statement } = transaction;
    return scheduler.insertConstants({ table: storageTable(table), rows, deal, xid, statement, signal });
  }
  /** Slices that read their node's copy of an ALL table see this transaction's own rows from the next statement on. */
  private async tellReplicas(changes: readonly SliceChange[], transaction: Transaction): Promise<void> {
    const { cluster } = this.deps.scheduler;
    if (changes.length === 0 || cluster.topology.slicesPerNode === 1) return;
    const catalog = transaction.catalog();
    const replicated = changes.filter((c) => {
      const table = catalog.relationByOid(c.tableId);
      return hasEffect(c) && table?.kind === 'table' && table.effectiveDiststyle === 'all';
    });
    if (replicated.length > 0) await cluster.requestAll({ kind: 'stage', changes: replicated });
  }
  private recordRun(
    query: QueryId,
    session: Session,
    transaction: Transaction,
    compiled: CompiledPlan,
    outcome: RunOutcome,
  ): void {
    const { history, scheduler } = this.deps;
    const { sliceCount } = scheduler.cluster.topology;
    history.add('runs', runRecord(query, compiled.segments, outcome.participants, sliceCount, outcome.result));
    for (const s of outcome.segments) {
      const { spec } = s.normal;
      history.add('compiles', {
        query,
        pid: session.pid,
        xid: transaction.xid,
        segment: spec.segment,
        locus: spec.locus === 'compute' ? 1 : 2,
        startMicros: s.startMicros,
        endMicros: s.endMicros,
        compile: s.hit ? 0 : 1,
      });
    }
  }
  /** Rows a client is told; every node's copy of an ALL table reports its own. */
  private affected(outcome: RunOutcome, plan: Plan | undefined, transaction: Transaction): number {
    if (plan?.kind === 'select' || plan === undefined) return outcome.rowsOut;
    const table = tableOf(transaction.catalog().relationByOid(plan.tableId), plan.tableId);
    const copies = table.effectiveDiststyle === 'all' ? this.deps.scheduler.cluster.topology.nodes : 1;
    const total = outcome.changes.reduce((n, c) => n + (plan.kind === 'insert' ? c.rowsAdded : c.rowsDeleted), 0);
    return total / copies;
  }
  private sessionValues(session: Session, transaction: Transaction, draws: boolean): SessionValues {
    const zone = zoneOfSetting(session.setting('timezone'));
    return {
      nowMicros: transaction.startedAtMicros,
      statementMicros: this.deps.clock.nowMicros(),
      randomSeed: draws ? session.nextRandomSeed() : undefined,
      floatDigits: Number(session.setting('extra_float_digits')),
      dateStyle: dateStyleCode(session.setting('datestyle'), session.setting('intervalstyle')),
      boxedGeometries: session.setting('default_geometry_encoding') !== '1',
      stringMax: session.setting('enable_large_strings_opt_in') === 'on' ? LARGE_STRING_BYTES_MAX : VARCHAR_BYTES_MAX,
      zone: zone === 'UTC' ? undefined : zoneTable(zone),
    };
  }
  /** Arguments of a table function: what is neither literal nor parameter is computed by a leader segment of its own. */
  private async tableArguments(
    exprs: readonly BoundExpr[],
    session: Session,
    transaction: Transaction,
    options: RunOptions,
  ): Promise<readonly unknown[]> {
    if (exprs.every(isGiven)) return exprs.map((e) => constantOf(e, options));
    const rows: TextRow[] = [];
    const consumer: RowConsumer = (chunk) => readTextRows(chunk, rows, 1);
    await this.leaderRow(exprs, [], session, transaction, {
      parameters: options.parameters,
      consumer,
      ofServer: true,
    });
    return exprs.map((e, i) => {
      const cell = rows[0]![i]!;
      return cell === null || physOf(e.type) === 'str' ? cell : parseText(e.type, cell);
    });
  }
  /** One row of expressions, computed by a leader segment that is no query of a user's. `ofServer`: doubles in full. */
  async leaderRow(
    exprs: readonly BoundExpr[],
    formats: readonly number[],
    session: Session,
    transaction: Transaction,
    { parameters, consumer, ofServer }: Pick<RunOptions, 'parameters' | 'consumer'> & { readonly ofServer?: boolean },
  ): Promise<void> {
    const compiled = this.compiledRow(exprs, formats, transaction);
    const values = this.sessionValues(session, transaction, compiled.draws);
    const options = { parameters, formats, consumer, text: '' };
    await this.deps.scheduler.run({
      query: this.deps.history.nextQueryId(),
      compiled,
      identity: undefined,
      parameters,
      snapshot: transaction.snapshot(),
      xid: transaction.xid,
      statement: transaction.statement,
      session: ofServer === true ? { ...values, floatDigits: EVERY_DIGIT } : values,
      series: [],
      consumer,
      signal: session.cancelSignal,
      rows: (n) => this.rows(compiled.rows[n]!, session, transaction, options),
      callHost: (call, args) => this.deps.callHost(call.name, args, session, transaction),
      loads: undefined,
      unloads: [],
      atOnce: true,
      slots: 0,
    });
  }
  private readonly compiledRows = new WeakMap<readonly BoundExpr[], CompiledPlan>();
  /** Kept as long as the expressions are. */
  private compiledRow(
    exprs: readonly BoundExpr[],
    formats: readonly number[],
    transaction: Transaction,
  ): CompiledPlan {
    const known = formats.length === 0 ? this.compiledRows.get(exprs) : undefined;
    if (known !== undefined) return known;
    let id = 0;
    const columns = exprs.map((e) => ({ id: ++id as ColId, name: '', type: e.type }));
    const rel: Rel = { kind: 'values', columns, rows: [exprs] };
    const plan = this.plan(rewrite({ kind: 'select', rel, columns }), transaction);
    const compiled = this.compile(plan, transaction, { formats });
    if (formats.length === 0) this.compiledRows.set(exprs, compiled);
    return compiled;
  }
  private async seriesOf(
    compiled: CompiledPlan,
    session: Session,
    transaction: Transaction,
    options: RunOptions,
  ): Promise<readonly SeriesBounds[]> {
    const found: SeriesBounds[] = [];
    for (const request of compiled.rows) {
      if (request.kind !== 'series') continue;
      const args = await this.tableArguments(request.args, session, transaction, options);
      const bounds = seriesBounds(request.rows, args);
      if (bounds !== undefined) found.push(bounds);
    }
    return found;
  }
  private async *rows(
    request: RowsRequest,
    session: Session,
    transaction: Transaction,
    options: RunOptions,
  ): AsyncGenerator<readonly (readonly unknown[])[], void> {
    const made = await this.made(request, session, transaction, options);
    const turns = new Turns(session.cancelSignal);
    let batch: (readonly unknown[])[] = [];
    for (const row of made) {
      batch.push(row);
      if (batch.length === ROWS_BATCH) {
        yield batch;
        batch = [];
      }
      const turn = turns.next();
      if (turn === undefined) continue;
      await turn;
      session.cancelSignal.throwIfAborted();
    }
    if (batch.length > 0) yield batch;
  }
  private async made(
    request: RowsRequest,
    session: Session,
    transaction: Transaction,
    options: RunOptions,
  ): Promise<Iterable<readonly unknown[]>> {
    assert(request.kind !== 'series', 'a series makes its own rows');
    if (request.kind === 'values') return request.exprs.map((row) => row.map((e) => constantOf(e, options)));
    const args = await this.tableArguments(request.args, session, transaction, options);
    const { columns, rows } = await this.deps.virtualRows(request.name, args, session, transaction);
    const count = columns.length;
    const pick = request.columns.map((c) => {
      if (c.name === ORDINALITY) return count;
      return count === 1 ? 0 : columns.indexOf(c.name);
    });
    assert(
      pick.every((i) => i >= 0),
      `${request.name}: unknown column`,
    );
    let n = 0n;
    return Sequence.of(rows).map((row) => {
      n += 1n;
      return pick.map((i) => (i === count ? n : row[i]));
    });
  }
}

/** Whether anything in it is computed by the leader's own functions, or by spatial ones, row by row. */
function calls(value: unknown, functions: FunctionRegistry, by: 'host' | 'spatial'): boolean {
  if (value === null || typeof value !== 'object' || ArrayBuffer.isView(value)) return false;
  if (Array.isArray(value)) return value.some((item) => calls(item, functions, by));
  const node = value as Record<string, unknown>;
  if (node['kind'] === 'call' && scalarOf(functions, node['name'] as string)?.[by] !== undefined) return true;
  return Object.values(node).some((inner) => calls(inner, functions, by));
}

const isGiven = (e: BoundExpr): boolean => e.kind === 'const' || e.kind === 'param';
function constantOf(e: BoundExpr, options: Pick<RunOptions, 'parameters'>): unknown {
  if (e.kind === 'const') return e.value;
  assert(e.kind === 'param', `a list of rows holds literals and parameters, not ${e.kind}`);
  return options.parameters[e.index]?.value ?? null;
}
const hasEffect = (c: SliceChange): boolean =>
  c.rowsAdded > 0 || c.rowsDeleted > 0 || c.groupsRemoved.length > 0 || c.groupsAdded.length > 0;

export function tableOf(relation: { readonly kind: string } | undefined, oid: TableId): TableObject {
  assert(relation?.kind === 'table', `relation ${oid} is not a table`);
  return relation as TableObject;
}
export function storageTable(table: TableObject): StorageTable {
  return {
    tableId: table.oid,
    name: table.name,
    sortkey: table.sortkey,
    columns: liveColumns(table).map((c) => ({
      attnum: c.attnum,
      name: c.name,
      type: c.type,
      notNull: c.notNull,
      encoding: c.encoding,
      missingValue: c.missingValue,
    })),
  };
}
export function scalarOf(functions: FunctionRegistry, name: string): ScalarFunction | undefined {
  const f = functions.lookup(name);
  return f?.kind === 'scalar' ? f : undefined;
}
