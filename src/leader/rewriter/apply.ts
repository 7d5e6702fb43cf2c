/**
 * Correlated subqueries of leader-only queries that pull-up.ts refuses: the subquery is evaluated once for every distinct
 * combination of outer values it uses (the domain, a copy of the outer relation), and its result then carries those
 * values as keys to join by. unnest.ts falls back to it; where user tables are read such patterns stay refused.
 */
import { correlatedNotSupported } from '../../common/errors/catalogue.ts';
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { ORDINALITY, columnsOf, type ColumnRef, type Rel } from '../../expressions/relation.ts';
import { mapInputs, mapOwnExprs, relExprs, relInputs } from '../../expressions/rel-walk.ts';
import { compare, conjunction, isNull, mapChildren, someExpr } from '../../expressions/walk.ts';
import { BOOL, INT4, INT8 } from '../../types/sql-type.ts';
import { colExpr, type FreshColumns } from './fresh.ts';
import { hasOuter } from './pull-up.ts';

/** A relation that carries the domain's values: outer column id to the column that holds it. */
interface Applied {
  readonly rel: Rel;
  readonly keys: ReadonlyMap<ColId, ColumnRef>;
}
/** Most items of an array in the catalogs: a column per item at worst. */
const ITEMS_MAX = 1600;

const relHasOuter = (rel: Rel): boolean => relExprs(rel).some(hasOuter) || relInputs(rel).some(relHasOuter);
export const readsTables = (rel: Rel): boolean => rel.kind === 'get' || relInputs(rel).some(readsTables);

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
    return 'columns' in out ? { ...out, columns: out.columns.map(column) } : out;
  };
  return { rel: walk(rel), id };
}

/** Outer columns (of the query right outside) that a relation uses. */
function outerColumns(rel: Rel, into: Map<ColId, BoundExpr>): Map<ColId, BoundExpr> {
  const visit = (e: BoundExpr): boolean => {
    if (e.kind === 'outer' && e.depth === 1) into.set(e.id, e);
    return false;
  };
  for (const e of relExprs(rel)) someExpr(e, visit);
  for (const r of relInputs(rel)) outerColumns(r, into);
  return into;
}

const bind = (e: BoundExpr, keys: Applied['keys']): BoundExpr => {
  if (e.kind !== 'outer') return mapChildren(e, (c) => bind(c, keys));
  const key = keys.get(e.id);
  return e.depth === 1 && key !== undefined ? colExpr(key) : { ...e, depth: e.depth - 1 };
};
const cross = (left: Rel, right: Rel): Rel => ({ kind: 'join', type: 'cross', left, right, on: undefined });
/** Equal, NULL with NULL too. */
const same = (a: BoundExpr, b: BoundExpr): BoundExpr => ({
  kind: 'or',
  type: BOOL,
  args: [compare('=', a, b), conjunction([isNull(a), isNull(b)])],
});

function applyJoin(rel: Extract<Rel, { kind: 'join' }>, given: Applied, fresh: FreshColumns): Applied {
  const left = apply(rel.left, given, fresh);
  const on = rel.on === undefined ? undefined : bind(rel.on, left.keys);
  if (!relHasOuter(rel.right)) {
    if (rel.type === 'right' || rel.type === 'full') throw correlatedNotSupported();
    return { keys: left.keys, rel: { ...rel, left: left.rel, right: rel.right, on } };
  }
  if (rel.type !== 'inner' && rel.type !== 'cross') throw correlatedNotSupported();
  const both = apply(rel.right, left, fresh);
  const condition = rel.on === undefined ? undefined : bind(rel.on, both.keys);
  return {
    keys: both.keys,
    rel: condition === undefined ? both.rel : { kind: 'filter', input: both.rel, condition },
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
  const copy = renumberRel(given.rel, fresh);
  const keys = new Map([...given.keys].map(([id, c]) => [id, { ...c, id: copy.id(c.id) }] as const));
  const on = conjunction([...keys].map(([id, c]) => same(colExpr(c), colExpr(grouped.get(id)!))));
  const right: Rel = { kind: 'aggregate', input: input.rel, groups, aggregates: inner };
  const joined: Rel = { kind: 'join', type: 'left', left: copy.rel, right, on };
  const values = rel.aggregates.map((a, i): BoundExpr => {
    const value: BoundExpr = { kind: 'column', type: a.type, id: inner[i]!.id };
    const zero: BoundExpr = { kind: 'const', type: INT8, value: 0n };
    return a.name === 'count' ? { kind: 'coalesce', type: a.type, args: [value, zero] } : value;
  });
  const outputs = rel.aggregates.map((a): ColumnRef => ({ id: a.id, name: a.columnName, type: a.type }));
  const kept = [...keys.values()];
  return {
    keys,
    rel: { kind: 'project', input: joined, columns: [...kept, ...outputs], exprs: [...kept.map(colExpr), ...values] },
  };
}

/** unnest(array of the outer row): item i for every i up to the array's length. */
function applyUnnest(rel: Extract<Rel, { kind: 'virtual' }>, given: Applied, fresh: FreshColumns): Applied {
  if (rel.name !== 'unnest') throw correlatedNotSupported();
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
  if (!relHasOuter(rel)) return { keys: given.keys, rel: cross(given.rel, rel) };
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
    case 'virtual':
      return applyUnnest(rel, given, fresh);
    default:
      throw correlatedNotSupported();
  }
}

/** `inner` for every value of `outer`'s columns it uses, and the condition that finds a row's own part. */
export function applyTo(
  outer: Rel,
  inner: Rel,
  fresh: FreshColumns,
): Applied & { readonly on: (keys: Applied['keys']) => BoundExpr } {
  const used = outerColumns(inner, new Map());
  if (readsTables(outer) || readsTables(inner) || used.size === 0) throw correlatedNotSupported();
  const copy = renumberRel(outer, fresh);
  const keys = new Map([...used].map(([id, e]) => [id, fresh.column('key', e.type)] as const));
  const exprs = [...used.values()].map((e): BoundExpr => ({
    kind: 'column',
    type: e.type,
    id: copy.id((e as { id: ColId }).id),
  }));
  const domain: Rel = {
    kind: 'distinct',
    input: { kind: 'project', input: copy.rel, columns: [...keys.values()], exprs },
  };
  const on = (mine: Applied['keys']): BoundExpr =>
    conjunction([...mine].map(([id, c]) => same({ kind: 'column', type: c.type, id }, colExpr(c))));
  return { ...apply(inner, { rel: domain, keys }, fresh), on };
}
