/**
 * The general way to unnest a correlated subquery: it is evaluated once for every distinct combination of outer values it
 * uses (the domain, drawn from a copy of the outer relation), and its result then carries those values as keys to join by.
 * Dearer than what pull-up.ts does, and refuses only what no join can do (LIMIT, table functions). unnest.ts and
 * value-joins.ts fall back to it.
 *
 * Invariant: `apply` gives the columns of its relation and the keys, and places the domain under new names at each use.
 */
import { correlatedNotSupported } from '../../common/errors/catalogue.ts';
import type { ColId } from '../../common/ids.ts';
import { DOMAIN_NODES_MAX, VARCHAR_BYTES_MAX } from '../../common/limits.ts';
import { PINNED_SITE, type BoundExpr } from '../../expressions/bound.ts';
import { ORDINALITY, columnsOf, type ColumnRef, type Rel } from '../../expressions/relation.ts';
import { mapInputs, mapOwnExprs, relExprs, relInputs } from '../../expressions/rel-walk.ts';
import {
  collectColumns,
  compare,
  conjunction,
  conjuncts,
  isNull,
  mapChildren,
  someExpr,
} from '../../expressions/walk.ts';
import { BOOL, INT4, INT8, varbyte, type SqlType } from '../../types/sql-type.ts';
import { superBytes, superOfBytes } from '../../functions/super-calls.ts';
import { colExpr, exactly, type FreshColumns } from './fresh.ts';
import { hasOuter, overNoRows, relHasOuter } from './pull-up.ts';

/**
 * A relation that carries the domain's values: outer column id to the column that holds it. SUPER values and strings are
 * carried as their bytes: equal ones (1 and 1.0, 'a' and 'a ') print, unnest and count differently.
 */
export interface Applied {
  readonly rel: Rel;
  readonly keys: ReadonlyMap<ColId, ColumnRef>;
}
/** An outer value as the domain carries it, and back. */
function carried(e: BoundExpr): BoundExpr {
  if (e.type.name === 'super') return superBytes(e);
  if (e.type.name === 'varchar') return cast(e, varbyte(e.type.length ?? VARCHAR_BYTES_MAX));
  return e;
}
export function valueOfKey(key: ColumnRef, type: SqlType): BoundExpr {
  if (key.type.name !== 'varbyte' || type.name === 'varbyte') return colExpr(key);
  return type.name === 'super' ? superOfBytes(colExpr(key)) : cast(colExpr(key), type);
}
const cast = (arg: BoundExpr, type: SqlType): BoundExpr => ({ kind: 'cast', type, arg, mode: 'explicit' });
/** Most items of an array in the catalogs: a column per item at worst. */
const ITEMS_MAX = 1600;

/** The same relation with new column ids throughout. */
export function renumberRel(
  rel: Rel,
  fresh: FreshColumns,
): { readonly rel: Rel; readonly id: (old: ColId) => ColId } {
  const map = new Map<ColId, ColId>();
  const collect = (r: Rel): void => {
    for (const c of columnsOf(r)) if (!map.has(c.id)) map.set(c.id, fresh.id());
    relInputs(r).forEach(collect);
  };
  collect(rel);
  const id = (old: ColId): ColId => map.get(old) ?? old;
  const expr = (e: BoundExpr): BoundExpr => (e.kind === 'column' ? { ...e, id: id(e.id) } : mapChildren(e, expr));
  const column = (c: ColumnRef): ColumnRef => ({ ...c, id: id(c.id) });
  const walk = (r: Rel): Rel => {
    const out = mapOwnExprs(mapInputs(r, walk), expr);
    if (out.kind === 'aggregate') {
      return {
        ...out,
        groups: out.groups.map((g) => ({ ...g, column: column(g.column) })),
        aggregates: out.aggregates.map((a) => ({ ...a, id: id(a.id) })),
      };
    }
    if (out.kind === 'unnest') return { ...out, ordinal: column(out.ordinal) };
    if (out.kind === 'window') return { ...out, calls: out.calls.map((c) => ({ ...c, id: id(c.id) })) };
    if (out.kind === 'expand') {
      const keys = out.keys.map((k) => ({ ...k, column: column(k.column) }));
      return { ...out, number: column(out.number), keys };
    }
    return 'columns' in out ? { ...out, columns: out.columns.map(column) } : out;
  };
  return { rel: walk(rel), id };
}

