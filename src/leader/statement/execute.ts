/**
 * The statement executor behind a session: prepares (analyse, rewrite) and runs statements inside a transaction. Queries
 * and DML go through the statement runner, COPY and UNLOAD through their own, everything else is a command.
 */
import {
  cannotRunInTransaction,
  featureNotSupported,
  missingParameter,
  statementNotSupported,
} from '../../common/errors/catalogue.ts';
import { maskCredentials } from '../parser/mask-credentials.ts';
import type { Notice } from '../../common/errors/sql-error.ts';
import type { FieldDescription, ResultSink } from '../../common/sql-service.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { inTurns, Turns } from '../../common/steps.ts';
import type { BoundExpr, ConstValue } from '../../expressions/bound.ts';
import type { BoundStatement } from '../../expressions/relation.ts';
import { LARGE_STRING_BYTES_MAX } from '../../common/limits.ts';
import { superOfJson } from '../../functions/super-calls.ts';
import { varchar, type SqlType } from '../../types/sql-type.ts';
import { analysedInTurns, type ConvertedLists } from '../analyser/converted-lists.ts';
import { analyse, analyseMergeStatement, type AnalyserContext, type BoundMerge } from '../analyser/index.ts';
import type { Query, Statement } from '../parser/ast.ts';
import { lockResolved } from '../catalog/lock-by-name.ts';
import type { CatalogSnapshot, TableObject } from '../catalog/objects.ts';
import { selectIntoTarget } from '../catalog/select-into.ts';
import { locksOf, type LockStrength } from './lock-statement.ts';
import { locksOfMerge, runMerge } from './run-merge.ts';
import type { TextParser } from '../parser/long-texts.ts';
import { parseQueryTextSync } from '../parser/parser.ts';
import { explainVerbose } from '../plan/explain-verbose.ts';
import { hasSystemPrivilege } from '../catalog/system-privileges.ts';
import { explainPlan, holdsSecure } from '../plan/explain.ts';
import { rewritten } from '../rewriter/index.ts';
import type { BoundSelect, InternalResult } from '../ddl/context.ts';
import { insertOf, tableAs } from '../ddl/fill-table.ts';
import { ROW_COLUMNS } from '../ddl/row-columns.ts';
import { SHOWN_COLUMNS } from '../ddl/shown-columns.ts';
import { textSettingsOf } from '../../types/text-settings.ts';
import { textRows, type TextRow } from '../session/data-rows.ts';
import type { ParameterTypes, PreparedStatement, Session, StatementExecutor, TypedValue } from '../session/types.ts';
import { rowOf, valuesOf } from './leader-values.ts';
import { fieldOf } from './result-fields.ts';
import { parametersOfShow, withValues } from './show-parameters.ts';
import type { RunOptions, StatementRunner } from './statement-runner.ts';
import { systemViewInfo } from '../system/registry.ts';
import type { Transaction } from '../transaction/types.ts';

type Sink = Pick<ResultSink, 'rows'> & { notice(notice: Notice): void };

/** A command (commands/command.ts) with its services given. */
export interface StatementCommand {
  /** What the refusal calls a statement that must not run inside a transaction block; undefined for one that may. */
  outsideTransaction(statement: Statement): string | undefined;
  run(around: CommandSurroundings, statement: Statement): Promise<CommandOutcome>;
}
export interface CommandSurroundings {
  readonly session: Session;
  readonly transaction: Transaction;
  readonly text: string;
  notice(notice: Notice): void;
}
interface CommandOutcome {
  readonly tag: string;
  readonly rows?: InternalResult;
}

