/**
 * Joins as plan nodes: takes hash keys out of conditions, builds the tree that join-order.ts chose, and plans outer,
 * semi and anti joins pairwise. Where rows move is asked of distribution.ts and carried out here, nowhere else.
 *
 * Invariants: the inner side is the hash table; right joins have become left joins; both sides of a key have one type;
 * a join without hashable keys is a nested loop whose inner side is whole wherever outer rows are.
 */
import type { Steps } from '../../common/steps.ts';
import type { ColId } from '../../common/ids.ts';
import { assert } from '../../common/assert.ts';
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { columnsOf } from '../../expressions/relation.ts';
import { isVolatile } from '../../expressions/walk.ts';
import type { Rel, SortKey } from '../../expressions/relation.ts';
import { BOOL, INT4, isString } from '../../types/sql-type.ts';
import type { PlanNode } from '../plan/plan.ts';
import type { Needed, Planner } from './context.ts';
import { hashJoinCost, mergeJoinCost, nestedLoopCost } from './cost.ts';
import { isLeaderOnly } from './context.ts';
import { chooseMovement, gatherBoth, shouldSwap } from './distribution.ts';
import type { JoinSide, KeyColumns, Move, MovementChoice, PlannedJoin } from './distribution.ts';
import {
  bareColumn,
  columnExpr,
  columnsIn,
  columnsOfAll,
  conjunction,
  conjuncts,
  hashClass,
  operatorCount,
  subsetOf,
} from './expression.ts';
import { joinAlternatives } from './alternatives.ts';
import { extractKeys, keyOfOneType, type JoinKey } from './join-keys.ts';
import { buildGraph, GRAPH_LEAVES_MAX, keysBetween, memberIn, orderJoins, rowsEstimator } from './join-order.ts';
import type { JoinGraph, JoinTree } from './join-order.ts';
import { mergeKey, type MergeType } from './merge-join.ts';
import { evaluatedOnce, exchangeNode, filterNode, inherit, prune, readOnce, sortNode } from './nodes.ts';
import { andSelectivity, clampRows, joinKeySelectivity, semiJoinSelectivity, widthOf } from './statistics.ts';

/** An optional semi join lets at most this share of the rows pass, and its inner side costs at most this share of theirs. */
const OPTIONAL_SHARE_MAX = 0.2;
const OPTIONAL_COST_MAX = 0.5;
/** A semi join that lets a smaller share of the rows pass is quicker with a hash table, whose keys the scan asks. */
const SEMI_MERGE_SHARE_MIN = 0.5;
type JoinRel = Extract<Rel, { kind: 'join' }>;
const outputsOuterOnly = (type: PlannedJoin): boolean =>
  type === 'semi' || type === 'anti' || type === 'anti-null-aware';

const turned = (key: JoinKey): JoinKey => ({ outer: key.inner, inner: key.outer });

function keyColumns(key: JoinKey): KeyColumns {
  if (hashClass(key.outer.type) !== hashClass(key.inner.type)) return { outer: undefined, inner: undefined };
  return { outer: bareColumn(key.outer)?.id, inner: bareColumn(key.inner)?.id };
}

// ------------------------------------------------------------------------------------------------------ movement

function moved(planner: Planner, node: PlanNode, move: Move, keys: readonly BoundExpr[], needed: Needed): PlanNode {
  if (move.kind === 'stay') return node;
  const once = readOnce(planner, node);
  if (move.kind === 'single' && once.distribution.kind === 'single') return once;
  const slim = prune(planner, once, needed);
  if (move.kind === 'hash')
    return exchangeNode(
      planner,
      slim,
      'hash',
      move.keys.map((k) => keys[k]!),
    );
  return exchangeNode(planner, slim, move.kind);
}

const sideOf = (planner: Planner, node: PlanNode, needed: Needed): JoinSide => ({
  distribution: node.distribution,
  rows: node.rows,
  pinned: planner.pinned.has(node),
  changing: planner.changing.has(node),
  leaderOnly: isLeaderOnly(planner, node.distribution),
  width: widthOf(
    node.columns.filter((c) => needed.has(c.id)),
    planner.profiles,
  ),
});

export interface PairJoin {
  readonly type: PlannedJoin;
  readonly outer: PlanNode;
  readonly inner: PlanNode;
  readonly keys: readonly JoinKey[];
  readonly residual: readonly BoundExpr[];
  readonly rows: number;
  readonly needed: Needed;
  /** Raise 21000 when the inner side has more than one row. */
  readonly singleRow?: boolean;
}

