/**
 * WITH RECURSIVE: seed and recursive member are planned once, the member over a working table whose rows nobody knows yet.
 * Rows stay where they are made, round by round. Without user tables all of it is the leader's; else all of it is the slices',
 * since a round ends on all participants at once.
 */
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { Steps } from '../../common/steps.ts';
import { columnsOf, type Rel } from '../../expressions/relation.ts';
import type { Distribution, PlanNode } from '../plan/plan.ts';
import type { Planner } from './context.ts';
import { aligned, exchangeNode, readOnce } from './nodes.ts';
import { widthOf } from './statistics.ts';

type Recursive = Extract<Rel, { kind: 'recursive' }>;
/** Rows of all rounds for one of the seed, as PostgreSQL supposes. */
const ROUNDS = 10;

export function* planRecursion(planner: Planner, rel: Recursive): Steps<PlanNode> {
  const seed = yield* part(planner, rel.seed);
  const width = widthOf(rel.columns, planner.profiles);
  const member = function* (kind: 'leader' | 'even'): Steps<PlanNode> {
    planner.working.set(rel.recursion, { rows: seed.rows * ROUNDS, distribution: { kind } });
    return yield* part(planner, rel.step);
  };
  let onLeader = seed.distribution.kind === 'leader';
  let step = yield* member(onLeader ? 'leader' : 'even');
  if (onLeader && step.distribution.kind !== 'leader') {
    onLeader = false;
    step = yield* member('even');
  }
  if (!onLeader && step.distribution.kind === 'leader')
    throw featureNotSupported('a recursive CTE over user tables cannot ask the leader for each row');
  const distribution: Distribution = { kind: onLeader ? 'leader' : 'even' };
  return {
    kind: 'recursive-union',
    recursion: rel.recursion,
    name: rel.name,
    seed: !onLeader && seed.distribution.kind === 'leader' ? exchangeNode(planner, seed, 'even') : seed,
    step,
    columns: rel.columns,
    rows: seed.rows + step.rows * ROUNDS,
    width,
    startupCost: seed.startupCost,
    totalCost: seed.totalCost + step.totalCost * ROUNDS,
    distribution,
  };
}

/** A member's rows, once, with its columns in order. */
function* part(planner: Planner, rel: Rel): Steps<PlanNode> {
  const columns = columnsOf(rel);
  const node = yield* planner.plan(rel, new Set(columns.map((c) => c.id)), false);
  return readOnce(planner, aligned(planner, node, columns));
}

/** The rows of the round before: of a join, the side that comes anew each time. */
export function planWorking(planner: Planner, rel: Extract<Rel, { kind: 'working' }>): PlanNode {
  const { rows, distribution } = planner.working.get(rel.recursion)!;
  const { recursion, alias, columns } = rel;
  const node: PlanNode = {
    kind: 'working-scan',
    recursion,
    alias,
    columns,
    rows,
    width: widthOf(columns, planner.profiles),
    startupCost: 0,
    totalCost: 0.01 * rows,
    distribution,
  };
  planner.changing.add(node);
  return node;
}