/** What prepare keeps for execute. */
interface Prepared {
  readonly bound?: BoundStatement;
  readonly merge?: BoundMerge;
  readonly inner?: PreparedStatement;
}
export interface ExecutorDeps {
  readonly runner: StatementRunner;
  readonly parser: TextParser;
  readonly commands: ReadonlyMap<Statement['kind'], StatementCommand>;
  readonly copy: (
    session: Session,
    transaction: Transaction,
    statement: Extract<Statement, { kind: 'copy' }>,
    text: string,
    sink: Sink,
  ) => Promise<string>;
  readonly unload: (
    session: Session,
    transaction: Transaction,
    statement: Extract<Statement, { kind: 'unload' }>,
    text: string,
    sink: Sink,
  ) => Promise<string>;
}

const JSON_TEXT = varchar(LARGE_STRING_BYTES_MAX);
const QUERY_KINDS = new Set<Statement['kind']>(['query', 'insert', 'update', 'delete']);

export function analyserContext(
  deps: { readonly runner: StatementRunner },
  session: Session,
  transaction: Transaction,
  parameterTypes: (SqlType | undefined)[] | 'none',
  searchPath = session.searchPath(),
): AnalyserContext {
  let next = 0;
  return {
    catalog: transaction.catalog(),
    searchPath,
    user: session.user,
    ...(session.exempt === true ? { exempt: true } : {}),
    parameterTypes: parameterTypes === 'none' ? [] : parameterTypes,
    noParameters: parameterTypes === 'none',
    nextColId: () => ++next,
    functions: deps.runner.deps.functions,
    systemViews: systemViewInfo,
    parseQuery: (text: string): Query => parseQueryTextSync(text),
    text: { ...textSettingsOf((name) => session.setting(name)), nowMicros: transaction.startedAtMicros },
    collation: transaction.catalog().database.collation,
    largeStrings: session.setting('enable_large_strings_opt_in') === 'on',
    roundsNumeric: session.setting('enable_numeric_rounding') === 'on',
    superRules: {
      strictPaths: session.setting('navigate_super_null_on_error') === 'off',
      strictCasts: session.setting('cast_super_null_on_error') === 'off',
      laxParse: session.setting('parse_super_null_on_error') === 'on',
      dedup: session.setting('json_parse_dedup_attributes') === 'on',
      truncate: session.setting('json_parse_truncate_strings') === 'on',
      caseSensitive: session.setting('enable_case_sensitive_super_attribute') === 'true',
      nullsUnknown: session.setting('default_array_search_null_handling') === 'false',
    },
  };
}

export class LeaderExecutor implements StatementExecutor {
  constructor(private readonly deps: ExecutorDeps) {}

  parse(text: string, caseSensitive: boolean, signal: AbortSignal): Promise<readonly Statement[]> {
    return this.deps.parser.parse(text, caseSensitive, signal);
  }