/** Outer columns (of the query right outside) that a relation uses. */
function outerColumns(rel: Rel, into: Map<ColId, BoundExpr>): Map<ColId, BoundExpr> {
  const visit = (e: BoundExpr): boolean => {
    if (e.kind === 'outer' && e.depth === 1) into.set(e.id, { kind: 'column', type: e.type, id: e.id });
    return false;
  };
  for (const e of relExprs(rel)) someExpr(e, visit);
  for (const r of relInputs(rel)) outerColumns(r, into);
  return into;
}

const bind = (e: BoundExpr, keys: Applied['keys']): BoundExpr => {
  if (e.kind !== 'outer') return mapChildren(e, (c) => bind(c, keys));
  const key = keys.get(e.id);
  return e.depth === 1 && key !== undefined ? valueOfKey(key, e.type) : { ...e, depth: e.depth - 1 };
};
const cross = (left: Rel, right: Rel): Rel => ({ kind: 'join', type: 'cross', left, right, on: undefined });
/** Equal, NULL with NULL too: the optimizer knows the form as a key. */
const same = (a: BoundExpr, b: BoundExpr): BoundExpr => ({
  kind: 'or',
  type: BOOL,
  args: [compare('=', a, b), conjunction([isNull(a), isNull(b)])],
});
const sameKeys = (a: Applied['keys'], b: Applied['keys']): readonly BoundExpr[] =>
  [...a].map(([id, c]) => same(colExpr(c), colExpr(b.get(id)!)));

/** The domain under new names. */
function again(given: Applied, fresh: FreshColumns): Applied {
  const copy = renumberRel(given.rel, fresh);
  return {
    rel: copy.rel,
    keys: new Map([...given.keys].map(([id, c]) => [id, { ...c, id: copy.id(c.id) }] as const)),
  };
}
/** Any relation beside every value of the domain. */
function beside(rel: Rel, given: Applied, fresh: FreshColumns): Applied {
  const domain = again(given, fresh);
  return { keys: domain.keys, rel: cross(domain.rel, rel) };
}

/** Sides that reach out carry the domain's values each and meet by them. */
function applyJoin(rel: Extract<Rel, { kind: 'join' }>, given: Applied, fresh: FreshColumns): Applied {
  if (rel.type === 'right')
    return applyJoin({ ...rel, type: 'left', left: rel.right, right: rel.left }, given, fresh);
  if (rel.type === 'anti-null-aware') {
    const maybe = conjuncts(rel.on).map((arg): BoundExpr => ({
      kind: 'istest',
      type: BOOL,
      arg,
      test: 'false',
      negated: true,
    }));
    return applyJoin({ ...rel, type: 'anti', on: conjunction(maybe) }, given, fresh);
  }
  const left = apply(rel.left, given, fresh);
  const both = rel.type === 'full' || relHasOuter(rel.right);
  const right = both ? apply(rel.right, given, fresh) : { rel: rel.right, keys: left.keys };
  const conditions = conjuncts(rel.on).map((c) => bind(c, left.keys));
  const on = conjunction([...conditions, ...(both ? sameKeys(left.keys, right.keys) : [])]);
  const type = rel.type === 'cross' ? 'inner' : rel.type;
  const joined: Rel = { kind: 'join', type, left: left.rel, right: right.rel, on };
  if (rel.type === 'semi' || rel.type === 'anti') return { keys: left.keys, rel: joined };
  if (rel.type !== 'full') {
    const own = both ? columnsOf(rel.right) : columnsOf(right.rel);
    return { keys: left.keys, rel: exactly(joined, columnsOf(joined), [...columnsOf(left.rel), ...own]) };
  }
  const keys = new Map([...left.keys].map(([id, c]) => [id, fresh.column('key', c.type)] as const));
  const merged = [...keys].map(([id, c]): BoundExpr => ({
    kind: 'coalesce',
    type: c.type,
    args: [colExpr(left.keys.get(id)!), colExpr(right.keys.get(id)!)],
  }));
  const own = [...columnsOf(rel.left), ...columnsOf(rel.right)];
  const columns = [...own, ...keys.values()];
  return { keys, rel: { kind: 'project', input: joined, columns, exprs: [...own.map(colExpr), ...merged] } };
}

