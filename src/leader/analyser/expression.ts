/**
 * AST expression to bound expression. ExprContext says where the expression stands: its scope, the clause (for errors),
 * which aliases of the select list it may use, and the collector of aggregate calls where those are allowed.
 */
import { AssertionError } from '../../common/assert.ts';
import {
  aggregateNotAllowed,
  correlatedNotSupported,
  featureNotSupported,
  functionNotSupported,
  missingParameter,
  nestedAggregate,
  overRequired,
  undefinedFunction,
} from '../../common/errors/catalogue.ts';
import { undefinedRoutine } from '../../common/errors/routine-errors.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { PARAMETERS_MAX } from '../../common/limits.ts';
import type { BoundAggregate, BoundExpr } from '../../expressions/bound.ts';
import { exprKey, someExpr } from '../../expressions/walk.ts';
import { BOOL, INTERVAL, UNKNOWN } from '../../types/sql-type.ts';
import { intervalType } from '../../types/interval-fields.ts';
import { parseText } from '../../types/text.ts';
import type { AggregateFunction } from '../../functions/define.ts';
import { REDSHIFT_BARE_FUNCTIONS, isRedshiftFunction, refusalOf } from '../../functions/redshift-names.ts';
import type { RoutineObject } from '../catalog/objects.ts';
import type { Expr } from '../parser/ast.ts';
import type { FrozenRoutine } from '../parser/ast-query.ts';
import { bindArrayConstructor, bindAnyArray, bindSubscript, elementText } from './arrays.ts';
import { callFunction, callScalar, longText, resolveAggregate } from './calls.ts';
import { bindCatalogCast } from './catalog-casts.ts';
import { castTo, constant, numberConstant, settleLater, toBoolean, unify, withPosition } from './coerce.ts';
import { resultType } from './collation.ts';
import { boundItems } from './converted-lists.ts';
import { groupingCall, isGroupingName } from './grouping-sets.ts';
import { at, recorderOf, type AnalyserState, type QueryEnv } from './context.ts';
import { bindInList } from './in-list.ts';
import { bindBinary, bindCompare, bindPattern, bindRowCompare, bindUnary, compareOp, nullTest } from './operators.ts';
import { columnExpr, findLocal, findOuter, findPath, missingColumn, type FoundColumn, type Scope } from './scope.ts';
import { refuseRows } from './rows-in-list.ts';
import { bindSizeCall, isSizeCall } from './size-calls.ts';
import { specialCall } from './special-calls.ts';
import { bindRowSubquery, bindSubquery, isScalarSubquery } from './subquery.ts';
import { bindPath, isSuper, superCall } from './super.ts';
import { tryCastTo } from './try-cast.ts';
import { shownType, typeOfRef } from './type-rules.ts';
import { checkOrders, groupOrder, toResolve, withOrder } from './within-group.ts';
import { superOperand } from '../../functions/super-calls.ts';
import { arrayTypeOf } from '../../functions/array-types.ts';
import { bindWindow, type WindowCollector } from './windows.ts';
import { bindUserFunction, bodyArgument, userFunctionsNamed } from './user-functions.ts';

/** Collects the aggregate calls of one query level; equal calls share one column. */
export interface AggregateCollector {
  readonly byKey: Map<string, BoundAggregate>;
  /** GROUPING() makes a query one of groups too. */
  hasGrouping: boolean;
}
/** Select-list aliases that an expression may use where no FROM column has the name. */
export interface AliasScope {
  lookup(name: string): Expr | undefined;
}
export interface ExprContext {
  readonly env: QueryEnv;
  readonly scope: Scope;
  /** Printed in errors: WHERE, GROUP BY, HAVING, SELECT ... */
  readonly clause: string;
  readonly aggregates?: AggregateCollector;
  readonly insideAggregate?: boolean;
  readonly windows?: WindowCollector;
  readonly insideWindow?: boolean;
  readonly aliases?: AliasScope;
  /** Inside the body of a function of users: what $1, $2 ... are, and the functions around. */
  readonly routine?: { readonly args: readonly BoundExpr[]; readonly around: readonly number[] };
}