  prepare(
    session: Session,
    transaction: Transaction,
    statement: Statement,
    text: string,
    parameterTypes: ParameterTypes,
  ): Promise<PreparedStatement> {
    return this.bound(session, transaction, statement, text, parameterTypes, false);
  }
  /** `onSlices`: rows of the query are kept by compute nodes. */
  private async bound(
    session: Session,
    transaction: Transaction,
    statement: Statement,
    text: string,
    parameterTypes: ParameterTypes,
    onSlices: boolean,
  ): Promise<PreparedStatement> {
    session.last.queryId = 0;
    const base = { statement, text, parameters: [] as SqlType[] };
    if (statement.kind === 'explain') {
      const { statement: outer } = statement;
      const fills = makesTable(outer) !== undefined;
      const inner = await this.bound(session, transaction, explained(outer), text, parameterTypes, fills);
      return {
        ...base,
        parameters: inner.parameters,
        fields: textFields(transaction.catalog(), ['QUERY PLAN']),
        plan: { inner } satisfies Prepared,
      };
    }
    if (statement.kind === 'query' && selectIntoTarget(statement))
      return { ...base, fields: null, plan: {} satisfies Prepared };
    if (QUERY_KINDS.has(statement.kind) || statement.kind === 'merge') {
      const turns = new Turns(session.cancelSignal);
      let types: (SqlType | undefined)[] = [];
      const plan = await this.planned(session, turns, (lists) => {
        types = parameterTypes === 'none' ? [] : [...parameterTypes];
        const given = parameterTypes === 'none' ? 'none' : types;
        const context = { ...analyserContext(this.deps, session, transaction, given), lists, onSlices };
        return statement.kind === 'merge' ? analyseMergeStatement(statement, context) : analyse(statement, context);
      });
      const fields =
        plan.bound?.kind === 'select' ? plan.bound.columns.map((c) => fieldOf(transaction.catalog(), c)) : null;
      return { ...base, parameters: types.map((t) => t ?? varchar(65535)), fields, plan };
    }
    if (statement.kind === 'show-objects') {
      const columns = SHOWN_COLUMNS[statement.what].map(({ name, type }, id) => ({ id, name, type }));
      const fields = columns.map((c) => fieldOf(transaction.catalog(), c));
      const parameters = [...parametersOfShow(statement)];
      if (parameterTypes === 'none' && parameters.length > 0) throw missingParameter(String(parameters.length));
      return { ...base, parameters, fields, plan: {} satisfies Prepared };
    }
    const rowColumns = ROW_COLUMNS[statement.kind];
    if (rowColumns !== undefined)
      return { ...base, fields: textFields(transaction.catalog(), rowColumns), plan: {} satisfies Prepared };
    if (givesRows(statement)) {
      // Rows of these are made when they run; their columns are known from a run without effects.
      const result = await this.command(session, transaction, statement, text, () => undefined);
      return {
        ...base,
        fields: result.rows ? textFields(transaction.catalog(), result.rows.columns) : null,
        plan: {} satisfies Prepared,
      };
    }
    return { ...base, fields: null, plan: {} satisfies Prepared };
  }

  private async planned(
    session: Session,
    turns: Turns,
    analyser: (lists: ConvertedLists) => BoundStatement | BoundMerge,
  ): Promise<Prepared> {
    const analysed = await analysedInTurns(analyser, session.cancelSignal);
    await turns.next();
    const part = <S extends BoundStatement>(s: S): Promise<S> => inTurns(rewritten(s), session.cancelSignal);
    if (analysed.kind !== 'merge') return { bound: await part(analysed) };
    const { keep, change, insert } = analysed;
    const merge = {
      ...analysed,
      keep: keep && (await part(keep)),
      change: await part(change),
      insert: await part(insert),
    };
    return { merge };
  }

  async lock(
    transaction: Transaction,
    current: () => Promise<PreparedStatement>,
    strength: LockStrength,
  ): Promise<void> {
    await lockResolved(transaction, async () => {
      const prepared = await current();
      const { inner, bound, merge } = prepared.plan as Prepared;
      if (merge !== undefined) return { value: undefined, locks: locksOfMerge(merge, strength, transaction) };
      const explained = (inner?.plan as Prepared | undefined)?.bound;
      if (explained !== undefined) return { value: undefined, locks: locksOf(explained, 'share', transaction) };
      return { value: undefined, locks: bound === undefined ? new Map() : locksOf(bound, strength, transaction) };
    });
  }

