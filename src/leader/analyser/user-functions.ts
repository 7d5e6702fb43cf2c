/**
 * Calls of functions that users wrote in SQL: found by name and argument types behind the built-in ones, and written out as
 * the expression that they are. Arguments are bound once, by the caller; one that is more than a few nodes and is used more
 * than once becomes a local of a `let`, so that functions of functions do not grow with the power of their nesting.
 */
import { permissionDenied } from '../../common/errors/catalogue.ts';
import {
  functionCallsItself,
  functionsNestedTooDeep,
  missingArgument,
  wrongFunctionResult,
} from '../../common/errors/routine-errors.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { FUNCTION_NESTING_MAX, VARCHAR_BYTES_MAX } from '../../common/limits.ts';
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { children, exprKey, isVolatile, someExpr, withoutLocals } from '../../expressions/walk.ts';
import type { Signature } from '../../functions/define.ts';
import { isString, TYPE_INFO, varchar, type SqlType } from '../../types/sql-type.ts';
import type { RoutineObject } from '../catalog/objects.ts';
import { inputsOf, routinesNamed } from '../catalog/routines.ts';
import type { Expr } from '../parser/ast.ts';
import { resolveCall } from './calls.ts';
import { castTo, tryCoerce } from './coerce.ts';
import { at, newEnv, recorderOf, type AnalyserState } from './context.ts';
import type { ExprContext } from './expression.ts';
import { allows } from '../catalog/privileges.ts';
import { checkSchemaUsage } from './privileges.ts';
import type { Scope } from './scope.ts';

type Call = Extract<Expr, { kind: 'call' }>;
type Bind = (e: Expr, c: ExprContext) => BoundExpr;

/** Functions of users of that name; those that go before a built-in one when `first`: their schema stands before pg_catalog. */
export function userFunctionsNamed(state: AnalyserState, e: Call, first = false): readonly RoutineObject[] {
  const { catalog } = state.context;
  if (e.name.schema !== undefined && catalog.schema(e.name.schema) === undefined) return [];
  const builtIn = state.searchPath.indexOf('pg_catalog');
  if (first && builtIn <= 0) return [];
  const path = first ? state.searchPath.slice(0, builtIn) : state.searchPath;
  return routinesNamed(catalog, path, 'function', e.name);
}

/** A type without digits of its own takes those of what is given; a text may always have any length. */
const isOpen = (type: SqlType): boolean =>
  isString(type) || type.name === 'varbyte' || (type.name === 'numeric' && type.precision === undefined);

const signatureOf = (routine: RoutineObject): Signature => ({
  args: inputsOf(routine).map((a) => a.type.name),
  returns: routine.returns!,
});

function choose(
  state: AnalyserState,
  e: Call,
  candidates: readonly RoutineObject[],
  args: readonly BoundExpr[],
): { readonly routine: RoutineObject; readonly args: readonly BoundExpr[] } {
  const shown = e.name.schema === undefined ? e.name.name : `${e.name.schema}.${e.name.name}`;
  const resolved = resolveCall(state, shown, candidates.map(signatureOf), args, at(e));
  const routine = candidates[resolved.signature]!;
  const cast = inputsOf(routine).map(({ type }, i) => {
    const given = resolved.args[i]!;
    const value = isOpen(type) ? given : tryCoerce(state, given, type, 'implicit', at(e))!;
    // What the body sees is a value, not the literal that was written.
    return value.kind === 'const' && value.type.name === 'numeric' ? { ...value, cast: true as const } : value;
  });
  return { routine, args: cast };
}

function checkRights({ context, user }: AnalyserState, e: Call, routine: RoutineObject): void {
  const schema = context.catalog.schemaByOid(routine.schemaOid);
  if (schema !== undefined) checkSchemaUsage(context.catalog, user, schema, at(e));
  if (!allows(context.catalog, user, routine, 'X')) throw permissionDenied('function', routine.name, at(e));
}

/** Scopes of bodies, by the call: bound again (as an alias is), volatile calls of the body stay the same calls. */
const SCOPES = new WeakMap<Scope, Map<Call, Scope>>();
function bodyScope(c: ExprContext, e: Call, make: () => Scope): Scope {
  const scopes = SCOPES.get(c.scope) ?? new Map<Call, Scope>();
  SCOPES.set(c.scope, scopes);
  const scope = scopes.get(e) ?? make();
  scopes.set(e, scope);
  return scope;
}

/** Nodes that an argument may have and still stand wherever the body names it. */
const PLAIN_NODES_MAX = 3;
function isPlain(e: BoundExpr): boolean {
  let nodes = 0;
  const count = (x: BoundExpr): boolean =>
    ++nodes <= PLAIN_NODES_MAX && x.kind !== 'subquery' && children(x).every(count);
  return count(e) && !isVolatile(e);
}

const USES = new WeakMap<Expr, ReadonlyMap<number, number>>();
/** How often a body names each of its arguments, from 1. */
function usesOf(body: Expr): ReadonlyMap<number, number> {
  let uses = USES.get(body);
  if (uses !== undefined) return uses;
  const found = new Map<number, number>();
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach(visit);
    const node = value as Partial<Extract<Expr, { kind: 'param' }>>;
    if (node.kind === 'param') found.set(node.index!, (found.get(node.index!) ?? 0) + 1);
    else Object.values(node).forEach(visit);
  };
  visit(body);
  uses = found;
  USES.set(body, uses);
  return uses;
}

