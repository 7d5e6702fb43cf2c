/**
 * Rows that are expanded for grouping sets right in front of their aggregation are not copied: the aggr step groups each row
 * by every set's keys, which are constants where a set lacks a key. As far as the code for all sets fits one function.
 */
import type { ColId } from '../../common/ids.ts';
import { FUNCTION_WEIGHT_MAX } from '../../common/limits.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { weightOf } from '../../expressions/code-size.ts';
import { foldExpr } from '../../expressions/fold.ts';
import { collectColumns, isVolatile, substitute } from '../../expressions/walk.ts';
import type { AggrSpec, AggregateSpec } from '../../steps/aggr/spec.ts';
import type { TransformSpec } from '../../steps/spec.ts';
import { INT4 } from '../../types/sql-type.ts';
import type { Flow } from './flow.ts';

/** Of finding a group by a key and of updating a state, whatever their expressions weigh. */
const KEY_WEIGHT = 16;
const STATE_WEIGHT = 12;

type Sets = readonly (readonly BoundExpr[])[];

/** The flow that an aggr step ends, and what it groups the rows by. */
export function groupedBy(
  flow: Flow,
  groups: AggrSpec['groups'],
  aggregates: readonly AggregateSpec[],
): { readonly flow: Flow; readonly by: Pick<AggrSpec, 'groups' | 'sets'> } {
  const sets = sideBySide(flow.transforms, groups, aggregates);
  if (sets === undefined) return { flow, by: { groups } };
  const first = groups.map((g, i) => ({ ...g, expr: sets[0]![i]! }));
  return { flow: { ...flow, transforms: flow.transforms.slice(0, -2) }, by: { groups: first, sets } };
}
/** Each set's keys; undefined: rows are not expanded, or their copies are more than one function holds. */
function sideBySide(
  transforms: readonly TransformSpec[],
  groups: AggrSpec['groups'],
  aggregates: readonly AggregateSpec[],
): Sets | undefined {
  const [expand, project] = [transforms.at(-2), transforms.at(-1)];
  if (expand?.kind !== 'expand' || project?.kind !== 'project') return undefined;
  const made = new Map<ColId, BoundExpr>(project.columns.map((c) => [c.id, c.expr]));
  const args = aggregates.flatMap((a) => (a.arg === undefined ? [] : [a.arg]));
  const used = args.flatMap((arg) => [...collectColumns(arg)]);
  if (used.some((id) => id === expand.column || made.has(id)) || aggregates.some((a) => a.distinct)) return undefined;
  const keys = groups.map((g) => substitute(g.expr, made));
  if ([...keys, ...args].some(isVolatile)) return undefined;
  const sets = Array.from({ length: expand.count }, (_, set) => {
    const number = new Map<ColId, BoundExpr>([[expand.column, { kind: 'const', type: INT4, value: set }]]);
    return keys.map((key) => foldExpr(substitute(key, number)));
  });
  const states = args.reduce((sum, arg) => sum + weightOf(arg), STATE_WEIGHT * aggregates.length);
  const weight = (set: readonly BoundExpr[]): number =>
    set.reduce((sum, key) => sum + KEY_WEIGHT + weightOf(key), states);
  if (sets.reduce((sum, set) => sum + weight(set), 0) > FUNCTION_WEIGHT_MAX) return undefined;
  return sets;
}
