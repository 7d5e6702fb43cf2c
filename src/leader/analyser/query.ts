/**
 * A whole query: WITH, the body (SELECT or set operation), ORDER BY, LIMIT. Each reference to a CTE is analysed anew, so
 * every one has columns of its own; one that nobody reads is analysed once for its errors.
 */
import {
  duplicateCte,
  featureNotSupported,
  grammarError,
  invalidParameterValue,
  limitInSetOperation,
  nonIntegerConstant,
  orderByOfSet,
  outOfRange,
  positionNotInSelectList,
  unionColumns,
  unknownColumn,
  mustBeType,
  valuesLengths,
} from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef, Rel } from '../../expressions/relation.ts';
import { INT8, TYPE_INFO, type SqlType } from '../../types/sql-type.ts';
import type { Cte, Expr, OrderItem, Query, SetOperation, ValuesCore } from '../parser/ast.ts';
import { isUnknown, settle, tryCoerce, unify } from './coerce.ts';
import { at, newColumn, type AnalyserState, type CteEntry, type QueryEnv } from './context.ts';
import { bindExpr } from './expression.ts';
import { emptyFrom, scopeOf } from './from.ts';
import { analyseRecursion, isRecursive } from './recursion.ts';
import { analyseSelect } from './select.ts';
import { sortKey } from './windows.ts';
import { requireOrder } from './type-rules.ts';

export interface BoundQuery {
  readonly rel: Rel;
  readonly columns: readonly ColumnRef[];
}
const colExpr = (c: ColumnRef): BoundExpr => ({ kind: 'column', type: c.type, id: c.id });

function withCtes(query: Query, env: QueryEnv): QueryEnv {
  if (query.ctes.length === 0) return env;
  if (env.isTop !== true) {
    const cte = query.ctes.find(isRecursive);
    if (cte !== undefined) throw featureNotSupported('Recursive CTE in subquery are not supported.', at(cte));
  }
  return withCteList(query.ctes, env);
}

/** The environment with these CTEs added, each seeing those before it. */
export function withCteList(ctes: readonly Cte[], env: QueryEnv): QueryEnv {
  let inner = env;
  for (const [i, cte] of ctes.entries()) {
    if (ctes.slice(0, i).some((c) => c.name === cte.name)) throw duplicateCte(cte.name, at(cte));
    const entry: CteEntry = { cte, env: inner, used: false };
    inner = { ...inner, ctes: new Map([...inner.ctes, [cte.name, entry]]) };
  }
  return inner;
}

/** A WITH query by the names it gives its columns. */
export function analyseCte(entry: CteEntry, state: AnalyserState): BoundQuery {
  const { cte, env } = entry;
  if (isRecursive(cte)) return analyseRecursion(entry, state);
  return analyseQueryIn(cte.query, env);
}

function checkUnusedCtes(query: Query, env: QueryEnv): void {
  for (const cte of query.ctes) {
    const entry = env.ctes.get(cte.name);
    if (entry !== undefined && entry.cte === cte && !entry.used) analyseCte(entry, env.state);
  }
}

/** Gives output columns other types: untyped literals of a projection in place, the rest by a projection on top. */
export function coerceColumns(
  state: AnalyserState,
  q: BoundQuery,
  convert: (e: BoundExpr, index: number) => BoundExpr,
): BoundQuery {
  const literal = (i: number): boolean => q.columns[i]!.type.name === 'unknown';
  const settled = q.columns.some((_, i) => literal(i)) ? settleInside(state, q, convert) : q;
  const exprs = settled.columns.map((c, i) => (literal(i) ? colExpr(c) : convert(colExpr(c), i)));
  const unchanged = exprs.every((e, i) => e.kind === 'column' && e.id === settled.columns[i]!.id);
  if (unchanged) return settled;
  const columns = exprs.map((e, i) => newColumn(state, q.columns[i]!.name, e.type));
  return { columns, rel: { kind: 'project', input: settled.rel, columns, exprs } };
}