/** Builds one join: chooses movement (and, for inner joins, which side is inner) and puts the exchanges in place. */
function buildJoin(planner: Planner, join: PairJoin): PlanNode {
  const parts = joinAlternatives(planner, join, (part) => buildJoin(planner, part));
  if (parts !== undefined) return parts;
  const used = columnsOfAll(join.residual, new Set(join.needed));
  for (const key of join.keys) columnsOfAll([key.outer, key.inner], used);
  let [outer, inner, keys] = [evaluatedOnce(planner, join.outer, join.residual), join.inner, join.keys];
  const same = (a: ColId, b: ColId): boolean => planner.equal.same(a, b);
  let [a, b] = [sideOf(planner, outer, used), sideOf(planner, inner, used)];
  const pairs = keys.reduce(
    (n, k) => n * joinKeySelectivity(k.outer, k.inner, planner.profiles),
    outer.rows * inner.rows,
  );
  const slices = planner.context.topology.sliceCount;
  let choice = chooseMovement(join.type, a, b, keys.map(keyColumns), same, pairs, slices);
  if (join.type === 'inner' && join.singleRow !== true) {
    const swapped = chooseMovement('inner', b, a, keys.map(turned).map(keyColumns), same, pairs, slices);
    if (shouldSwap(choice, swapped, a, b)) {
      [outer, inner, keys, choice, a, b] = [inner, outer, keys.map(turned), swapped, b, a];
    }
  }
  if (join.type === 'inner' && join.singleRow !== true && outer.totalCost < inner.totalCost && choice !== undefined) {
    // Of two that lie in order the one that is more to read streams past the other.
    const merges = mergeKey(planner, 'inner', outer, inner, keys, choice) !== undefined;
    if (merges) [outer, inner, keys, a, b] = [inner, outer, keys.map(turned), b, a];
    if (merges) choice = chooseMovement('inner', a, b, keys.map(keyColumns), same, pairs, slices);
  }
  const how: MovementChoice = choice ?? gatherBoth(a, b, slices);
  const movedOuter = moved(
    planner,
    outer,
    how.outer,
    keys.map((k) => k.outer),
    used,
  );
  const movedInner = moved(
    planner,
    inner,
    how.inner,
    keys.map((k) => k.inner),
    used,
  );
  const ordered = !outputsOuterOnly(join.type) && changesCopies(planner, outer);
  const settled = ordered ? inFixedOrder(movedInner, used) : movedInner;
  return inherit(planner, joinNode(planner, join, movedOuter, settled, keys, how), outer, inner);
}

/** Rows of an UPDATE or DELETE target that every node changes in a copy of its own. */
function changesCopies(planner: Planner, node: PlanNode): boolean {
  if (!planner.pinned.has(node)) return false;
  if (node.kind === 'scan') return node.allOwners === true;
  if (node.kind === 'hash-join' || node.kind === 'nested-loop') return changesCopies(planner, node.outer);
  return 'input' in node && changesCopies(planner, node.input);
}
/**
 * UPDATE takes the first of several matches of a row. Where every node updates a copy of its own, the first one must be the
 * same everywhere, so the inner rows stand in one order, whichever way they came. Strings that differ in trailing blanks
 * are equal, so their lengths order them.
 */
function inFixedOrder(inner: PlanNode, used: Needed): PlanNode {
  const key = (expr: BoundExpr): SortKey => ({ expr, descending: false, nullsFirst: false });
  const columns = inner.columns.filter((c) => used.has(c.id)).map(columnExpr);
  const lengths = columns
    .filter((c) => isString(c.type))
    .map((c): BoundExpr => ({ kind: 'call', type: INT4, name: 'octet_length', signature: 0, args: [c] }));
  const keys = [...columns, ...lengths].map(key);
  return keys.length === 0 ? inner : sortNode(inner, keys, undefined);
}

const equality = (key: JoinKey): BoundExpr => ({
  kind: 'compare',
  type: BOOL,
  op: '=',
  left: key.outer,
  right: key.inner,
});

