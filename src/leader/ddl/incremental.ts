/**
 * Why Redshift could not maintain a materialized view incrementally: CREATE MATERIALIZED VIEW warns of it. (Here every
 * view is recomputed.) Outer joins, set operations but UNION ALL, DISTINCT, other aggregates than sums, counts, averages, least
 * and greatest values, window functions, subqueries outside FROM, functions that give another value another day.
 */
import type { ScalarFunction } from '../../functions/define.ts';
import type { Rel } from '../../expressions/relation.ts';
import { relExprs, relInputs, visitRel } from '../../expressions/rel-walk.ts';
import { someExpr } from '../../expressions/walk.ts';

/** Functions of SQL that are not immutable: RANDOM, GETDATE, CURRENT_USER ... */
export function mutableFunctions(
  rel: Rel,
  functionOf: (name: string) => ScalarFunction | undefined,
): readonly string[] {
  const found = new Set<string>();
  visitRel(rel, (e) => {
    const f = e.kind === 'call' ? functionOf(e.name) : undefined;
    if (f !== undefined && f.internal !== true && f.volatility !== 'immutable') found.add(f.name);
  });
  return [...found];
}

const MAINTAINED: readonly string[] = ['avg', 'count', 'max', 'min', 'sum'];

/** The first reason, from the top of the query down; `mutable`: functions of the query that are not immutable. */
export function whyRecomputed(rel: Rel, mutable: readonly string[]): string | undefined {
  if (mutable.length > 0) return 'Mutable functions are not supported';
  return reasonIn(rel, false);
}

function reasonIn(rel: Rel, isGrouped: boolean): string | undefined {
  const own = ownReason(rel, isGrouped);
  if (own !== undefined) return own;
  if (relExprs(rel).some((e) => someExpr(e, (x) => x.kind === 'subquery')))
    return 'Subqueries outside of the FROM clause are not supported';
  const below = isGrouped || rel.kind === 'aggregate';
  for (const input of relInputs(rel)) {
    const reason = reasonIn(input, below);
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function ownReason(rel: Rel, isGrouped: boolean): string | undefined {
  switch (rel.kind) {
    case 'join':
      return ['left', 'right', 'full'].includes(rel.type) ? 'Outer joins are not supported' : undefined;
    case 'setop':
      if (rel.op !== 'union' || !rel.all) return 'Set operations other than UNION ALL are not supported';
      return isGrouped ? 'UNION ALL under an aggregate is not supported' : undefined;
    case 'distinct':
      return 'DISTINCT is not supported';
    case 'window':
      return 'Window functions are not supported';
    case 'expand':
      return 'Grouping sets are not supported';
    case 'recursive':
      return 'Recursive queries are not supported';
    case 'aggregate': {
      if (rel.aggregates.some((a) => a.distinct)) return 'DISTINCT aggregates are not supported';
      const other = rel.aggregates.find((a) => !MAINTAINED.includes(a.name));
      return other === undefined ? undefined : `Aggregate function ${other.name.toUpperCase()} is not supported`;
    }
    default:
      return undefined;
  }
}
