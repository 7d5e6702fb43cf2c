/**
 * A semi or anti join filters its left side. When its condition reads only one input of an inner join below, the filter
 * moves there, as a predicate would: `orders join lineitem where o_orderkey in (...)` cuts orders before it is joined.
 * Through a left join it moves to the preserved side, through filters always. One with more conditions than equalities looks
 * at every row of a key, which is dear: it stays above a join with a table that conditions cut down.
 */
import type { ColId } from '../../common/ids.ts';
import { columnsOf, type Rel } from '../../expressions/relation.ts';
import { mapInputs, relInputs } from '../../expressions/rel-walk.ts';
import { collectColumns, conjuncts, isVolatile } from '../../expressions/walk.ts';

type Join = Extract<Rel, { kind: 'join' }>;

export function pushSemiJoins(rel: Rel): Rel {
  const below = mapInputs(rel, pushSemiJoins);
  return isFiltering(below) ? sink(below, below.left) : below;
}

const isFiltering = (rel: Rel): rel is Join =>
  rel.kind === 'join' &&
  ['semi', 'anti', 'anti-null-aware'].includes(rel.type) &&
  rel.on !== undefined &&
  !isVolatile(rel.on);

/** The filtering join on `target` or, where its condition allows, on one input of it. */
function sink(join: Join, target: Rel): Rel {
  const here = (): Rel => ({ ...join, left: target });
  if (target.kind === 'filter') return { ...target, input: sink(join, target.input) };
  if (target.kind !== 'join' || !['inner', 'cross', 'left'].includes(target.type)) return here();
  const inner = new Set(columnsOf(join.right).map((c) => c.id));
  const read = [...collectColumns(join.on!)].filter((id) => !inner.has(id));
  const within = (side: Rel): boolean => {
    const ids = new Set<ColId>(columnsOf(side).map((c) => c.id));
    return read.length > 0 && read.every((id) => ids.has(id));
  };
  const waits = (other: Rel): boolean => target.type !== 'left' && isDear(join) && isRestricted(other);
  if (within(target.left)) return waits(target.right) ? here() : { ...target, left: sink(join, target.left) };
  if (target.type !== 'left' && within(target.right))
    return waits(target.left) ? here() : { ...target, right: sink(join, target.right) };
  return here();
}
const isDear = ({ on }: Join): boolean => conjuncts(on).some((e) => e.kind !== 'compare' || e.op !== '=');
const isRestricted = (rel: Rel): boolean =>
  rel.kind === 'filter' ? rel.input.kind === 'get' || isRestricted(rel.input) : relInputs(rel).some(isRestricted);
