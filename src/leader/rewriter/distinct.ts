/**
 * DISTINCT is grouping by every column. The columns above keep their ids through a projection.
 */
import { columnsOf, type Rel } from '../../expressions/relation.ts';
import { mapInputs } from '../../expressions/rel-walk.ts';
import { colExpr, type FreshColumns } from './fresh.ts';

export function rewriteDistinct(rel: Rel, fresh: FreshColumns): Rel {
  const r = mapInputs(rel, (x) => rewriteDistinct(x, fresh));
  if (r.kind !== 'distinct') return r;
  const columns = columnsOf(r.input);
  const groups = columns.map((c) => ({ column: { ...c, id: fresh.id() }, expr: colExpr(c) }));
  const input: Rel = { kind: 'aggregate', input: r.input, groups, aggregates: [], distinct: true };
  return { kind: 'project', input, columns, exprs: groups.map((g) => colExpr(g.column)) };
}
