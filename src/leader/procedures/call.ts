/**
 * CALL: which procedure is meant, the values of its arguments, and the row of what it gives back. Arguments are bound like
 * the columns of a query and converted to the types of the procedure that fits them best.
 */
import { assert } from '../../common/assert.ts';
import { permissionDenied } from '../../common/errors/catalogue.ts';
import {
  ambiguousProcedure,
  nestedTooDeep,
  subqueryInCall,
  undefinedProcedure,
} from '../../common/errors/routine-errors.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { ROUTINE_CALLS_MAX } from '../../common/limits.ts';
import type { FieldDescription } from '../../common/sql-service.ts';
import { BOOL, TYPE_INFO, typeModifier, UNKNOWN, type SqlType } from '../../types/sql-type.ts';
import { resolveSignature } from '../analyser/calls.ts';
import type { RoutineArgument, RoutineObject } from '../catalog/objects.ts';
import { allows } from '../catalog/privileges.ts';
import { inputsOf, outputsOf, routinesNamed, shownSignature } from '../catalog/routines.ts';
import type { Expr, Query, Statement } from '../parser/ast.ts';
import { subqueriesIn } from '../parser/query-tables.ts';
import { typeRefOf } from '../session/execute-arguments.ts';
import type { Execution, ExecutorEntry, Procedures, SessionScope } from '../session/scope.ts';
import type { ParameterTypes, TypedValue } from '../session/types.ts';
import type { Program, Sql } from './body.ts';
import type { CallResult, CallStack } from './context.ts';
import type { Frame } from './frame.ts';
import { parseBody } from './parse-body.ts';
import { beginCall } from './record-calls.ts';
import { BlockRunner } from './run-block.ts';

type Call = Extract<Statement, { kind: 'call' }>;

interface BoundCall {
  readonly routine: RoutineObject;
  /** The query of the arguments' values; none when there are no arguments. */
  readonly args: ExecutorEntry | undefined;
}

function queryOf(statement: Call, exprs: readonly Expr[]): Statement {
  const { start: pos, end } = statement;
  const items = exprs.map((expr, i) => ({ expr, alias: `argument_${i + 1}`, pos: expr.pos }));
  const body = { kind: 'select' as const, distinct: false, items, from: [], groupBy: [], pos };
  const query: Query = { ctes: [], recursive: false, body, orderBy: [], pos };
  return { kind: 'query', query, start: pos, end };
}
async function analysedArguments(
  scope: SessionScope,
  statement: Call,
  exprs: readonly Expr[],
  text: string,
  types: ParameterTypes,
): Promise<ExecutorEntry> {
  const entry = await scope.analyse(queryOf(statement, exprs), text, types, []);
  assert(entry.kind === 'executor', 'a query is run by the executor');
  return entry;
}

/** Types of the arguments; unknown for untyped literals and parameters. */
async function argumentTypes(
  scope: SessionScope,
  statement: Call,
  text: string,
  types: ParameterTypes,
): Promise<readonly SqlType[]> {
  const isOpen = (e: Expr): boolean =>
    (e.kind === 'literal' && (e.value === null || typeof e.value === 'string')) ||
    (e.kind === 'param' && (types === 'none' || types[e.index - 1] === undefined));
  const closed = statement.args.filter((e) => !isOpen(e));
  const entry = closed.length === 0 ? undefined : await analysedArguments(scope, statement, closed, text, types);
  const found = entry === undefined ? [] : scope.deps.executor.columnsOf(entry.prepared);
  let next = 0;
  return statement.args.map((e) => (isOpen(e) ? UNKNOWN : found[next++]!.type));
}

function resolve(scope: SessionScope, statement: Call, types: readonly SqlType[]): RoutineObject {
  const { name } = statement;
  const catalog = scope.block.require().catalog();
  const candidates = routinesNamed(catalog, scope.searchPath(), 'procedure', name);
  const signatures = candidates.map((r) => ({ args: inputsOf(r).map((a) => a.type.name), returns: BOOL }));
  try {
    return candidates[resolveSignature(name.name, signatures, types, name.pos + 1).index]!;
  } catch (error) {
    if (!(error instanceof SqlError)) throw error;
    const shown = shownSignature(name, types);
    throw (error.sqlstate === '42725' ? ambiguousProcedure : undefinedProcedure)(shown, name.pos + 1);
  }
}

async function bindCall(
  scope: SessionScope,
  statement: Call,
  text: string,
  types: ParameterTypes,
): Promise<BoundCall> {
  const subquery = statement.args.map(subqueriesIn).find((list) => list.length > 0);
  if (subquery !== undefined) throw subqueryInCall();
  const routine = resolve(scope, statement, await argumentTypes(scope, statement, text, types));
  if (!allows(scope.block.require().catalog(), scope.user, routine, 'X'))
    throw permissionDenied('function', routine.name);
  const inputs = inputsOf(routine);
  if (inputs.length === 0) return { routine, args: undefined };
  const cast = statement.args.map((arg, i): Expr => ({
    kind: 'cast',
    arg,
    type: typeRefOf(inputs[i]!.type, arg.pos),
    pos: arg.pos,
  }));
  return { routine, args: await analysedArguments(scope, statement, cast, text, types) };
}

/** Columns of the row that a call gives; null when it gives none. */
function fieldsOfCall(routine: RoutineObject): readonly FieldDescription[] | null {
  const outputs = outputsOf(routine);
  if (outputs.length === 0) return null;
  return outputs.map(({ name, type }, i) => ({
    name: name ?? `column${i + 1}`,
    tableOid: 0,
    columnNumber: 0,
    typeOid: TYPE_INFO[type.name].oid,
    typeSize: TYPE_INFO[type.name].size,
    typeModifier: typeModifier(type),
  }));
}

