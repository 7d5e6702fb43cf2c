/**
 * ORDER BY and LIMIT. At the top of a statement slices sort (top-N under a limit) and the leader merges; inside derived
 * tables an order without a limit means nothing and is dropped, one with a limit is finished on the first slice.
 *
 * Invariants: projections run below the merge, on the slices; rows that every slice holds are read once first, because
 * copies need not agree on which rows a limit keeps.
 */
import type { Steps } from '../../common/steps.ts';
import { columnsOf } from '../../expressions/relation.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { Rel } from '../../expressions/relation.ts';
import { INT8 } from '../../types/sql-type.ts';
import type { PlanNode } from '../plan/plan.ts';
import type { Needed, Planner } from './context.ts';
import { columnExpr, columnsOfAll } from './expression.ts';
import { exchangeNode, limitNode, mergeNode, projectNode, prune, readOnce, sortNode, withSortKeys } from './nodes.ts';

type SortRel = Extract<Rel, { kind: 'sort' }>;
type LimitRel = Extract<Rel, { kind: 'limit' }>;
type ProjectRel = Extract<Rel, { kind: 'project' }>;

/** project(sort(x)) as sort(project(x)), project(limit(sort(x))) likewise; sort columns pass through the projection. */
export function sunkProject(rel: ProjectRel): Rel | undefined {
  const { input } = rel;
  if (input.kind === 'limit') {
    const below = sunkProject({ ...rel, input: input.input });
    return below === undefined ? undefined : { ...input, input: below };
  }
  if (input.kind !== 'sort') return undefined;
  const have = new Set(rel.columns.map((c) => c.id));
  const used = columnsOfAll(input.keys.map((k) => k.expr));
  const extra = columnsOf(input.input).filter((c) => used.has(c.id) && !have.has(c.id));
  return {
    ...input,
    input: {
      kind: 'project',
      input: input.input,
      columns: [...rel.columns, ...extra],
      exprs: [...rel.exprs, ...extra.map(columnExpr)],
    },
  };
}

/** Rows that must be looked at: limit + offset; undefined when there is no limit or the sum is not known. */
function rowsWanted(rel: LimitRel): BoundExpr | undefined {
  const { limit, offset } = rel;
  if (limit === undefined || (limit.kind === 'const' && limit.value === null)) return undefined;
  if (offset === undefined || (offset.kind === 'const' && offset.value === null)) return limit;
  if (limit.kind !== 'const' || offset.kind !== 'const') return undefined;
  return { kind: 'const', type: INT8, value: BigInt(limit.value as bigint) + BigInt(offset.value as bigint) };
}

export function* planSort(
  planner: Planner,
  rel: SortRel,
  needed: Needed,
  top: boolean,
  limit: BoundExpr | undefined,
  limited = false,
): Steps<PlanNode> {
  if (!top && !limited) return yield* planner.plan(rel.input, needed, false);
  const used = withSortKeys(needed, rel.keys);
  const input = readOnce(planner, yield* planner.plan(rel.input, used, top));
  if (input.distribution.kind === 'leader') return sortNode(input, rel.keys, limit);
  const slim = prune(planner, input, used);
  const sorted = sortNode(slim, rel.keys, limit);
  if (top) {
    const merged = mergeNode(planner, sorted, rel.keys);
    return { ...merged, columns: merged.columns.filter((c) => needed.has(c.id)) };
  }
  if (sorted.distribution.kind === 'single') return sorted;
  return sortNode(exchangeNode(planner, sorted, 'single'), rel.keys, limit);
}

export function* planLimit(planner: Planner, rel: LimitRel, needed: Needed, top: boolean): Steps<PlanNode> {
  const { input } = rel;
  if (input.kind === 'subquery' && (input.input.kind === 'sort' || input.input.kind === 'project')) {
    return yield* planner.plan({ ...input, input: { ...rel, input: input.input } }, needed, top);
  }
  if (input.kind === 'sort') {
    const node = yield* planSort(planner, input, needed, top, rowsWanted(rel), true);
    return limitNode(node, rel.limit, rel.offset);
  }
  if (input.kind === 'project') {
    const sunk = sunkProject(input);
    if (sunk !== undefined) return yield* planner.plan({ ...rel, input: sunk }, needed, top);
    const kept = input.columns.map((c, i) => ({ c, expr: input.exprs[i]! })).filter(({ c }) => needed.has(c.id));
    const used = columnsOfAll(kept.map((k) => k.expr));
    return limited(planner, rel, readOnce(planner, yield* planner.plan(input.input, used, top)), top, (node) =>
      projectNode(
        planner,
        node,
        kept.map((k) => k.c),
        kept.map((k) => k.expr),
      ),
    );
  }
  return limited(planner, rel, readOnce(planner, yield* planner.plan(input, needed, top)), top, (node) =>
    prune(planner, node, needed),
  );
}

/** Limits without an order: each slice stops early, then one place counts. `finish` is what runs on the kept rows. */
function limited(
  planner: Planner,
  rel: LimitRel,
  input: PlanNode,
  top: boolean,
  finish: (node: PlanNode) => PlanNode,
): PlanNode {
  const place = input.distribution.kind;
  if (place === 'leader' || place === 'single') return finish(limitNode(input, rel.limit, rel.offset));
  const wanted = rowsWanted(rel);
  const early = wanted === undefined ? input : limitNode(input, wanted, undefined);
  const gathered = exchangeNode(planner, finish(early), top ? 'leader' : 'single');
  return limitNode(gathered, rel.limit, rel.offset);
}
