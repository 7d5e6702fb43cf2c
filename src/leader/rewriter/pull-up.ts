/**
 * Decorrelation: lifts every condition that reaches outside a subquery to its top, where it becomes a join condition.
 *
 *   preds     conditions over the relation's columns and the outer query's columns (outer nodes are plain columns now)
 *   computed  output columns that can only be evaluated above the join (they use outer columns, or are aggregates of an
 *             ungrouped aggregation whose empty group the left join must supply: COUNT gives 0)
 *   post      conditions that hold after the join (HAVING of an ungrouped aggregation)
 *   single    an ungrouped aggregation became a grouped one: the join must be an outer join
 *
 * Forms that cannot be lifted (outer joins, non-equality under an aggregation) are left to apply.ts, which refuses LIMIT.
 */
import { correlatedNotSupported } from '../../common/errors/catalogue.ts';
import type { ColId } from '../../common/ids.ts';
import { factored } from '../../expressions/alternatives.ts';
import type { BoundAggregate, BoundExpr } from '../../expressions/bound.ts';
import { columnsOf, type ColumnRef, type Rel } from '../../expressions/relation.ts';
import { relExprs, relInputs } from '../../expressions/rel-walk.ts';
import {
  collectColumns,
  compare,
  conjunction,
  conjuncts,
  exprKey,
  mapChildren,
  someExpr,
  substitute,
} from '../../expressions/walk.ts';
import { INT8 } from '../../types/sql-type.ts';
import { colExpr, type FreshColumns } from './fresh.ts';

export interface Pulled {
  readonly rel: Rel;
  readonly preds: readonly BoundExpr[];
  readonly computed: ReadonlyMap<ColId, BoundExpr>;
  readonly post: readonly BoundExpr[];
  readonly single: boolean;
}
type Of<K extends Rel['kind']> = Extract<Rel, { kind: K }>;

export const hasOuter = (e: BoundExpr): boolean => someExpr(e, (x) => x.kind === 'outer');
export const relHasOuter = (rel: Rel): boolean => relExprs(rel).some(hasOuter) || relInputs(rel).some(relHasOuter);

/** The expression as the enclosing query sees it. */
export function lower(e: BoundExpr): BoundExpr {
  if (e.kind === 'outer') {
    return e.depth === 1 ? { kind: 'column', type: e.type, id: e.id } : { ...e, depth: e.depth - 1 };
  }
  return mapChildren(e, lower);
}

const usesAny = (e: BoundExpr, ids: { has(id: ColId): boolean }): boolean => {
  for (const id of collectColumns(e)) if (ids.has(id)) return true;
  return false;
};
export const idsOf = (rel: Rel): Set<ColId> => new Set(columnsOf(rel).map((c) => c.id));
const plain = (rel: Rel): Pulled => ({ rel, preds: [], computed: new Map(), post: [], single: false });

/** inner = outer, whichever way it is written; undefined for any other condition. */
export function splitEquality(
  pred: BoundExpr,
  inner: ReadonlySet<ColId>,
): { readonly inner: BoundExpr; readonly outer: BoundExpr } | undefined {
  if (pred.kind !== 'compare' || pred.op !== '=') return undefined;
  const isInner = (e: BoundExpr): boolean => {
    const used = [...collectColumns(e)];
    return used.length > 0 && used.every((id) => inner.has(id)) && !hasOuter(e);
  };
  if (isInner(pred.left) && !usesAny(pred.right, inner)) return { inner: pred.left, outer: pred.right };
  if (isInner(pred.right) && !usesAny(pred.left, inner)) return { inner: pred.right, outer: pred.left };
  return undefined;
}