function joinNode(
  planner: Planner,
  join: PairJoin,
  outer: PlanNode,
  inner: PlanNode,
  keys: readonly JoinKey[],
  how: MovementChoice,
): PlanNode {
  const all = outputsOuterOnly(join.type) ? outer.columns : [...outer.columns, ...inner.columns];
  const columns = all.filter((c) => join.needed.has(c.id));
  const base = {
    columns,
    rows: join.rows,
    width: widthOf(columns, planner.profiles),
    distribution: how.result,
    outer,
    inner,
    movement: how.movement,
  };
  // A table of few keys drops the other rows while they are read, which a merge cannot.
  const drops = join.type === 'semi' && join.rows < outer.rows * SEMI_MERGE_SHARE_MIN;
  const merge = drops ? undefined : mergeKey(planner, join.type, outer, inner, keys, how);
  if (merge !== undefined) {
    const { key, ordered } = merge;
    const others = keys.filter((k) => k !== key).map(equality);
    return {
      kind: 'merge-join',
      joinType: join.type as MergeType,
      key,
      ordered,
      residual: [...others, ...join.residual],
      ...base,
      ...mergeJoinCost(outer, inner, join.rows),
    };
  }
  if (keys.length > 0) {
    const residual = join.residual;
    return {
      kind: 'hash-join',
      joinType: join.type,
      keys,
      residual,
      ...base,
      ...hashJoinCost(outer, inner, join.rows, how.cost),
    };
  }
  assert(join.type !== 'full', 'a full join has keys');
  const operators = join.residual.reduce((n, c) => n + operatorCount(c), 0);
  return {
    kind: 'nested-loop',
    joinType: join.type,
    condition: join.residual,
    ...base,
    singleRowInner: join.singleRow === true,
    ...nestedLoopCost(outer, inner, operators, how.cost),
  };
}

// ---------------------------------------------------------------------------------------------------- inner joins

interface FlatJoin {
  readonly leaves: Rel[];
  readonly conditions: BoundExpr[];
}

/** Conditions with volatile calls are asked of the rows they stand over, so only the topmost ones may be taken along. */
function flatten(rel: Rel, into: FlatJoin, top = false): void {
  if (rel.kind === 'filter' && (top || !isVolatile(rel.condition))) {
    into.conditions.push(...conjuncts(rel.condition));
    flatten(rel.input, into);
  } else if (isInner(rel) && (top || rel.on === undefined || !isVolatile(rel.on))) {
    into.conditions.push(...conjuncts(rel.on));
    flatten(rel.left, into);
    flatten(rel.right, into);
  } else {
    into.leaves.push(rel);
  }
}

const isInner = (rel: Rel): rel is JoinRel =>
  rel.kind === 'join' && (rel.type === 'inner' || rel.type === 'cross') && !isSingleRow(rel.right);
const filtered = (rel: Rel, conditions: readonly BoundExpr[]): Rel => {
  const condition = conjunction(conditions);
  return condition === undefined ? rel : { kind: 'filter', input: rel, condition };
};
const idsOf = (rel: Rel): Set<ColId> => new Set(columnsOf(rel).map((c) => c.id));

/** A group of inner joins with the conditions above them, in the cheapest order. */
export function* planInnerJoins(
  planner: Planner,
  rel: Rel,
  above: readonly BoundExpr[],
  needed: Needed,
): Steps<PlanNode> {
  const flat: FlatJoin = { leaves: [], conditions: [...above] };
  flatten(rel, flat, true);
  const columns = flat.leaves.map(idsOf);
  const own: BoundExpr[][] = flat.leaves.map(() => []);
  const across: BoundExpr[] = [];
  const constant: BoundExpr[] = [];
  const onTop = flat.conditions.filter(isVolatile);
  for (const expr of flat.conditions.filter((c) => !isVolatile(c))) {
    const used = columnsIn(expr);
    const home = columns.findIndex((c) => subsetOf(used, c));
    if (used.size === 0) constant.push(expr);
    else if (home >= 0) own[home]!.push(expr);
    else across.push(expr);
  }
  own[0]!.push(...constant);
  const kept = columnsOfAll(onTop, new Set(needed));
  const below = columnsOfAll(across, new Set(kept));
  const nodes: PlanNode[] = [];
  for (const [i, leaf] of flat.leaves.entries())
    nodes.push(yield* planner.plan(filtered(leaf, own[i]!), below, false));
  return filterNode(planner, yield* joinAll(planner, nodes, across, kept), onTop);
}