const stateOf = (c: ExprContext): AnalyserState => c.env.state;
/** Of equal expressions in equal places the bound form is the same. */
const placeOf = (c: ExprContext): string => `${c.clause} ${c.insideAggregate === true}`;

export function bindExpr(e: Expr, c: ExprContext): BoundExpr {
  const state = stateOf(c);
  switch (e.kind) {
    case 'literal':
      if (e.form === 'null') return constant(UNKNOWN, null);
      return e.form === 'bool' ? constant(BOOL, e.value === true ? 1 : 0) : constant(UNKNOWN, e.value as string);
    case 'number':
      return withPosition(at(e), () => numberConstant(e.text));
    case 'param':
      return c.routine === undefined ? bindParam(e, state) : bodyArgument(e, c.routine.args);
    case 'literals':
      throw new AssertionError('a list of literals stands in IN only');
    case 'name':
      return bindName(e, c);
    case 'outer':
      throw featureNotSupported('Outer join operator (+) is allowed in the conditions of WHERE only', at(e));
    case 'prior':
      if (c.scope.prior === undefined)
        throw featureNotSupported('PRIOR is allowed in the condition of CONNECT BY only', at(e));
      return bindExpr(e.arg, { ...c, scope: c.scope.prior });
    case 'star':
      throw featureNotSupported('row expansion via "*" is not supported here', at(e));
    case 'unary':
      return bindUnaryNode(e, c);
    case 'binary':
      return bindBinaryNode(e, c);
    case 'isnull': {
      const arg = settleLater(state, bindExpr(e.arg, c));
      if (!isSuper(arg)) return { kind: 'isnull', type: BOOL, arg, negated: e.negated };
      return e.negated ? { kind: 'not', type: BOOL, arg: nullTest(arg) } : nullTest(arg);
    }
    case 'istest': {
      const arg = toBoolean(state, bindExpr(e.arg, c), `argument of IS ${e.test.toUpperCase()}`, at(e.arg));
      return { kind: 'istest', type: BOOL, arg, test: e.test, negated: e.negated };
    }
    case 'between':
      return bindBetween(e, c);
    case 'inlist':
      return bindInList(e, c);
    case 'subquery':
      return bindSubquery(e, c);
    case 'anyarray':
      return bindAnyArray(e, c);
    case 'case':
      return bindCase(e, c);
    case 'cast':
      return bindCast(e, c);
    case 'call':
      return bindCall(e, c);
    case 'interval':
      return intervalLiteral(e, state);
    case 'array':
      return bindArrayConstructor(e, c);
    case 'subscript':
      return bindSubscript(e, c);
    case 'row':
      throw featureNotSupported('row values are supported only in comparisons and IN', at(e));
  }
}

/** A literal with a qualifier is of the qualifier's family and keeps what it names. */
function intervalLiteral(e: Extract<Expr, { kind: 'interval' }>, state: AnalyserState): BoundExpr {
  const type = e.fields === undefined ? INTERVAL : intervalType(e.fields);
  const value = withPosition(at(e), () => parseText(type, e.text, state.context.text));
  return constant(e.fields === undefined ? type : { name: type.name }, value);
}

/** The AST counts parameters from 1 as SQL does, bound expressions from 0. */
function bindParam(e: Extract<Expr, { kind: 'param' }>, state: AnalyserState): BoundExpr {
  if (e.index < 1 || e.index > PARAMETERS_MAX || state.context.noParameters === true)
    throw missingParameter(String(e.index), at(e));
  const types = state.context.parameterTypes;
  while (types.length < e.index) types.push(undefined);
  return { kind: 'param', type: types[e.index - 1] ?? UNKNOWN, index: e.index - 1 };
}

