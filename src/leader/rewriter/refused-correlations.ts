/**
 * Correlated subqueries that Redshift refuses although a join could do them, in statements that read user tables:
 *
 *   - references that skip a query block
 *   - under IN, a GROUP BY subquery with an aggregate other than MIN and MAX
 *   - in the ON condition of an outer join
 *   - as a GROUP BY column
 *
 * Statements over the catalogs alone run on the leader, which takes them.
 */
import { correlatedNotSupported } from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { Rel } from '../../expressions/relation.ts';
import { relExprs, relInputs, visitRel } from '../../expressions/rel-walk.ts';
import { children, someExpr } from '../../expressions/walk.ts';
import type { Subquery } from './opened.ts';

const subqueriesOf = (e: BoundExpr): readonly Subquery[] => [
  ...(e.kind === 'subquery' ? [e] : []),
  ...children(e).flatMap(subqueriesOf),
];
const inside = (rel: Rel): readonly Rel[] => [
  ...relInputs(rel),
  ...relExprs(rel).flatMap((e) => subqueriesOf(e).map((s) => s.rel)),
];
const readsTables = (rel: Rel): boolean => rel.kind === 'get' || inside(rel).some(readsTables);

/** Whether a subquery uses columns of the query around it. */
function isCorrelated(rel: Rel): boolean {
  let found = false;
  visitRel(rel, (e, depth) => {
    if (e.kind === 'outer' && e.depth > depth) found = true;
  });
  return found;
}
const hasCorrelated = (e: BoundExpr): boolean => subqueriesOf(e).some((s) => isCorrelated(s.rel));

/** The grouping that makes a subquery's rows. */
function groupingOf(rel: Rel): Extract<Rel, { kind: 'aggregate' }> | undefined {
  if (rel.kind === 'aggregate') return rel.groups.length === 0 ? undefined : rel;
  return rel.kind === 'project' || rel.kind === 'filter' || rel.kind === 'sort' || rel.kind === 'distinct'
    ? groupingOf(rel.input)
    : undefined;
}

function checkSubquery(sub: Subquery): void {
  if (sub.form !== 'in' || !isCorrelated(sub.rel)) return;
  const aggregates = groupingOf(sub.rel)?.aggregates ?? [];
  if (aggregates.some((a) => a.name !== 'min' && a.name !== 'max')) throw correlatedNotSupported();
}

function check(rel: Rel): void {
  for (const e of relExprs(rel)) {
    if (someExpr(e, (x) => x.kind === 'outer' && x.depth > 1)) throw correlatedNotSupported();
    for (const sub of subqueriesOf(e)) {
      checkSubquery(sub);
      check(sub.rel);
    }
  }
  const outerJoin = rel.kind === 'join' && (rel.type === 'left' || rel.type === 'right' || rel.type === 'full');
  if (outerJoin && rel.on !== undefined && hasCorrelated(rel.on)) throw correlatedNotSupported();
  if (rel.kind === 'aggregate' && rel.groups.some((g) => hasCorrelated(g.expr))) throw correlatedNotSupported();
  relInputs(rel).forEach(check);
}

export function refuseCorrelations(rel: Rel): Rel {
  if (readsTables(rel)) check(rel);
  return rel;
}