export function pullUp(rel: Rel, fresh: FreshColumns): Pulled {
  if (!relHasOuter(rel)) return plain(rel);
  switch (rel.kind) {
    case 'filter':
      return pullFilter(rel, fresh);
    case 'project':
      return pullProject(rel, fresh);
    case 'join':
      return pullJoin(rel, fresh);
    case 'aggregate':
      return pullAggregate(rel, fresh);
    case 'setop':
      return pullSetOperation(rel, fresh);
    case 'subquery': {
      const p = pullUp(rel.input, fresh);
      return { ...p, rel: { ...rel, input: p.rel } };
    }
    case 'sort':
      return pullUp(rel.input, fresh);
    case 'distinct': {
      const p = pullUp(rel.input, fresh);
      const inner = idsOf(p.rel);
      if (p.single || p.computed.size > 0) throw correlatedNotSupported();
      if (p.preds.some((x) => usesAny(x, inner) && splitEquality(x, inner) === undefined))
        throw correlatedNotSupported();
      return { ...p, rel: { kind: 'distinct', input: p.rel } };
    }
    default:
      throw correlatedNotSupported();
  }
}

function pullFilter(rel: Of<'filter'>, fresh: FreshColumns): Pulled {
  const p = pullUp(rel.input, fresh);
  const kept: BoundExpr[] = [];
  const lifted: BoundExpr[] = [];
  for (const c of conjuncts(rel.condition).flatMap((x) => (hasOuter(x) ? factored(x) : [x]))) {
    if (hasOuter(c) || usesAny(c, p.computed)) lifted.push(substitute(lower(c), p.computed));
    else kept.push(c);
  }
  const out: Rel = kept.length === 0 ? p.rel : { kind: 'filter', input: p.rel, condition: conjunction(kept) };
  return p.single
    ? { ...p, rel: out, post: [...p.post, ...lifted] }
    : { ...p, rel: out, preds: [...p.preds, ...lifted] };
}

function pullProject(rel: Of<'project'>, fresh: FreshColumns): Pulled {
  const p = pullUp(rel.input, fresh);
  const computed = new Map<ColId, BoundExpr>();
  const columns: ColumnRef[] = [];
  const exprs: BoundExpr[] = [];
  rel.exprs.forEach((e, i) => {
    if (hasOuter(e) || usesAny(e, p.computed)) {
      computed.set(rel.columns[i]!.id, substitute(lower(e), p.computed));
    } else {
      columns.push(rel.columns[i]!);
      exprs.push(e);
    }
  });
  const needed = new Set<ColId>();
  for (const e of [...p.preds, ...p.post, ...computed.values()]) collectColumns(e, needed);
  const present = new Set(columns.map((c) => c.id));
  for (const c of columnsOf(p.rel)) {
    if (!needed.has(c.id) || present.has(c.id)) continue;
    columns.push(c);
    exprs.push(colExpr(c));
  }
  return { ...p, computed, rel: { kind: 'project', input: p.rel, columns, exprs } };
}

function pullJoin(rel: Of<'join'>, fresh: FreshColumns): Pulled {
  const symmetric = rel.type === 'inner' || rel.type === 'cross';
  const keepsLeft = symmetric || rel.type === 'left' || rel.type === 'semi' || rel.type.startsWith('anti');
  const left = keepsLeft ? pullUp(rel.left, fresh) : plain(rel.left);
  const right = symmetric || rel.type === 'right' ? pullUp(rel.right, fresh) : plain(rel.right);
  if (left.single || right.single || relHasOuter(left.rel) || relHasOuter(right.rel)) throw correlatedNotSupported();
  const computed = new Map([...left.computed, ...right.computed]);
  const kept: BoundExpr[] = [];
  const lifted: BoundExpr[] = [];
  for (const c of conjuncts(rel.on)) {
    if (!hasOuter(c) && !usesAny(c, computed)) kept.push(c);
    else if (symmetric) lifted.push(substitute(lower(c), computed));
    else throw correlatedNotSupported();
  }
  const on = kept.length === 0 ? undefined : conjunction(kept);
  const type = symmetric ? (on === undefined ? 'cross' : 'inner') : rel.type;
  return {
    rel: { ...rel, type, left: left.rel, right: right.rel, on: symmetric ? on : rel.on },
    preds: [...left.preds, ...right.preds, ...lifted],
    computed,
    post: [],
    single: false,
  };
}