function bindName(e: Extract<Expr, { kind: 'name' }>, c: ExprContext): BoundExpr {
  const recorder = recorderOf(stateOf(c));
  const found = (column: FoundColumn, folded: readonly string[] = []): BoundExpr => {
    const cased = stateOf(c).context.superRules?.caseSensitive === true ? e.written : undefined;
    const path = cased === undefined ? folded : cased.slice(cased.length - folded.length);
    recorder?.column(e, c.scope, column.column, path);
    return bindPath(stateOf(c), columnExpr(column, at(e)), path);
  };
  if (e.parts.length > 1) {
    const { column, path } = findPath(c.scope, e.parts, at(e));
    return found(column, path);
  }
  const name = e.parts[0]!;
  const local = findLocal(c.scope, name, at(e));
  if (local !== undefined) return found({ column: local, depth: 0 });
  const alias = c.aliases?.lookup(name);
  if (alias !== undefined) {
    recorder?.alias(e, alias);
    return bindExpr(alias, { ...c, aliases: withoutAlias(c.aliases!, name) });
  }
  const outer = findOuter(c.scope, name, at(e));
  if (outer !== undefined) return found(outer);
  const bare = bareFunction(name, c, at(e));
  if (bare !== undefined) return bare;
  throw missingColumn(c.scope, name, at(e));
}

/** An alias is not visible in its own expression. */
const withoutAlias = (aliases: AliasScope, name: string): AliasScope => ({
  lookup: (n) => (n === name ? undefined : aliases.lookup(n)),
});

const BARE_FUNCTIONS = [
  'sysdate',
  'current_user_id',
  'user',
  'current_user',
  'session_user',
  'current_date',
  'current_schema',
  'current_namespace',
];

/** SYSDATE and its like are written without parentheses. */
function bareFunction(name: string, c: ExprContext, position: number): BoundExpr | undefined {
  const f = stateOf(c).context.functions.lookup(name);
  if (f === undefined && REDSHIFT_BARE_FUNCTIONS.includes(name))
    throw functionNotSupported(name, refusalOf(name), position);
  if (!BARE_FUNCTIONS.includes(name)) return undefined;
  return f?.kind === 'scalar' ? callScalar(stateOf(c), f, name, [], position) : undefined;
}

function bindUnaryNode(e: Extract<Expr, { kind: 'unary' }>, c: ExprContext): BoundExpr {
  if (e.op === 'not') {
    return { kind: 'not', type: BOOL, arg: toBoolean(stateOf(c), bindExpr(e.arg, c), 'argument of NOT', at(e.arg)) };
  }
  if (e.op === '-' && e.arg.kind === 'number') {
    const { text } = e.arg;
    return withPosition(at(e), () => numberConstant(`-${text}`));
  }
  return bindUnary(stateOf(c), e.op, bindExpr(e.arg, c), at(e));
}

/** a AND b AND c is one node; the chain is walked without recursion, since generated SQL has thousands. */
function logicOperands(e: Expr, op: string): readonly Expr[] {
  const out: Expr[] = [];
  const stack: Expr[] = [e];
  while (stack.length > 0) {
    const top = stack.pop()!;
    if (top.kind === 'binary' && top.op === op) stack.push(top.right, top.left);
    else out.push(top);
  }
  return out;
}

function bindBinaryNode(e: Extract<Expr, { kind: 'binary' }>, c: ExprContext): BoundExpr {
  const state = stateOf(c);
  if (e.op === 'and' || e.op === 'or') {
    const what = `argument of ${e.op.toUpperCase()}`;
    const args = boundItems(state, placeOf(c), e, logicOperands(e, e.op), (x) =>
      toBoolean(state, bindExpr(x, c), what, at(x)),
    );
    return { kind: e.op, type: BOOL, args };
  }
  if (e.left.kind === 'row' && (e.right.kind === 'row' || isScalarSubquery(e.right))) {
    const op = compareOp(e.op);
    if (op === undefined) throw featureNotSupported(`operator ${e.op} on rows is not supported`, at(e));
    const bindAll = (list: readonly Expr[]) => list.map((x) => bindExpr(x, c));
    const left = bindAll(e.left.items);
    const right = e.right.kind === 'row' ? bindAll(e.right.items) : bindRowSubquery(e.right, left.length, c);
    return bindRowCompare(state, op, left, right, at(e));
  }
  const left = bindExpr(e.left, c);
  const right = bindExpr(e.right, c);
  const escape = e.escape === undefined ? undefined : bindExpr(e.escape, c);
  return bindPattern(state, e.op, left, right, escape, at(e)) ?? bindBinary(state, e.op, left, right, at(e));
}

