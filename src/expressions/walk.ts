/**
 * Walking and rebuilding bound expressions. `children` lists direct sub-expressions, `mapChildren` rebuilds a node with
 * changed ones (and returns the same node when nothing changed). A subquery's relation is not entered: only its `left`
 * expressions count as children.
 */
import type { ColId } from '../common/ids.ts';
import { PINNED_SITE, type BoundExpr } from './bound.ts';
import { PackedList } from '../types/packed-list.ts';
import { BOOL, type SqlType } from '../types/sql-type.ts';

export function children(e: BoundExpr): readonly BoundExpr[] {
  switch (e.kind) {
    case 'const':
    case 'param':
    case 'column':
    case 'outer':
    case 'item':
    case 'local':
      return [];
    case 'let':
      return [...e.args, e.body];
    case 'and':
    case 'or':
    case 'coalesce':
    case 'call':
      return e.args;
    case 'not':
    case 'isnull':
    case 'istest':
    case 'neg':
    case 'cast':
    case 'trycast':
      return [e.arg];
    case 'compare':
    case 'arith':
      return [e.left, e.right];
    case 'case':
      return [...e.whens.flatMap((w) => [w.when, w.then]), e.otherwise];
    case 'inlist':
      return e.items instanceof PackedList ? [e.arg] : [e.arg, ...e.items];
    case 'arms':
      return [e.when, ...(e.then ? [e.then] : []), ...(e.otherwise ? [e.otherwise] : [])];
    case 'subquery':
      return e.left;
  }
}

function mapList(list: readonly BoundExpr[], f: (e: BoundExpr) => BoundExpr): readonly BoundExpr[] {
  let changed = false;
  const out = list.map((x) => {
    const y = f(x);
    if (y !== x) changed = true;
    return y;
  });
  return changed ? out : list;
}

export function mapChildren(e: BoundExpr, f: (e: BoundExpr) => BoundExpr): BoundExpr {
  switch (e.kind) {
    case 'const':
    case 'param':
    case 'column':
    case 'outer':
    case 'item':
    case 'local':
      return e;
    case 'let': {
      const args = mapList(e.args, f);
      const body = f(e.body);
      return args === e.args && body === e.body ? e : { ...e, args, body };
    }
    case 'and':
    case 'or':
    case 'coalesce':
    case 'call': {
      const args = mapList(e.args, f);
      return args === e.args ? e : { ...e, args };
    }
    case 'not':
    case 'isnull':
    case 'istest':
    case 'neg':
    case 'cast':
    case 'trycast': {
      const arg = f(e.arg);
      return arg === e.arg ? e : { ...e, arg };
    }
    case 'compare':
    case 'arith': {
      const left = f(e.left);
      const right = f(e.right);
      return left === e.left && right === e.right ? e : { ...e, left, right };
    }
    case 'case': {
      const whens = e.whens.map((w) => ({ when: f(w.when), then: f(w.then) }));
      return { ...e, whens, otherwise: f(e.otherwise) };
    }
    case 'inlist': {
      const arg = f(e.arg);
      const items = e.items instanceof PackedList ? e.items : mapList(e.items, f);
      return arg === e.arg && items === e.items ? e : { ...e, arg, items };
    }
    case 'arms':
      return {
        ...e,
        when: f(e.when),
        ...(e.then ? { then: f(e.then) } : {}),
        ...(e.otherwise ? { otherwise: f(e.otherwise) } : {}),
      };
    case 'subquery': {
      const left = mapList(e.left, f);
      return left === e.left ? e : { ...e, left };
    }
  }
}

/** Bottom-up rebuild. */
export function transform(e: BoundExpr, f: (e: BoundExpr) => BoundExpr): BoundExpr {
  return f(mapChildren(e, (c) => transform(c, f)));
}

/** True when `test` holds for the node or any sub-expression (subquery relations not entered). */
export function someExpr(e: BoundExpr, test: (e: BoundExpr) => boolean): boolean {
  return test(e) || children(e).some((c) => someExpr(c, test));
}

/** Whether the expression calls a volatile function: it is evaluated once per row, exactly where it stands. */
/** Whether it may have another value in another row. */
export const isOfRows = (e: BoundExpr): boolean =>
  someExpr(e, (x) => x.kind === 'column' || x.kind === 'outer' || x.kind === 'subquery');

