/**
 * Drops projections that only rename columns and gives everything above the old ids, so that a join key or a group is
 * recognisably the table's own column (distribution keys, zone maps). Projections whose column list matters stay: those at
 * the top of the statement and under set operations.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { Rel } from '../../expressions/relation.ts';
import { mapOwnExprs, relInputs, withInputs } from '../../expressions/rel-walk.ts';
import { substitute } from '../../expressions/walk.ts';

interface Renamed {
  readonly rel: Rel;
  readonly map: ReadonlyMap<ColId, BoundExpr>;
}
const TRANSPARENT: readonly Rel['kind'][] = ['filter', 'sort', 'limit', 'subquery', 'single-row'];

/** Relations whose columns are all their own. */
const NAMED_ANEW: readonly Rel['kind'][] = ['aggregate', 'setop', 'recursive'];

function visit(rel: Rel, exact: boolean): Renamed {
  const inherits =
    rel.kind === 'setop' ||
    rel.kind === 'recursive' ||
    rel.kind === 'distinct' ||
    (exact && (TRANSPARENT.includes(rel.kind) || rel.kind === 'join'));
  const inputs = relInputs(rel).map((r) => visit(r, inherits));
  const map = new Map(inputs.flatMap((i) => [...i.map]));
  const rebuilt = withInputs(
    rel,
    inputs.map((i) => i.rel),
  );
  const own = map.size === 0 ? rebuilt : mapOwnExprs(rebuilt, (e) => substitute(e, map));
  if (own.kind === 'project') {
    if (exact || own.columns.length === 0 || own.exprs.some((e) => e.kind !== 'column'))
      return { rel: own, map: new Map() };
    return { rel: own.input, map: new Map(own.columns.map((c, i) => [c.id, own.exprs[i]!])) };
  }
  return { rel: own, map: NAMED_ANEW.includes(own.kind) ? new Map() : map };
}

export const dropRenames = (rel: Rel): Rel => visit(rel, true).rel;