function bindBetween(e: Extract<Expr, { kind: 'between' }>, c: ExprContext): BoundExpr {
  const arg = bindExpr(e.arg, c);
  const low = bindCompare(stateOf(c), '>=', arg, bindExpr(e.low, c), at(e));
  const high = bindCompare(stateOf(c), '<=', arg, bindExpr(e.high, c), at(e));
  const inside: BoundExpr = { kind: 'and', type: BOOL, args: [low, high] };
  return e.negated ? { kind: 'not', type: BOOL, arg: inside } : inside;
}

function bindCase(e: Extract<Expr, { kind: 'case' }>, c: ExprContext): BoundExpr {
  const state = stateOf(c);
  const arg = e.arg === undefined ? undefined : bindExpr(e.arg, c);
  const whens = boundItems(state, `${placeOf(c)} when`, e, e.whens, (w) => {
    const when = bindExpr(w.when, c);
    return arg === undefined
      ? toBoolean(state, when, 'argument of CASE/WHEN', at(w.when))
      : bindCompare(state, '=', arg, when, at(w.when));
  });
  const results = boundItems(state, `${placeOf(c)} then`, e, e.whens, (w) => bindExpr(w.then, c));
  const otherwise = e.otherwise === undefined ? constant(UNKNOWN, null) : bindExpr(e.otherwise, c);
  const places = [...e.whens.map((w) => at(w.then)), at(e.otherwise ?? e)];
  const u = unify(state, [...results, otherwise], 'CASE', at(e), places);
  return {
    kind: 'case',
    type: u.type,
    whens: whens.map((when, i) => ({ when, then: u.args[i]! })),
    otherwise: u.args[u.args.length - 1]!,
  };
}

function bindCast(e: Extract<Expr, { kind: 'cast' }>, c: ExprContext): BoundExpr {
  const state = stateOf(c);
  const given = typeOfRef(e.type);
  const arg = bindExpr(e.arg, c);
  // A cast of a string leaves its collation.
  const type = resultType(state, e.type.max === true ? longText(state, given) : given, [arg]);
  if (e.tries === true) return settled(tryCastTo(state, arg, type, at(e)));
  const out = bindCatalogCast(state, arg, type, at(e)) ?? castTo(state, arg, type, at(e));
  return settled(out);
}
/** A cast that stands around what a cast made of a literal sees a value. */
const settled = (e: BoundExpr): BoundExpr =>
  e.kind === 'const' && e.type.name === 'numeric' ? { ...e, cast: true } : e;

/** Functions whose first argument is a date part: a bare word or a string. */
const DATE_PART_FIRST = [
  'dateadd',
  'date_add',
  'datediff',
  'date_diff',
  'date_part',
  'pgdate_part',
  'datepart',
  'date_trunc',
  'extract',
];

function bindArguments(e: Extract<Expr, { kind: 'call' }>, c: ExprContext): readonly BoundExpr[] {
  return e.args.map((a, i) => {
    if (i === 0 && a.kind === 'name' && a.parts.length === 1 && DATE_PART_FIRST.includes(e.name.name)) {
      return constant(UNKNOWN, a.parts[0]!);
    }
    return bindExpr(a, c);
  });
}

/** EXTRACT comes as date_part under its own label, but gives integers where date_part gives floats. */
function registeredName(e: Extract<Expr, { kind: 'call' }>, state: AnalyserState): string {
  const isExtract = e.label === 'date_part' && e.name.name === 'date_part';
  return isExtract && state.context.functions.lookup('extract') !== undefined ? 'extract' : e.name.name;
}

/** What a call may carry belongs to aggregates; on another function it would say nothing. */
function refuseClauses(e: Extract<Expr, { kind: 'call' }>, shown: string, plain: boolean): void {
  if (e.approximate === true && !(e.distinct && shown === 'count') && shown !== 'percentile_disc')
    throw featureNotSupported(`APPROXIMATE is for COUNT (DISTINCT ...), not for ${shown}`, at(e));
  if (!plain) return;
  if (e.distinct || e.star) throw featureNotSupported(`DISTINCT and * are for aggregates; ${shown} is none`, at(e));
  if (e.orderBy.length > 0 || e.withinGroup)
    throw featureNotSupported(`an ORDER BY of its input is for aggregates; ${shown} is none`, at(e));
}