/** Replaces the untyped columns of the projection at the bottom of sort, limit and projections. */
function settleInside(
  state: AnalyserState,
  q: BoundQuery,
  convert: (e: BoundExpr, index: number) => BoundExpr,
): BoundQuery {
  const types = new Map<number, SqlType>();
  const retype = (c: ColumnRef): ColumnRef => (types.has(c.id) ? { ...c, type: types.get(c.id)! } : c);
  const rebuild = (rel: Rel, indexOf: ReadonlyMap<number, number>): Rel => {
    switch (rel.kind) {
      case 'project': {
        const exprs = rel.exprs.map((e, i) => {
          const index = indexOf.get(rel.columns[i]!.id);
          if (index === undefined || !isUnknown(e) || e.kind === 'column')
            return isUnknown(e) && index === undefined ? settle(state, e) : e;
          const out = convert(e, index);
          types.set(rel.columns[i]!.id, out.type);
          return out;
        });
        const through = new Map(
          rel.exprs.flatMap((e, i) => {
            const index = indexOf.get(rel.columns[i]!.id);
            return e.kind === 'column' && index !== undefined ? [[e.id, index] as const] : [];
          }),
        );
        const input = through.size > 0 && exprs.some((e) => isUnknown(e)) ? rebuild(rel.input, through) : rel.input;
        exprs.forEach((e, i) => {
          if (e.kind !== 'column' || !types.has(e.id)) return;
          exprs[i] = { ...e, type: types.get(e.id)! };
          types.set(rel.columns[i]!.id, types.get(e.id)!);
        });
        return { ...rel, input, exprs, columns: rel.columns.map(retype) };
      }
      case 'sort': {
        const input = rebuild(rel.input, indexOf);
        const keys = rel.keys.map((k) =>
          k.expr.kind === 'column' && types.has(k.expr.id)
            ? { ...k, expr: { ...k.expr, type: types.get(k.expr.id)! } }
            : k,
        );
        return { ...rel, input, keys };
      }
      case 'limit':
        return { ...rel, input: rebuild(rel.input, indexOf) };
      default:
        return rel;
    }
  };
  const rel = rebuild(q.rel, new Map(q.columns.map((c, i) => [c.id, i])));
  return { rel, columns: q.columns.map(retype) };
}

/** What a set operation is called in errors. */
const SET_NAMES = { union: 'UNION', intersect: 'INTERSECT', except: 'EXCEPT' } as const;

function analyseSetOperation(body: SetOperation, env: QueryEnv): BoundQuery {
  const { state } = env;
  const what = SET_NAMES[body.op];
  if (body.all && body.op !== 'union') throw featureNotSupported(`${what} ALL is not supported`, at(body));
  for (const side of [body.left, body.right]) {
    if (side.limit !== undefined || side.offset !== undefined) throw limitInSetOperation(at(side));
  }
  const left = analyseQueryIn(body.left, env, true);
  const right = analyseQueryIn(body.right, env, true);
  if (left.columns.length !== right.columns.length) throw unionColumns(what, at(body.right));
  const sides = [body.left, body.right].map(itemPlaces);
  const common = left.columns.map((c, i) => {
    const pair = [unwrapLiteral(left, c), unwrapLiteral(right, right.columns[i]!)];
    const places = sides.map((items) => (items.length === left.columns.length ? items[i]! : at(body)));
    return unify(state, pair, what, at(body), places).type;
  });
  if (!body.all) for (const type of common) requireOrder(type, at(body));
  const convert = (e: BoundExpr, i: number): BoundExpr => {
    const type = common[i]!;
    return tryCoerce(state, e, type, type.name === 'super' ? 'assignment' : 'implicit', at(body)) ?? e;
  };
  const l = coerceColumns(state, left, convert);
  const r = coerceColumns(state, right, convert);
  const columns = common.map((type, i) => newColumn(state, left.columns[i]!.name, type));
  return {
    columns,
    rel: { kind: 'setop', op: body.op, all: body.all, left: l.rel, right: r.rel, columns },
  };
}

/** Where the items of a SELECT stand; nothing of what is no SELECT. */
const itemPlaces = ({ body }: Query): readonly number[] =>
  body.kind === 'select' ? body.items.map((item) => at(item.expr)) : [];

/** The literal behind an untyped output column, so that its width counts. */
export function unwrapLiteral(q: BoundQuery, c: ColumnRef): BoundExpr {
  if (c.type.name !== 'unknown' || q.rel.kind !== 'project') return colExpr(c);
  const index = q.rel.columns.findIndex((x) => x.id === c.id);
  return index < 0 ? colExpr(c) : q.rel.exprs[index]!;
}

/** ORDER BY of a set operation sees output columns only. */
function sortOutput(q: BoundQuery, orderBy: readonly OrderItem[], env: QueryEnv): BoundQuery {
  if (orderBy.length === 0) return q;
  const scope = { ...scopeOf(emptyFrom(), env), columns: q.columns.map((column) => ({ name: column.name, column })) };
  const keys = orderBy.map((item) => {
    const e = item.expr;
    if (e.kind === 'number' && /^\d+$/.test(e.text)) {
      const column = q.columns[Number(e.text) - 1];
      if (column === undefined) throw positionNotInSelectList('ORDER BY', e.text, at(e));
      return sortKey(colExpr(column), item);
    }
    if (e.kind === 'number' || e.kind === 'literal') throw nonIntegerConstant('ORDER BY', at(e));
    if (e.kind !== 'name') throw orderByOfSet(at(e));
    if (e.parts.length > 1) throw unknownColumn(e.parts.join('.'), at(e));
    return sortKey(bindExpr(e, { env, scope, clause: 'ORDER BY' }), item);
  });
  return { columns: q.columns, rel: { kind: 'sort', input: q.rel, keys } };
}