/** Aggregates that are 0, not NULL, over no rows. */
const ZERO_WHEN_EMPTY = ['count', 'approximate_count', 'approximate count', 'hll'];
/** An aggregate's value after an outer join that found no group. */
export function overNoRows(a: BoundAggregate, value: BoundExpr): BoundExpr {
  // A sketch of nothing is no constant.
  if (a.name === 'hll_create_sketch') throw correlatedNotSupported();
  const zero: BoundExpr = { kind: 'const', type: INT8, value: 0n };
  return ZERO_WHEN_EMPTY.includes(a.name) ? { kind: 'coalesce', type: a.type, args: [value, zero] } : value;
}

function pullAggregate(rel: Of<'aggregate'>, fresh: FreshColumns): Pulled {
  const p = pullUp(rel.input, fresh);
  const inside = relExprs(rel).some((e) => hasOuter(e) || usesAny(e, p.computed));
  if (inside || p.single) throw correlatedNotSupported();
  const inner = idsOf(p.rel);
  const groups = [...rel.groups];
  const preds: BoundExpr[] = [];
  for (const pred of p.preds) {
    const pair = splitEquality(pred, inner);
    if (pair === undefined) {
      // A condition on outer columns alone keeps all rows or none; the join above does the same to the groups.
      if (usesAny(pred, inner)) throw correlatedNotSupported();
      preds.push(pred);
      continue;
    }
    const key = exprKey(pair.inner);
    let group = groups.find((g) => exprKey(g.expr) === key);
    if (group === undefined) {
      group = { column: fresh.column('correlation_key', pair.inner.type), expr: pair.inner };
      groups.push(group);
    }
    preds.push(compare('=', colExpr(group.column), pair.outer));
  }
  const single = rel.groups.length === 0;
  const computed = new Map<ColId, BoundExpr>();
  if (single) {
    for (const a of rel.aggregates) computed.set(a.id, overNoRows(a, { kind: 'column', type: a.type, id: a.id }));
  }
  return { rel: { ...rel, input: p.rel, groups }, preds, computed, post: [], single };
}

/** UNION [ALL]: the correlation keys become further columns of both sides. */
function pullSetOperation(rel: Of<'setop'>, fresh: FreshColumns): Pulled {
  const sides = [pullUp(rel.left, fresh), pullUp(rel.right, fresh)] as const;
  const keys = sides.map((s) => {
    if (s.single || s.computed.size > 0) throw correlatedNotSupported();
    const inner = idsOf(s.rel);
    return s.preds.map((p) => splitEquality(p, inner) ?? null);
  });
  const [l, r] = [keys[0]!, keys[1]!];
  const alike =
    l.length === r.length &&
    l.every(
      (k, i) =>
        k !== null &&
        r[i] != null &&
        exprKey(k.outer) === exprKey(r[i].outer) &&
        exprKey(k.inner.type) === exprKey(r[i].inner.type),
    );
  if (rel.op !== 'union' || !alike) throw correlatedNotSupported();
  const originals = [columnsOf(rel.left), columnsOf(rel.right)];
  const widened = sides.map((s, n): Rel => {
    const extra = keys[n]!.map((k) => ({ column: fresh.column('correlation_key', k!.inner.type), expr: k!.inner }));
    return {
      kind: 'project',
      input: s.rel,
      columns: [...originals[n]!, ...extra.map((x) => x.column)],
      exprs: [...originals[n]!.map(colExpr), ...extra.map((x) => x.expr)],
    };
  });
  const added = l.map((k) => fresh.column('correlation_key', k!.inner.type));
  return {
    ...plain({ ...rel, left: widened[0]!, right: widened[1]!, columns: [...rel.columns, ...added] }),
    preds: l.map((k, i) => compare('=', colExpr(added[i]!), k!.outer)),
  };
}