/** Both sides carry the domain's values as further columns. */
function applySetOperation(rel: Extract<Rel, { kind: 'setop' }>, given: Applied, fresh: FreshColumns): Applied {
  const side = (input: Rel): Rel => {
    const p = apply(input, given, fresh);
    return exactly(p.rel, columnsOf(p.rel), [...columnsOf(input), ...p.keys.values()]);
  };
  const keys = new Map([...given.keys].map(([id, c]) => [id, fresh.column('key', c.type)] as const));
  return {
    keys,
    rel: { ...rel, left: side(rel.left), right: side(rel.right), columns: [...rel.columns, ...keys.values()] },
  };
}

/** Groups of each domain value; an ungrouped aggregation gives its row for values without input, too. */
function applyAggregate(rel: Extract<Rel, { kind: 'aggregate' }>, given: Applied, fresh: FreshColumns): Applied {
  const input = apply(rel.input, given, fresh);
  const grouped = new Map([...input.keys].map(([id, c]) => [id, fresh.column('key', c.type)] as const));
  const keyGroups = [...grouped].map(([id, column]) => ({ column, expr: colExpr(input.keys.get(id)!) }));
  const groups = [...rel.groups.map((g) => ({ ...g, expr: bind(g.expr, input.keys) })), ...keyGroups];
  const aggregates = rel.aggregates.map((a) => ({ ...a, args: a.args.map((x) => bind(x, input.keys)) }));
  if (rel.groups.length > 0)
    return { keys: grouped, rel: { kind: 'aggregate', input: input.rel, groups, aggregates } };
  const inner = aggregates.map((a) => ({ ...a, id: fresh.id() }));
  const domain = again(given, fresh);
  const right: Rel = { kind: 'aggregate', input: input.rel, groups, aggregates: inner };
  const on = conjunction(sameKeys(domain.keys, grouped));
  const joined: Rel = { kind: 'join', type: 'left', left: domain.rel, right, on };
  const values = rel.aggregates.map((a, i) => overNoRows(a, { kind: 'column', type: a.type, id: inner[i]!.id }));
  const outputs = rel.aggregates.map((a): ColumnRef => ({ id: a.id, name: a.columnName, type: a.type }));
  const kept = [...domain.keys.values()];
  return {
    keys: domain.keys,
    rel: { kind: 'project', input: joined, columns: [...kept, ...outputs], exprs: [...kept.map(colExpr), ...values] },
  };
}

/** unnest(array of the outer row): item i for every i up to the array's length. */
function applyUnnest(rel: Extract<Rel, { kind: 'virtual' }>, domain: Applied, fresh: FreshColumns): Applied {
  if (rel.name !== 'unnest') throw correlatedNotSupported();
  const given = again(domain, fresh);
  const array = bind(rel.args[0]!, given.keys);
  const int4 = (value: number): BoundExpr => ({ kind: 'const', type: INT4, value });
  const n = fresh.column('n', INT4);
  const series: Rel = {
    kind: 'virtual',
    name: 'generate_series',
    alias: 'n',
    columns: [n],
    args: [int4(0), int4(ITEMS_MAX)],
  };
  const bound = (name: string): BoundExpr => ({
    kind: 'call',
    type: INT4,
    name,
    signature: 0,
    args: [array, int4(1)],
  });
  const index: BoundExpr = { kind: 'arith', type: INT4, op: '+', left: bound('array_lower'), right: colExpr(n) };
  const input: Rel = {
    kind: 'filter',
    input: cross(given.rel, series),
    condition: compare('<=', index, bound('array_upper')),
  };
  const item: BoundExpr = {
    kind: 'call',
    type: rel.columns[0]!.type,
    name: 'array_subscript',
    signature: 0,
    args: [array, index],
  };
  const one: BoundExpr = { kind: 'const', type: INT8, value: 1n };
  const wide: BoundExpr = { kind: 'cast', type: INT8, arg: colExpr(n), mode: 'implicit' };
  const ordinal: BoundExpr = { kind: 'arith', type: INT8, op: '+', left: wide, right: one };
  const own = rel.columns.map((c) => (c.name === ORDINALITY ? ordinal : item));
  const kept = columnsOf(given.rel);
  return {
    keys: given.keys,
    rel: { kind: 'project', input, columns: [...kept, ...rel.columns], exprs: [...kept.map(colExpr), ...own] },
  };
}