/** The most rows that LIMIT and OFFSET count. */
const COUNT_MAX = 2_147_483_647n;

/** LIMIT and OFFSET: a constant or parameter of bigint; NULL means none. */
function bindLimit(e: Expr | undefined, what: string, env: QueryEnv): BoundExpr | undefined {
  if (e === undefined) return undefined;
  const bound = bindExpr(e, { env, scope: scopeOf(emptyFrom(), env), clause: what });
  const out = tryCoerce(env.state, bound, INT8, 'assignment', at(e));
  if (out === undefined) throw mustBeType(`argument of ${what}`, 'bigint', TYPE_INFO[bound.type.name].sqlName, at(e));
  if (out.kind === 'param') return out;
  if (out.kind === 'cast' && out.arg.kind === 'param') return out;
  if (out.kind !== 'const') throw featureNotSupported(`${what} must be a constant or a parameter`, at(e));
  if (out.value === null) return undefined;
  if ((out.value as bigint) < 0n) throw invalidParameterValue(`${what} must not be negative`, at(e));
  if ((out.value as bigint) > COUNT_MAX) throw outOfRange('integer', at(e));
  return out;
}

function applyLimit(q: BoundQuery, query: Query, env: QueryEnv): BoundQuery {
  const limit = bindLimit(query.limit, 'LIMIT', env);
  const offset = bindLimit(query.offset, 'OFFSET', env);
  if (limit === undefined && offset === undefined) return q;
  return { columns: q.columns, rel: { kind: 'limit', input: q.rel, limit, offset } };
}

/** VALUES as a derived table, as the leader runs it: rows of expressions without columns, types united by column. */
function analyseValues(body: ValuesCore, env: QueryEnv): BoundQuery {
  const { state } = env;
  state.usage.leaderFunctions.add('VALUES');
  const scope = scopeOf(emptyFrom(), env);
  const width = body.rows[0]?.length ?? 0;
  const rows = body.rows.map((row) => {
    if (row.length !== width) throw valuesLengths(at(row[0]!));
    return row.map((e) => {
      if (e.kind === 'default') throw grammarError('DEFAULT is not allowed in this context', at(e));
      return bindExpr(e, { env, scope, clause: 'VALUES' });
    });
  });
  const columns: ColumnRef[] = [];
  const exprs: BoundExpr[][] = rows.map(() => []);
  for (let i = 0; i < width; i++) {
    const settled = rows.map((r) => (isUnknown(r[i]!) ? settle(state, r[i]!) : r[i]!));
    const u = unify(state, settled, 'VALUES', at(body));
    columns.push(newColumn(state, `column${i + 1}`, u.type));
    u.args.forEach((e, r) => exprs[r]!.push(e));
  }
  return { columns, rel: { kind: 'values', columns, rows: exprs } };
}

/** Drops hidden sort columns. */
function visibleOnly(q: BoundQuery): BoundQuery {
  return {
    columns: q.columns,
    rel: { kind: 'project', input: q.rel, columns: q.columns, exprs: q.columns.map(colExpr) },
  };
}

/**
 * A query inside a statement. `keepUnknown` leaves untyped literals of the select list untyped for a caller that gives
 * them types (set operation, INSERT).
 */
export function analyseQueryIn(query: Query, env: QueryEnv, keepUnknown = false): BoundQuery {
  const inner = { ...withCtes(query, env), isTop: false };
  let result: BoundQuery;
  switch (query.body.kind) {
    case 'select': {
      const selected = analyseSelect(query.body, query.orderBy, inner, keepUnknown);
      const limited = applyLimit(selected, query, inner);
      result = selected.hasHidden ? visibleOnly(limited) : limited;
      break;
    }
    case 'setop': {
      const united = settleColumns(env.state, analyseSetOperation(query.body, inner));
      result = applyLimit(sortOutput(united, query.orderBy, inner), query, inner);
      break;
    }
    case 'values':
      result = analyseValues(query.body, inner);
      break;
  }
  checkUnusedCtes(query, inner);
  return result;
}

const settleColumns = (state: AnalyserState, q: BoundQuery): BoundQuery =>
  q.columns.some((c) => c.type.name === 'unknown') ? coerceColumns(state, q, (e) => settle(state, e)) : q;