function bindCall(e: Extract<Expr, { kind: 'call' }>, c: ExprContext): BoundExpr {
  const state = stateOf(c);
  const { schema } = e.name;
  const name = registeredName(e, state);
  if (e.routine !== undefined) return bindStoredCall(e, e.routine, c);
  const first = userFunctionsNamed(state, e, true);
  if (first.length > 0) return bindOwnCall(e, c, first);
  if (e.over !== undefined) return bindWindow(e, c, bindExpr);
  const shown = schema === undefined ? name : `${schema}.${name}`;
  if (schema === undefined && isGroupingName(name)) return bindGrouping(e, c);
  const visible = schema === undefined || schema === 'pg_catalog';
  const known = visible ? state.context.functions.lookup(name)?.kind : undefined;
  const special = visible && (specialCall(name) !== undefined || isSizeCall(name));
  refuseClauses(e, shown, special || known === 'scalar');
  if (visible && specialCall(name) !== undefined) {
    return specialCall(name)!(
      state,
      name,
      e.args.map((a) => bindExpr(a, c)),
      at(e),
      e.args.map((a) => at(a)),
    );
  }
  if (visible && (superCall(name) !== undefined || name === 'field_select')) {
    const args = e.args.map((a) => bindExpr(a, c));
    if (name !== 'field_select') return superCall(name)!(state, args, at(e));
    const cased = state.context.superRules?.caseSensitive === true;
    const field = (cased ? args[2] : undefined) ?? args[1];
    if (isSuper(args[0]!) && field?.kind === 'const') return bindPath(state, args[0]!, [String(field.value)]);
  }
  if (visible && isSizeCall(name))
    return bindSizeCall(
      state,
      name,
      e.args.map((a) => bindExpr(a, c)),
      at(e),
    );
  // APPROXIMATE COUNT (DISTINCT x) is a sketch, which slices make and the leader merges.
  const sketch = e.approximate === true && e.distinct && name === 'count';
  const found = visible ? state.context.functions.lookup(sketch ? 'approximate_count' : name) : undefined;
  const f = found?.internal === true && !sketch ? undefined : found;
  const pair = f?.kind === 'aggregate' && f.pair !== undefined && e.args.length === 2 ? f.pair : undefined;
  if (pair !== undefined) {
    refuseClauses(e, shown, true);
    return callFunction(state, pair, bindArguments(e, c), at(e), shown);
  }
  if (f?.kind === 'aggregate') return bindAggregate(e, f, c);
  if (f?.kind === 'window') throw overRequired(f.name, at(e));
  const own = f === undefined ? userFunctionsNamed(state, e) : [];
  if (own.length > 0) return bindOwnCall(e, c, own);
  const args = bindArguments(e, c);
  if (f === undefined)
    refuseRows(
      e,
      args.map((a) => a.type),
      stateOf(c),
    );
  if (f === undefined && visible && isRedshiftFunction(name))
    throw functionNotSupported(name, refusalOf(name), at(e));
  if (f === undefined) throw undefinedFunction(`${shown}(${args.map((a) => shownType(a.type)).join(', ')})`, at(e));
  const folded = foldVisibility(e, c, args);
  if (folded !== undefined) return folded;
  try {
    return callScalar(state, f, shown, args, at(e), () => siteOf(e, c));
  } catch (error) {
    // A function of users may take what the built-in one of the name does not.
    const others = error instanceof SqlError && error.sqlstate === '42883' ? userFunctionsNamed(state, e) : [];
    if (others.length === 0) throw error;
    return bindUserFunction(e, c, others, args, bindExpr);
  }
}

