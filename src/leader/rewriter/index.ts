/**
 * The rewriter: rewrites that always pay, in the order below. In: the analyser's bound statement. Out: the same
 * statement without `subquery` and `outer` expression nodes, without `distinct`, INTERSECT and EXCEPT, with conditions
 * pushed down and columns pruned. The optimizer chooses join orders and distribution after it.
 */
import { assert } from '../../common/assert.ts';
import { atOnce, type Steps } from '../../common/steps.ts';
import { columnsOf, type BoundStatement, type ColumnRef, type Rel } from '../../expressions/relation.ts';
import { visitRel } from '../../expressions/rel-walk.ts';
import { INT8 } from '../../types/sql-type.ts';
import { collapse } from './collapse.ts';
import { foldConstants } from './constant-folding.ts';
import { rewriteDistinct } from './distinct.ts';
import { FreshColumns, exactly } from './fresh.ts';
import { drawnFrom, prune } from './prune.ts';
import { pushDown } from './push-down.ts';
import { pushSemiJoins } from './push-semi-joins.ts';
import { refuseCorrelations } from './refused-correlations.ts';
import { restrictGroups } from './restrict-groups.ts';
import { rewriteSetOperations } from './set-operations.ts';
import { dropRenames } from './renames.ts';
import { unnest } from './unnest.ts';
import { valueLists } from './value-lists.ts';

type Rule = (rel: Rel, fresh: FreshColumns, output: readonly ColumnRef[]) => Rel;

const RULES: readonly (readonly [string, Rule])[] = [
  ['correlations that Redshift refuses', refuseCorrelations],
  ['subquery unnesting', unnest],
  ['set operations to joins', rewriteSetOperations],
  ['distinct to grouping', rewriteDistinct],
  ['constant folding', foldConstants],
  ['simple derived tables, projections', (rel) => collapse(rel, true)],
  ['renaming projections', (rel) => dropRenames(rel)],
  ['predicate push-down, outer joins', (rel) => pushDown(rel)],
  ['projections made redundant', (rel) => collapse(rel, true)],
  ['groups that nobody asks for', restrictGroups],
  ['semi joins below inner joins', (rel) => pushSemiJoins(rel)],
  ['column pruning', (rel, _, output) => prune(rel, new Set(output.map((c) => c.id)), drawnFrom(rel))],
  ['constants after push-down', foldConstants],
  ['chains of equalities to lists', (rel) => valueLists(rel)],
];

/** The columns the statement's relation must give, in order. */
function outputOf(s: BoundStatement): readonly ColumnRef[] {
  const rowId = (id: number): ColumnRef =>
    columnsOf(s.rel).find((c) => c.id === id) ?? { id, name: 'row_address', type: INT8 };
  switch (s.kind) {
    case 'select':
    case 'insert':
      return s.columns;
    case 'update':
      return [...s.columns, rowId(s.rowId)];
    case 'delete':
      return [rowId(s.rowId)];
  }
}

/** At once, for those who wait for nothing else. */
export const rewrite = <S extends BoundStatement>(statement: S): S => atOnce(rewritten(statement));

/** A step per rule. */
export function* rewritten<S extends BoundStatement>(statement: S): Steps<S> {
  const output = outputOf(statement);
  const fresh = new FreshColumns(statement.rel);
  let rel = statement.rel;
  for (const [, rule] of RULES) {
    rel = rule(rel, fresh, output);
    yield;
  }
  visitRel(rel, (e) => assert(e.kind !== 'subquery' && e.kind !== 'outer', 'the rewriter leaves no subquery behind'));
  return { ...statement, rel: exactly(rel, columnsOf(rel), output) };
}
