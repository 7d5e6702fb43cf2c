/**
 * A semi or anti join filters its left side. When its condition reads only one input of an inner join below, the filter
 * moves there, as a predicate would: `orders join lineitem where o_orderkey in (...)` cuts orders before it is joined.
 * Through a left join it moves to the preserved side, through filters always.
 */
import type { ColId } from '../../common/ids.ts';
import { columnsOf, type Rel } from '../../expressions/relation.ts';
import { mapInputs } from '../../expressions/rel-walk.ts';
import { collectColumns, isVolatile } from '../../expressions/walk.ts';

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
  if (within(target.left)) return { ...target, left: sink(join, target.left) };
  if (target.type !== 'left' && within(target.right)) return { ...target, right: sink(join, target.right) };
  return here();
}
