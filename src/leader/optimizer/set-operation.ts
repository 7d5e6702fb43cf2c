/**
 * UNION, INTERSECT and EXCEPT. Branches are appended where their rows are; nested unions become one append. INTERSECT
 * and EXCEPT mark each row with its branch, group equal rows (NULLs are equal, as SQL wants here) and keep the groups
 * that the right branches gave rows to.
 */
import type { Steps } from '../../common/steps.ts';
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsOf } from '../../expressions/relation.ts';
import type { ColumnRef, Rel } from '../../expressions/relation.ts';
import { BOOL, INT4 } from '../../types/sql-type.ts';
import type { Distribution, PlanAggregate, PlanNode } from '../plan/plan.ts';
import { distinctNode, inPhases, type Group } from './aggregate.ts';
import { groupCount } from './statistics.ts';
import type { Needed, Planner } from './context.ts';
import { columnExpr, hashClass } from './expression.ts';
import { aligned, appendNode, exchangeNode, filterNode, projectNode, readOnce } from './nodes.ts';

type SetRel = Extract<Rel, { kind: 'setop' }>;

/** The branches of nested unions; under a plain UNION it does not matter which of them keep duplicates. */
function branchesOf(rel: Rel, all: boolean): readonly Rel[] {
  if (rel.kind !== 'setop' || rel.op !== 'union' || (all && !rel.all)) return [rel];
  return [...branchesOf(rel.left, all), ...branchesOf(rel.right, all)];
}

/** Distribution of an append when every branch is hashed on the same positions. */
function commonKeys(planner: Planner, nodes: readonly PlanNode[], columns: readonly ColumnRef[]): Distribution {
  const positions = nodes.map((node) => {
    if (node.distribution.kind !== 'key') return undefined;
    const at = node.distribution.keys.map((key) => node.columns.findIndex((c) => planner.equal.same(c.id, key)));
    return at.includes(-1) ? undefined : at.map((i) => `${i} ${hashClass(node.columns[i]!.type)}`).join();
  });
  if (positions[0] === undefined || positions.some((p) => p !== positions[0])) return { kind: 'even' };
  return { kind: 'key', keys: positions[0].split(',').map((p) => columns[Number.parseInt(p, 10)]!.id) };
}

export function append(planner: Planner, nodes: readonly PlanNode[], columns: readonly ColumnRef[]): PlanNode {
  const kinds = new Set(nodes.map((n) => n.distribution.kind));
  if (kinds.size === 1 && (kinds.has('leader') || kinds.has('all') || kinds.has('single'))) {
    return appendNode(planner, nodes, columns, nodes[0]!.distribution);
  }
  const spread = nodes.map((n) =>
    n.distribution.kind === 'leader' ? exchangeNode(planner, n, 'even') : readOnce(planner, n),
  );
  const single = spread.every((n) => n.distribution.kind === 'single');
  return appendNode(planner, spread, columns, single ? { kind: 'single' } : commonKeys(planner, spread, columns));
}

/** A branch with exactly the columns at `positions`. */
function* branch(planner: Planner, rel: Rel, positions: readonly number[]): Steps<PlanNode> {
  const columns = positions.map((i) => columnsOf(rel)[i]!);
  return aligned(planner, yield* planner.plan(rel, new Set(columns.map((c) => c.id)), false), columns);
}

export function* planSetOperation(planner: Planner, rel: SetRel, needed: Needed): Steps<PlanNode> {
  const everything = rel.columns.map((_, i) => i);
  if (rel.op === 'union') {
    const positions = rel.all ? everything.filter((i) => needed.has(rel.columns[i]!.id)) : everything;
    const nodes: PlanNode[] = [];
    for (const b of branchesOf(rel, rel.all)) nodes.push(yield* branch(planner, b, positions));
    const joined = append(
      planner,
      nodes,
      positions.map((i) => rel.columns[i]!),
    );
    return rel.all ? joined : distinctNode(planner, joined);
  }
  if (rel.all) throw featureNotSupported(`${rel.op.toUpperCase()} ALL is not supported`);
  const flag: ColumnRef = { id: planner.context.nextColId(), name: 'branch', type: INT4 };
  const marked: PlanNode[] = [];
  for (const [n, side] of [rel.left, rel.right].entries()) {
    const node = yield* branch(planner, side, everything);
    const mark: ColumnRef = { ...flag, id: planner.context.nextColId() };
    const exprs: readonly BoundExpr[] = [
      ...node.columns.map(columnExpr),
      { kind: 'const', type: INT4, value: n + 1 },
    ];
    marked.push(projectNode(planner, node, [...node.columns, mark], exprs));
  }
  const both = append(planner, marked, [...rel.columns, flag]);
  const call = (prim: 'min' | 'max'): PlanAggregate => ({
    id: planner.context.nextColId(),
    prim,
    arg: columnExpr(flag),
    type: INT4,
    distinct: false,
  });
  const [low, high] = [call('min'), call('max')];
  const groups = rel.columns.map((column) => ({ column, expr: columnExpr(column) }));
  const counted = aggregatePrimitives(planner, both, groups, [low, high]);
  const equals = (a: PlanAggregate, value: number): BoundExpr => ({
    kind: 'compare',
    type: BOOL,
    op: '=',
    left: columnExpr(a),
    right: { kind: 'const', type: INT4, value },
  });
  const kept = rel.op === 'intersect' ? [equals(low, 1), equals(high, 2)] : [equals(high, 1)];
  return aligned(planner, filterNode(planner, counted, kept), rel.columns);
}

/** GROUP BY `groups` with bare primitives that merge by themselves (set operations count branches this way). */
function aggregatePrimitives(
  planner: Planner,
  input: PlanNode,
  groups: readonly Group[],
  calls: readonly PlanAggregate[],
): PlanNode {
  const rows = groupCount(
    groups.map((g) => g.expr),
    input.rows,
    planner.profiles,
  );
  const primitives = calls.map((call) => ({ call, merge: call.prim }));
  return inPhases(planner, input, { groups, primitives, rows, top: false });
}