function* joinAll(
  planner: Planner,
  nodes: readonly PlanNode[],
  conditions: readonly BoundExpr[],
  needed: Needed,
): Steps<PlanNode> {
  if (nodes.length > GRAPH_LEAVES_MAX) {
    const first = nodes.slice(0, GRAPH_LEAVES_MAX);
    const columns = new Set(first.flatMap((n) => n.columns.map((c) => c.id)));
    const inside = conditions.filter((c) => subsetOf(columnsIn(c), columns));
    const outside = conditions.filter((c) => !inside.includes(c));
    const part = yield* joinAll(planner, first, inside, columnsOfAll(outside, new Set(needed)));
    return yield* joinAll(planner, [part, ...nodes.slice(GRAPH_LEAVES_MAX)], outside, needed);
  }
  if (nodes.length === 1) return filterNode(planner, nodes[0]!, conditions);
  const used = columnsOfAll(conditions, new Set(needed));
  const leaves = nodes.map((node) => ({
    ...sideOf(planner, node, used),
    startupCost: node.startupCost,
    totalCost: node.totalCost,
    columns: new Set(node.columns.map((c) => c.id)),
  }));
  const graph = buildGraph(planner, leaves, conditions);
  const rowsOf = rowsEstimator(planner, graph);
  const build = function* (tree: JoinTree): Steps<PlanNode> {
    if (tree.kind === 'leaf') return nodes[tree.leaf]!;
    yield;
    const [outer, inner] = [yield* build(tree.left), yield* build(tree.right)];
    return joinParts(planner, graph, tree, outer, inner, rowsOf(tree.mask), needed);
  };
  return yield* build(yield* orderJoins(planner, graph));
}

/** One node of the chosen tree: class keys, and every predicate that both sides together can now answer. */
function joinParts(
  planner: Planner,
  graph: JoinGraph,
  tree: Extract<JoinTree, { kind: 'join' }>,
  outer: PlanNode,
  inner: PlanNode,
  rows: number,
  needed: Needed,
): PlanNode {
  const [l, r, both] = [tree.left.mask, tree.right.mask, tree.mask];
  const ready = graph.predicates.filter((p) => (p.mask & ~both) === 0 && (p.mask & ~l) !== 0 && (p.mask & ~r) !== 0);
  const ids = (node: PlanNode): Set<ColId> => new Set(node.columns.map((c) => c.id));
  const more = extractKeys(
    ready.map((p) => p.expr),
    ids(outer),
    ids(inner),
  );
  const keys = [...keysBetween(graph, l, r).map((k) => keyOfOneType(k.left, k.right)!), ...more.keys];
  const later = new Set(needed);
  for (const p of graph.predicates) if ((p.mask & ~both) !== 0) columnsIn(p.expr, later);
  for (const members of graph.classes) {
    const member = memberIn(members, both);
    if (member !== undefined && members.some((m) => (both & (1 << m.leaf)) === 0)) columnsIn(member.expr, later);
  }
  return buildJoin(planner, { type: 'inner', outer, inner, keys, residual: more.residual, rows, needed: later });
}

// ------------------------------------------------------------------------------------- outer, semi and anti joins

export function isSingleRow(rel: Rel): boolean {
  if (rel.kind === 'single-row') return true;
  return (rel.kind === 'project' || rel.kind === 'subquery') && isSingleRow(rel.input);
}
/** The relation without its row check; the join above makes it. */
function withoutRowCheck(rel: Rel): Rel {
  if (rel.kind === 'single-row') return rel.input;
  if (rel.kind === 'project' || rel.kind === 'subquery') return { ...rel, input: withoutRowCheck(rel.input) };
  return rel;
}

function joinRows(
  planner: Planner,
  type: PlannedJoin,
  outer: PlanNode,
  inner: PlanNode,
  keys: readonly JoinKey[],
  residual: readonly BoundExpr[],
): number {
  const rest = andSelectivity(residual, planner.profiles);
  if (type === 'semi' || type === 'anti' || type === 'anti-null-aware') {
    const shares = keys.map((k) => semiJoinSelectivity(k.outer, k.inner, inner.rows, planner.profiles));
    const share = keys.length === 0 ? 0.5 : Math.min(...shares) * Math.max(rest, 0.1);
    return clampRows(outer.rows * (type === 'semi' ? share : Math.max(0.05, 1 - share)));
  }
  const keyed = keys.reduce((s, k) => s * joinKeySelectivity(k.outer, k.inner, planner.profiles), 1);
  const matched = outer.rows * inner.rows * keyed * rest;
  if (type === 'left') return clampRows(Math.max(matched, outer.rows));
  if (type === 'full') return clampRows(Math.max(matched, outer.rows + inner.rows - matched));
  return clampRows(matched);
}