function bindOwnCall(e: Extract<Expr, { kind: 'call' }>, c: ExprContext, found: readonly RoutineObject[]): BoundExpr {
  if (e.over !== undefined) throw featureNotSupported(`${e.name.name} is no window function`, at(e));
  refuseClauses(e, e.name.name, true);
  const args = e.args.map((a) => bindExpr(a, c));
  return bindUserFunction(e, c, found, args, bindExpr);
}
/** A call in a stored query: its function by number, whatever it is called now. */
function bindStoredCall(e: Extract<Expr, { kind: 'call' }>, routine: FrozenRoutine, c: ExprContext): BoundExpr {
  const found = stateOf(c).context.catalog.object('routine', routine.oid);
  if (found === undefined) throw undefinedRoutine(`${routine.schema}.${routine.name}`, at(e));
  return bindOwnCall(e, c, [found]);
}

function bindGrouping(e: Extract<Expr, { kind: 'call' }>, c: ExprContext): BoundExpr {
  refuseClauses(e, e.name.name, true);
  if (c.insideAggregate === true) throw nestedAggregate(at(e));
  if (c.aggregates === undefined) throw aggregateNotAllowed(c.clause, at(e));
  if (e.args.length === 0) throw undefinedFunction(`${e.name.name}()`, at(e));
  c.aggregates.hasGrouping = true;
  return groupingCall(e.args.map((a) => bindExpr(a, { ...c, insideAggregate: true })));
}

/** One site for a call and a query: a name given with AS binds its expression again, which stays the same call. */
const SITES = new WeakMap<Scope, Map<Expr, number>>();
function siteOf(e: Expr, c: ExprContext): number {
  const sites = SITES.get(c.scope) ?? new Map<Expr, number>();
  SITES.set(c.scope, sites);
  const site = sites.get(e) ?? stateOf(c).context.nextColId();
  sites.set(e, site);
  return site;
}

/** has_table_privilege and friends are plain functions; nothing is folded but to_regclass of a constant. */
function foldVisibility(
  e: Extract<Expr, { kind: 'call' }>,
  c: ExprContext,
  args: readonly BoundExpr[],
): BoundExpr | undefined {
  if (e.name.name !== 'to_regclass' || args.length !== 1 || args[0]!.kind !== 'const') return undefined;
  return bindCatalogCast(stateOf(c), args[0]!, { name: 'regclass' }, at(e));
}

function bindAggregate(e: Extract<Expr, { kind: 'call' }>, f: AggregateFunction, c: ExprContext): BoundExpr {
  if (c.insideAggregate === true) throw nestedAggregate(at(e));
  if (c.aggregates === undefined) throw aggregateNotAllowed(c.clause, at(e));
  if (f.name === 'percentile_disc' && e.approximate !== true)
    throw featureNotSupported('percentile_disc as an aggregate needs APPROXIMATE', at(e));
  const state = stateOf(c);
  const inside: ExprContext = { ...c, insideAggregate: true };
  const sorted = groupOrder(state, f, e, ({ expr }) => bindExpr(expr, inside), at(e));
  if (f.name === 'array_agg') state.usage.leaderFunctions.add('array_agg()');
  if (f.runsOn === 'compute') state.usage.needsComputeNode = true;
  const plain = e.args.map((a) => bindExpr(a, inside)).map((a) => (isSuper(a) ? superOperand(a) : a));
  const elements = f.name === 'array_agg' && plain.every((a) => arrayTypeOf(a.type).name === '_text');
  const bound = elements ? plain.map((a) => elementText(state, a)) : plain;
  const columnsOf = (test: (x: BoundExpr) => boolean) => bound.some((b) => someExpr(b, test));
  if (columnsOf((x) => x.kind === 'outer') && !columnsOf((x) => x.kind === 'column'))
    throw correlatedNotSupported(at(e));
  const resolved = resolveAggregate(state, f, e, toResolve(f, bound, sorted), at(e));
  const { args, order } = withOrder(f, resolved.args, sorted);
  const type = elements && plain.length === 1 ? arrayTypeOf(plain[0]!.type) : resolved.type;
  const key = exprKey([f.name, e.distinct, args, order]);
  let found = c.aggregates.byKey.get(key);
  if (found === undefined) {
    found = {
      id: state.context.nextColId(),
      type,
      name: f.name,
      args,
      distinct: e.distinct,
      ...(order && { order }),
    };
    checkOrders(c.aggregates.byKey.values(), found, at(e));
    c.aggregates.byKey.set(key, found);
  }
  return { kind: 'column', type: found.type, id: found.id };
}