  values(
    session: Session,
    transaction: Transaction,
    { plan }: PreparedStatement,
    parameters: readonly TypedValue[],
  ): readonly TypedValue[] | Promise<readonly TypedValue[]> | undefined {
    const { bound } = plan as Prepared;
    const exprs = rowOf(bound);
    return exprs && valuesOf(this.deps.runner, session, transaction, exprs, parameters);
  }
  async sendValues(
    session: Session,
    transaction: Transaction,
    values: readonly TypedValue[],
    formats: readonly number[],
    sink: Pick<Sink, 'rows'>,
  ): Promise<void> {
    // SUPER comes as JSON.
    const parameters = values.map((v) => (v.type.name === 'super' ? { ...v, type: JSON_TEXT } : v));
    const exprs = parameters.map(({ type }, index): BoundExpr => {
      const value: BoundExpr = { kind: 'param', type, index };
      return values[index]!.type.name === 'super' ? superOfJson(value) : value;
    });
    await this.deps.runner.leaderRow(exprs, formats, session, transaction, {
      parameters,
      consumer: (chunk, rows) => sink.rows(chunk, rows),
    });
  }
  columnsOf({ plan }: PreparedStatement): readonly { readonly name: string; readonly type: SqlType }[] {
    const { bound } = plan as Prepared;
    return bound?.kind === 'select' ? bound.columns : [];
  }
  lockWait(session: Session): void {
    this.deps.runner.deps.wlm.pause(session);
  }
  execute(
    session: Session,
    transaction: Transaction,
    prepared: PreparedStatement,
    parameters: readonly ConstValue[],
    formats: readonly number[],
    sink: Sink,
  ): Promise<string> {
    const { wlm } = this.deps.runner.deps;
    return wlm.statement(session, () =>
      this.executeStatement(session, transaction, prepared, parameters, formats, sink),
    );
  }
  private async executeStatement(
    session: Session,
    transaction: Transaction,
    prepared: PreparedStatement,
    parameters: readonly ConstValue[],
    formats: readonly number[],
    sink: Sink,
  ): Promise<string> {
    const { statement } = prepared;
    const plan = prepared.plan as Prepared;
    if (statement.kind === 'explain') return this.explain(session, transaction, statement, plan.inner!, sink);
    if (statement.kind === 'copy') return this.deps.copy(session, transaction, statement, prepared.text, sink);
    if (statement.kind === 'unload') return this.deps.unload(session, transaction, statement, prepared.text, sink);
    if (plan.merge) {
      const options = { text: statementText(prepared), parameters: typedValues(prepared, parameters) };
      await runMerge(this.deps.runner, session, transaction, plan.merge, options);
      return 'MERGE';
    }
    if (plan.bound) return this.runBound(session, transaction, prepared, plan.bound, parameters, formats, sink);
    const command =
      statement.kind === 'show-objects'
        ? { ...statement, ...withValues(statement, parameters) }
        : ((statement.kind === 'query' ? selectIntoTarget(statement) : undefined) ?? statement);
    const result = await this.command(session, transaction, command, prepared.text, (n) => sink.notice(n));
    if (result.rows) await sendText(result.rows.rows, sink, result.rows.types, formats);
    return result.tag;
  }