/** Values of the arguments, in the types of the procedure. */
async function argumentValues(
  scope: SessionScope,
  { args }: BoundCall,
  parameters: readonly TypedValue[],
): Promise<readonly TypedValue[]> {
  if (args === undefined) return [];
  const values = scope.deps.executor.values(scope, scope.block.require(), args.prepared, parameters);
  assert(values !== undefined, 'arguments read no table');
  return values;
}

const PROGRAMS = new WeakMap<RoutineObject, Program>();
function programOf(routine: RoutineObject): Program {
  let program = PROGRAMS.get(routine);
  if (program === undefined) {
    program = parseBody(routine.source, routine.arguments, routine.name);
    PROGRAMS.set(routine, program);
  }
  return program;
}

/** A call from outside, or from a procedure around it. */
async function runRoutine(
  outer: CallStack | undefined,
  scope: SessionScope,
  sink: Execution['sink'],
  bound: BoundCall,
  parameters: readonly TypedValue[],
  text: string,
): Promise<CallResult> {
  const { routine } = bound;
  const depth = (outer?.depth ?? 0) + 1;
  if (depth > ROUTINE_CALLS_MAX) throw nestedTooDeep(String(ROUTINE_CALLS_MAX));
  const given = await argumentValues(scope, bound, parameters);
  const explicit = outer?.atomicContext ?? scope.block.state === 'open';
  const hasSettings = (routine.settings ?? []).length > 0;
  const record = beginCall(scope, text, outer?.call);
  const stack: CallStack = {
    scope,
    sink,
    depth,
    atomicContext: explicit || hasSettings,
    autocommit: routine.nonatomic === true && !explicit && outer?.autocommit !== false,
    routine,
    call: record.query,
    nested: callInside,
  };
  const runner = new BlockRunner(stack, programOf(routine), routine.arguments.length);
  declareArguments(runner, routine.arguments, given);
  try {
    await underRoutine(scope, routine, () => runner.run());
    record.end(false);
  } catch (error) {
    record.end(true);
    throw error;
  }
  return outputsAfter(runner, routine.arguments);
}

function declareArguments(
  { frame }: BlockRunner,
  all: readonly RoutineArgument[],
  given: readonly TypedValue[],
): void {
  let next = 0;
  for (const [i, { name, mode, type }] of all.entries()) {
    const value = mode === 'out' ? null : (given[next++]?.value ?? null);
    const kind = type.name === 'refcursor' ? 'cursor' : 'scalar';
    frame.declare(i, { name: name ?? `$${i + 1}`, kind, type, value, constant: false, notNull: false });
  }
}
function outputsAfter({ frame }: BlockRunner, all: readonly RoutineArgument[]): CallResult {
  const outputs: { name: string; type: SqlType; argument: number | undefined }[] = [];
  const row: TypedValue[] = [];
  let input = 0;
  for (const [i, { name, mode, type }] of all.entries()) {
    const argument = mode === 'out' ? undefined : input++;
    if (mode === 'in') continue;
    outputs.push({ name: name ?? `column${outputs.length + 1}`, type, argument });
    row.push(frame.get({ variable: i }));
  }
  return { outputs, row };
}

/** Runs a body under its settings and, when it says so, with its owner's rights. */
async function underRoutine(
  scope: SessionScope,
  { settings = [], definer, ownerOid }: RoutineObject,
  run: () => Promise<void>,
): Promise<void> {
  const { acting } = scope;
  const before = settings.map(({ name }) => ({ name, value: scope.setting(name) }));
  if (definer === true) scope.acting = scope.deps.users().find((user) => user.oid === ownerOid) ?? acting;
  try {
    for (const { name, value } of settings) scope.setSetting(name, value, false);
    await run();
  } finally {
    scope.acting = acting;
    for (const { name, value } of before) scope.setSetting(name, value, false);
  }
}

/** CALL inside of a procedure: in the same transaction, with variables of the caller as arguments. */
async function callInside(stack: CallStack, frame: Frame, sql: Sql): Promise<CallResult> {
  const { scope, sink } = stack;
  const [statement] = await scope.deps.executor.parse(sql.text, false, scope.cancelSignal);
  assert(statement?.kind === 'call', 'a call is parsed as one');
  const values = sql.places.map((place) => frame.get(place));
  const types = values.map((v) => v.type);
  const bound = await bindCall(scope, statement, sql.text, types);
  return runRoutine(stack, scope, sink, bound, values, sql.text);
}

/** CALL of a client: its one row goes to the sink. */
async function runCall(
  scope: SessionScope,
  statement: Call,
  text: string,
  types: ParameterTypes,
  execution: Execution,
): Promise<string> {
  const bound = await bindCall(scope, statement, text, types);
  const parameterTypes = bound.args?.prepared.parameters ?? [];
  const parameters = parameterTypes.map((type, i) => ({ type, value: execution.parameters[i] ?? null }));
  const source = text.slice(statement.start, statement.end);
  const { row } = await runRoutine(undefined, scope, execution.sink, bound, parameters, source);
  if (row.length > 0) {
    const transaction = scope.block.require();
    await scope.deps.executor.sendValues(scope, transaction, row, execution.formats, execution.sink);
  }
  return 'CALL';
}

export const procedures: Procedures = {
  async bind(scope, statement, text, types) {
    const { routine, args } = await bindCall(scope, statement, text, types);
    return { fields: fieldsOfCall(routine), args };
  },
  call: runCall,
};