/** A join that is not part of an inner group; `above` are conditions on its result. */
export function* planOuterJoin(
  planner: Planner,
  join: JoinRel,
  above: readonly BoundExpr[],
  needed: Needed,
): Steps<PlanNode> {
  if (join.type === 'right') {
    return yield* planOuterJoin(
      planner,
      { ...join, type: 'left', left: join.right, right: join.left },
      above,
      needed,
    );
  }
  const type: PlannedJoin = join.type === 'cross' ? 'inner' : join.type;
  const [leftIds, rightIds] = [idsOf(join.left), idsOf(join.right)];
  const on = conjuncts(join.on);
  const pushable = type !== 'full';
  const aboveLeft = pushable ? above.filter((c) => !isVolatile(c) && subsetOf(columnsIn(c), leftIds)) : [];
  const onTop = above.filter((c) => !aboveLeft.includes(c));
  const singleRow = isSingleRow(join.right);
  const rightOnly =
    pushable && !singleRow && type !== 'anti-null-aware'
      ? on.filter((c) => !isVolatile(c) && columnsIn(c).size > 0 && subsetOf(columnsIn(c), rightIds))
      : [];
  const conditions = on.filter((c) => !rightOnly.includes(c));
  const kept = columnsOfAll(onTop, new Set(needed));
  const used = columnsOfAll(conditions, new Set(kept));
  const left = yield* planner.plan(filtered(join.left, aboveLeft), used, false);
  const right = yield* planner.plan(
    filtered(singleRow ? withoutRowCheck(join.right) : join.right, rightOnly),
    used,
    false,
  );
  if (join.optional === true && !isWorthIt(planner, left, right, conditions)) return filterNode(planner, left, onTop);
  const node = pairJoin(planner, type, left, right, conditions, kept, singleRow);
  return filterNode(planner, node, onTop);
}

/** Whether a semi join that changes no answer drops most of the rows, at a small part of their cost. */
function isWorthIt(planner: Planner, left: PlanNode, right: PlanNode, conditions: readonly BoundExpr[]): boolean {
  const rows = joinRows(planner, 'semi', left, right, extractKeys(conditions, idSet(left), idSet(right)).keys, []);
  return rows <= left.rows * OPTIONAL_SHARE_MAX && right.totalCost <= left.totalCost * OPTIONAL_COST_MAX;
}
const idSet = (node: PlanNode): Set<ColId> => new Set(node.columns.map((c) => c.id));

function pairJoin(
  planner: Planner,
  type: PlannedJoin,
  outer: PlanNode,
  inner: PlanNode,
  conditions: readonly BoundExpr[],
  needed: Needed,
  singleRow: boolean,
): PlanNode {
  let { keys, residual } = extractKeys(conditions, idSet(outer), idSet(inner));
  const nullAwareNeedsLoop = type === 'anti-null-aware' && (conditions.length !== 1 || keys.length !== 1);
  if (singleRow || nullAwareNeedsLoop) [keys, residual] = [[], conditions];
  if (type === 'full' && keys.length === 0) {
    if (conditions.length > 0) {
      throw featureNotSupported('FULL JOIN is only supported with merge-joinable join conditions');
    }
    const one: BoundExpr = { kind: 'const', type: INT4, value: 1 };
    keys = [{ outer: one, inner: one }];
  }
  const rows = joinRows(planner, type, outer, inner, keys, residual);
  return buildJoin(planner, { type, outer, inner, keys, residual, rows, needed, singleRow });
}

/** A relation that may give one row at most, outside a join: joined to one empty row, whose loop makes the check. */
export function* planSingleRow(
  planner: Planner,
  rel: Extract<Rel, { kind: 'single-row' }>,
  needed: Needed,
): Steps<PlanNode> {
  const one: Rel = { kind: 'values', columns: [], rows: [[]] };
  return yield* planOuterJoin(
    planner,
    { kind: 'join', type: 'inner', left: one, right: rel, on: undefined },
    [],
    needed,
  );
}