export const isVolatile = (e: BoundExpr): boolean => someExpr(e, (x) => x.kind === 'call' && x.site !== undefined);

/** Adds the ids of every `column` in the expression. */
export function collectColumns(e: BoundExpr, into: Set<ColId> = new Set()): Set<ColId> {
  if (e.kind === 'column') into.add(e.id);
  for (const c of children(e)) collectColumns(c, into);
  return into;
}

/** Replaces columns by expressions. */
export function substitute(e: BoundExpr, map: ReadonlyMap<ColId, BoundExpr>): BoundExpr {
  if (e.kind === 'column') return map.get(e.id) ?? e;
  return mapChildren(e, (c) => substitute(c, map));
}

/** Replaces locals by expressions. */
export function withoutLocals(e: BoundExpr, map: ReadonlyMap<ColId, BoundExpr>): BoundExpr {
  if (e.kind === 'local') return map.get(e.id) ?? e;
  return mapChildren(e, (c) => withoutLocals(c, map));
}

/** Structural identity as a string: two expressions with one key are the same value for the same row. */
export const exprKey = (value: unknown): string => JSON.stringify(value, (_, v: unknown) => keyValue(v));

/** exprKey without the sites of volatile calls: the same text, which need not be the same value. */
export const likenessKey = (value: unknown): string =>
  JSON.stringify(value, (name, v: unknown) => (name === 'site' ? undefined : keyValue(v)));

function keyValue(v: unknown): unknown {
  if (typeof v === 'bigint') return `${v}n`;
  // JSON has one word for NaN and both infinities, and none for -0.
  return typeof v === 'number' && (!Number.isFinite(v) || Object.is(v, -0))
    ? { float: Object.is(v, -0) ? '-0' : String(v) }
    : v;
}

const typeKeys = new WeakMap<SqlType, string>();
/** exprKey of a type. */
export function typeKey(type: SqlType): string {
  let key = typeKeys.get(type);
  if (key === undefined) {
    key = exprKey(type);
    typeKeys.set(type, key);
  }
  return key;
}

/** The conjuncts of a condition. */
export function conjuncts(e: BoundExpr | undefined): readonly BoundExpr[] {
  if (e === undefined) return [];
  return e.kind === 'and' ? e.args.flatMap((a) => conjuncts(a)) : [e];
}

export const TRUE: BoundExpr = { kind: 'const', type: BOOL, value: 1 };
export const FALSE: BoundExpr = { kind: 'const', type: BOOL, value: 0 };
export const isTrue = (e: BoundExpr): boolean => e.kind === 'const' && e.type.name === 'bool' && e.value === 1;
export const isFalse = (e: BoundExpr): boolean => e.kind === 'const' && e.type.name === 'bool' && e.value === 0;
export const isNullConst = (e: BoundExpr): boolean => e.kind === 'const' && e.value === null;

/** Conjunction of any number of conditions; TRUE for none. */
export function conjunction(list: readonly BoundExpr[]): BoundExpr {
  const args = list.filter((e) => !isTrue(e));
  if (args.length === 0) return TRUE;
  return args.length === 1 ? args[0]! : { kind: 'and', type: BOOL, args };
}
export const not = (arg: BoundExpr): BoundExpr => ({ kind: 'not', type: BOOL, arg });
export const isNull = (arg: BoundExpr, negated = false): BoundExpr => ({ kind: 'isnull', type: BOOL, arg, negated });
export function compare(
  op: Extract<BoundExpr, { kind: 'compare' }>['op'],
  left: BoundExpr,
  right: BoundExpr,
): BoundExpr {
  return { kind: 'compare', type: BOOL, op, left, right };
}

/** Whether any expression in a plan or segment calls a volatile function. */
export function callsVolatile(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return false;
  if (Array.isArray(value)) return value.some(callsVolatile);
  const node = value as Record<string, unknown>;
  if (node['kind'] === 'call' && typeof node['site'] === 'number' && node['site'] !== PINNED_SITE) return true;
  for (const name in node) if (callsVolatile(node[name])) return true;
  return false;
}