/** $n of a function's body. */
export function bodyArgument(e: Extract<Expr, { kind: 'param' }>, args: readonly BoundExpr[]): BoundExpr {
  const arg = args[e.index - 1];
  if (arg === undefined) throw missingArgument(String(e.index), at(e));
  return arg;
}

/** What the body gives, as the function's type. */
function asResult(state: AnalyserState, value: BoundExpr, returns: SqlType, position: number): BoundExpr {
  if (returns.name === 'numeric' && returns.precision === undefined) {
    if (value.type.name === 'numeric') return value;
    return castTo(state, value, { name: 'numeric', precision: 38, scale: 8 }, position);
  }
  if (isString(returns) && isString(value.type) && returns.length === undefined) return value;
  const full = returns.name === 'varchar' && returns.length === undefined ? varchar(VARCHAR_BYTES_MAX) : returns;
  const out = tryCoerce(state, value, full, 'assignment', position);
  if (out !== undefined) return out;
  throw wrongFunctionResult(TYPE_INFO[returns.name].sqlName, TYPE_INFO[value.type.name].sqlName);
}

/** A body sees no columns. */
const nowhere = ({ context }: AnalyserState): Scope => ({
  tables: [],
  columns: [],
  parent: undefined,
  database: context.catalog.database.name,
});

/** A body over its arguments, for a function that is being made. `replaces`: the one that it takes the place of. */
export function bindBody(
  state: AnalyserState,
  body: Expr,
  args: readonly BoundExpr[],
  returns: SqlType,
  replaces: number | undefined,
  bind: Bind,
): BoundExpr {
  const env = newEnv(state);
  const scope = nowhere(state);
  const routine = { args, around: replaces === undefined ? [] : [replaces] };
  return asResult(state, bind(body, { env, scope, clause: 'SQL function', routine }), returns, 0);
}

function writtenOut(
  c: ExprContext,
  e: Call,
  routine: RoutineObject,
  given: readonly BoundExpr[],
  bind: Bind,
): BoundExpr {
  const { state } = c.env;
  const around = c.routine?.around ?? [];
  if (around.includes(routine.oid)) throw functionCallsItself(routine.name, at(e));
  if (around.length >= FUNCTION_NESTING_MAX) throw functionsNestedTooDeep(String(FUNCTION_NESTING_MAX), at(e));
  const body = routine.expression!;
  const uses = usesOf(body);
  const kept = given.filter((arg, i) => (uses.get(i + 1) ?? 0) > 1 && !isPlain(arg));
  const ids = localsOf(state, routine, kept);
  const args = given.map((arg): BoundExpr => {
    const local = kept.indexOf(arg);
    return local < 0 ? arg : { kind: 'local', type: arg.type, id: ids[local]! };
  });
  const inside: AnalyserState = { ...state, viewStack: [...state.viewStack, routine.oid] };
  const env = newEnv(inside);
  const scope = bodyScope(c, e, () => nowhere(inside));
  const bound = bind(body, {
    env,
    scope,
    clause: 'SQL function',
    routine: { args, around: [...around, routine.oid] },
  });
  const result = asResult(inside, bound, routine.returns!, at(e));
  const used = kept.flatMap((arg, i) => (usesLocal(result, ids[i]!) ? [{ id: ids[i]!, arg }] : []));
  if (used.length === 0) return result;
  const locals = { ids: used.map((u) => u.id), args: used.map((u) => u.arg) };
  // A volatile call of the body is evaluated for the row, where there are no locals.
  const ofLocals = (x: BoundExpr): boolean =>
    x.kind === 'call' && x.site !== undefined && x.args.some((a) => someExpr(a, (y) => y.kind === 'local'));
  if (someExpr(result, ofLocals)) return withoutLocals(result, new Map(used.map((u) => [u.id, u.arg])));
  return { kind: 'let', type: result.type, name: routine.name, ...locals, body: result };
}
const usesLocal = (e: BoundExpr, id: ColId): boolean => someExpr(e, (x) => x.kind === 'local' && x.id === id);

/** Equal calls have equal locals, so that they are equal expressions. */
function localsOf(state: AnalyserState, { oid }: RoutineObject, args: readonly BoundExpr[]): readonly ColId[] {
  if (args.length === 0) return [];
  const { lets } = state.usage;
  const key = exprKey([oid, args]);
  const known = lets.get(key) ?? args.map(() => state.context.nextColId());
  lets.set(key, known);
  return known;
}

/** A call of one of the functions, its arguments bound already. */
export function bindUserFunction(
  e: Call,
  c: ExprContext,
  candidates: readonly RoutineObject[],
  args: readonly BoundExpr[],
  bind: Bind,
): BoundExpr {
  const { state } = c.env;
  const { routine, args: given } = choose(state, e, candidates, args);
  checkRights(state, e, routine);
  const schema = state.context.catalog.schemaByOid(routine.schemaOid)?.name ?? '';
  recorderOf(state)?.routines.set(e, { oid: routine.oid, schema, name: routine.name });
  try {
    return writtenOut(c, e, routine, given, bind);
  } catch (error) {
    // The body's own positions are nothing of the statement's.
    if (error instanceof SqlError) error.position = at(e);
    throw error;
  }
}