function apply(rel: Rel, given: Applied, fresh: FreshColumns): Applied {
  if (!relHasOuter(rel)) return beside(rel, given, fresh);
  switch (rel.kind) {
    case 'filter': {
      const p = apply(rel.input, given, fresh);
      return { keys: p.keys, rel: { ...rel, input: p.rel, condition: bind(rel.condition, p.keys) } };
    }
    case 'project': {
      const p = apply(rel.input, given, fresh);
      const kept = [...p.keys.values()];
      const exprs = [...rel.exprs.map((e) => bind(e, p.keys)), ...kept.map(colExpr)];
      return { keys: p.keys, rel: { ...rel, input: p.rel, columns: [...rel.columns, ...kept], exprs } };
    }
    case 'unnest': {
      const p = apply(rel.input, given, fresh);
      const on = rel.on === undefined ? {} : { on: bind(rel.on, p.keys) };
      return { keys: p.keys, rel: { ...rel, input: p.rel, count: bind(rel.count, p.keys), ...on } };
    }
    case 'subquery':
    case 'distinct': {
      const p = apply(rel.input, given, fresh);
      return { keys: p.keys, rel: { ...rel, input: p.rel } };
    }
    case 'sort':
      return apply(rel.input, given, fresh);
    case 'join':
      return applyJoin(rel, given, fresh);
    case 'aggregate':
      return applyAggregate(rel, given, fresh);
    case 'setop':
      return applySetOperation(rel, given, fresh);
    case 'virtual':
      return applyUnnest(rel, given, fresh);
    default:
      throw correlatedNotSupported();
  }
}

/** The relation without conditions that reach further out: at least its rows, which is enough of a domain. */
function withoutOuter(rel: Rel): Rel {
  if (rel.kind === 'filter') {
    const kept = conjuncts(rel.condition).filter((c) => !hasOuter(c));
    const input = withoutOuter(rel.input);
    return kept.length === 0 ? input : { ...rel, input, condition: conjunction(kept) };
  }
  if (rel.kind !== 'join' || (rel.type !== 'inner' && rel.type !== 'cross')) return rel;
  const kept = conjuncts(rel.on).filter((c) => !hasOuter(c));
  const sides = { left: withoutOuter(rel.left), right: withoutOuter(rel.right) };
  return kept.length === 0
    ? { ...rel, ...sides, type: 'cross', on: undefined }
    : { ...rel, ...sides, on: conjunction(kept) };
}

export interface AppliedTo extends Applied {
  /** The condition that finds a row's own part. */
  on(keys: Applied['keys']): BoundExpr;
}

/** The distinct values of expressions over a relation's columns, under new names. */
export function domainOf(outer: Rel, values: ReadonlyMap<ColId, BoundExpr>, fresh: FreshColumns): AppliedTo {
  if (isDrawn(outer) || sizeOf(outer) > DOMAIN_NODES_MAX) throw correlatedNotSupported();
  const kept = new Map([...values].map(([id, e]) => [id, carried(e)] as const));
  const keys = new Map([...kept].map(([id, e]) => [id, fresh.column('key', e.type)] as const));
  const project: Rel = {
    kind: 'project',
    input: withoutOuter(outer),
    columns: [...keys.values()],
    exprs: [...kept.values()],
  };
  const on = (mine: Applied['keys']): BoundExpr =>
    conjunction([...mine].map(([id, c]) => same(kept.get(id)!, colExpr(c))));
  return { ...again({ rel: { kind: 'distinct', input: project }, keys }, fresh), on };
}
/** Whether a second copy of the relation could have other values. */
const isDrawn = (rel: Rel): boolean =>
  relExprs(rel).some((e) =>
    someExpr(e, (x) => x.kind === 'call' && x.site !== undefined && x.site !== PINNED_SITE),
  ) || relInputs(rel).some(isDrawn);
const sizeOf = (rel: Rel): number => relInputs(rel).reduce((n, r) => n + sizeOf(r), 1);

/** `inner` for every value of `outer`'s columns it uses, and of the expressions `more` over outer's columns. */
export function applyTo(
  outer: Rel,
  inner: Rel,
  fresh: FreshColumns,
  more: ReadonlyMap<ColId, BoundExpr> = new Map(),
): AppliedTo {
  const values = new Map([...outerColumns(inner, new Map()), ...more]);
  const have = new Set(columnsOf(outer).map((c) => c.id));
  const known = [...values.values()].every((e) => !hasOuter(e) && [...collectColumns(e)].every((id) => have.has(id)));
  if (values.size === 0 || !known) throw correlatedNotSupported();
  const domain = domainOf(outer, values, fresh);
  return { ...domain, ...apply(inner, domain, fresh) };
}
