/**
 * Removes nodes that do nothing: names of simple derived tables (as PostgreSQL pulls simple subqueries up), projections of
 * projections, projections that rename nothing. `exact`: the parent depends on the list of output columns, not only on
 * their ids (set operations, the statement itself).
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsOf, type ColumnRef, type Rel } from '../../expressions/relation.ts';
import { mapInputs } from '../../expressions/rel-walk.ts';
import { children, isVolatile, substitute } from '../../expressions/walk.ts';

const simple = new WeakMap<Rel, boolean>();

/** Derived tables that keep their name in EXPLAIN: those with work of their own. */
function isSimple(rel: Rel): boolean {
  let known = simple.get(rel);
  if (known === undefined) {
    known = isSimpleNode(rel);
    simple.set(rel, known);
  }
  return known;
}
function isSimpleNode(rel: Rel): boolean {
  switch (rel.kind) {
    case 'project':
      return !rel.exprs.some(isVolatile) && isSimple(rel.input);
    case 'filter':
      return !isVolatile(rel.condition) && isSimple(rel.input);
    case 'subquery':
      return rel.secure === undefined && isSimple(rel.input);
    case 'join':
      return isSimple(rel.left) && isSimple(rel.right);
    case 'get':
    case 'virtual':
      return true;
    default:
      return false;
  }
}

const isCheap = (e: BoundExpr): boolean => e.kind === 'column' || e.kind === 'const' || e.kind === 'param';

function countUses(e: BoundExpr, uses: Map<ColId, number>): void {
  if (e.kind === 'column') uses.set(e.id, (uses.get(e.id) ?? 0) + 1);
  for (const c of children(e)) countUses(c, uses);
}

/** Outer over inner projection as one, unless work would be done twice. */
function merge(outer: Extract<Rel, { kind: 'project' }>): Rel {
  const inner = outer.input;
  if (inner.kind !== 'project') return outer;
  const uses = new Map<ColId, number>();
  for (const e of outer.exprs) countUses(e, uses);
  const safe = inner.columns.every((c, i) => {
    const e = inner.exprs[i]!;
    return isCheap(e) || ((uses.get(c.id) ?? 0) <= 1 && !isVolatile(e));
  });
  if (!safe) return outer;
  const map = new Map(inner.columns.map((c, i) => [c.id, inner.exprs[i]!]));
  return merge({ ...outer, input: inner.input, exprs: outer.exprs.map((e) => substitute(e, map)) });
}

const isIdentity = (columns: readonly ColumnRef[], exprs: readonly BoundExpr[]): boolean =>
  exprs.every((e, i) => e.kind === 'column' && e.id === columns[i]!.id);

const sameList = (a: readonly ColumnRef[], b: readonly ColumnRef[]): boolean =>
  a.length === b.length && a.every((c, i) => c.id === b[i]!.id);

/** Whether a node of this kind hands its parent's demand for an exact column list on to its input. */
const PASSES_ON: readonly Rel['kind'][] = ['filter', 'sort', 'limit', 'subquery', 'single-row', 'distinct'];

export function collapse(rel: Rel, exact: boolean): Rel {
  if (rel.kind === 'subquery' && rel.secure === undefined && isSimple(rel.input)) return collapse(rel.input, exact);
  const inner =
    rel.kind === 'setop' ||
    rel.kind === 'recursive' ||
    (exact && PASSES_ON.includes(rel.kind)) ||
    rel.kind === 'distinct' ||
    (exact && rel.kind === 'join');
  const r = mapInputs(rel, (x) => collapse(x, inner));
  if (r.kind !== 'project') return r;
  const merged = merge(r);
  if (merged.kind !== 'project' || !isIdentity(merged.columns, merged.exprs)) return merged;
  const droppable = exact ? sameList(merged.columns, columnsOf(merged.input)) : merged.columns.length > 0;
  return droppable ? merged.input : merged;
}