  private async runBound(
    session: Session,
    transaction: Transaction,
    prepared: PreparedStatement,
    bound: BoundStatement,
    parameters: readonly ConstValue[],
    formats: readonly number[],
    sink: Sink,
  ): Promise<string> {
    const result = await this.deps.runner.run(session, transaction, bound, {
      text: statementText(prepared),
      parameters: typedValues(prepared, parameters),
      formats,
      consumer: (chunk, rows) => sink.rows(chunk, rows),
      isLast: true,
    });
    switch (bound.kind) {
      case 'select':
        return 'SELECT';
      case 'insert':
        return `INSERT 0 ${result.rowsAffected}`;
      case 'update':
        return `UPDATE ${result.rowsAffected}`;
      case 'delete':
        return `DELETE ${result.rowsAffected}`;
    }
  }
  private async explain(
    session: Session,
    transaction: Transaction,
    { statement, verbose }: Extract<Statement, { kind: 'explain' }>,
    inner: PreparedStatement,
    sink: Sink,
  ): Promise<string> {
    const { bound } = inner.plan as Prepared;
    if (!bound) throw featureNotSupported(`EXPLAIN of ${inner.statement.kind}`);
    const made = bound.kind === 'select' ? tableToMake(session, transaction, statement, bound) : undefined;
    const planned = made === undefined ? bound : insertOf(made, bound as BoundSelect);
    const plan = await this.deps.runner.planInTurns(
      this.deps.runner.readied(planned, session, transaction),
      transaction,
      session.cancelSignal,
      made,
    );
    // What policies add is shown to whom they may be shown.
    const open = hasSystemPrivilege(transaction.catalog(), session.user, 'EXPLAIN RLS');
    const whole = open || !holdsSecure(plan.root);
    const lines = [...(verbose && whole ? [...explainVerbose(plan), ''] : []), ...explainPlan(plan, open)];
    await sendText(
      lines.map((l) => [l]),
      sink,
    );
    return 'EXPLAIN';
  }
  private async command(
    session: Session,
    transaction: Transaction,
    statement: Statement,
    text: string,
    notice: (n: Notice) => void,
  ): Promise<CommandOutcome> {
    if (statement.kind === 'unsupported')
      throw new SqlError({ sqlstate: statement.sqlstate, message: statement.message });
    const command = this.deps.commands.get(statement.kind);
    if (!command) throw statementNotSupported(statement.kind.toUpperCase().replaceAll('-', ' '));
    const alone = command.outsideTransaction(statement);
    if (alone !== undefined && session.inTransactionBlock) {
      this.recordViolation(session, transaction, alone, text.slice(statement.start, statement.end));
      throw cannotRunInTransaction(alone);
    }
    const result = await command.run({ session, transaction, text, notice }, statement);
    if (alone !== undefined && transaction.state === 'open') await transaction.commit();
    return result;
  }
  private recordViolation(session: Session, { xid }: Transaction, command: string, text: string): void {
    const { history, clock } = this.deps.runner.deps;
    const { user, pid, database } = session;
    const timeMicros = clock.nowMicros();
    history.add('violations', {
      userid: user.oid,
      pid,
      xid,
      database,
      command,
      label: session.setting('query_group'),
      text: maskCredentials(text.trim()),
      startMicros: timeMicros,
      endMicros: timeMicros,
    });
  }
}

const typedValues = (p: PreparedStatement, values: readonly ConstValue[]): RunOptions['parameters'] =>
  p.parameters.map((type, i) => ({ type, value: values[i] ?? null }));

/** Commands that answer with rows. */
const givesRows = (statement: Statement): boolean =>
  statement.kind === 'copy-job' && (statement.action === 'list' || statement.action === 'show');

const makesTable = (statement: Statement): Extract<Statement, { kind: 'create-table-as' }> | undefined => {
  const made = statement.kind === 'query' ? selectIntoTarget(statement) : statement;
  return made?.kind === 'create-table-as' ? made : undefined;
};
/** Of CREATE TABLE AS and SELECT INTO it is the query that EXPLAIN binds. */
function explained(statement: Statement): Statement {
  const made = makesTable(statement);
  if (made === undefined) return statement;
  const { query, start, end } = made;
  return { kind: 'query', query, start, end };
}
/** The table that such a statement would make, under the oid of none. */
function tableToMake(
  session: Session,
  transaction: Transaction,
  statement: Statement,
  select: BoundSelect,
): TableObject | undefined {
  const made = makesTable(statement);
  return (
    made &&
    tableAs(made, select, transaction.catalog(), {
      oid: 0,
      schemaOid: 0,
      name: made.name.name,
      ownerOid: session.user.oid,
      createdAtMicros: 0n,
      temporary: made.temporary,
    })
  );
}

const statementText = (p: PreparedStatement): string => p.text.slice(p.statement.start, p.statement.end).trim();

const textFields = (catalog: CatalogSnapshot, names: readonly string[]): FieldDescription[] =>
  names.map((name, i) => fieldOf(catalog, { id: i, name, type: varchar(65535) }));

async function sendText(
  rows: readonly TextRow[],
  sink: Pick<ResultSink, 'rows'>,
  types?: readonly SqlType[],
  formats: readonly number[] = [],
): Promise<void> {
  if (rows.length > 0) await sink.rows(textRows(rows, types, formats), rows.length);
}
