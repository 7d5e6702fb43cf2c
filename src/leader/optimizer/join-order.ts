/**
 * Join order. Inner joins are flattened into a graph of leaves and predicates; the cheapest tree over it is searched
 * by dynamic programming (bushy for few leaves, one leaf at a time for more, greedily beyond DYNAMIC_LEAVES_MAX),
 * with movement chosen by distribution.ts and cost by cost.ts at every step. Outer, semi and anti joins are leaves.
 *
 * Invariants: an equality class holds at most one expression per leaf, so every set of leaves with two members has
 * them equal; rows of a set of leaves do not depend on the order of joining.
 */
import type { ColId } from '../../common/ids.ts';
import { assert } from '../../common/assert.ts';
import type { Steps } from '../../common/steps.ts';
import { impliedOf } from '../../expressions/alternatives.ts';
import { conjuncts } from '../../expressions/walk.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { Distribution } from '../plan/plan.ts';
import { areManyPairs } from './alternatives.ts';
import type { Planner } from './context.ts';
import { hashJoinCost, nestedLoopCost } from './cost.ts';
import { chooseMovement, gatherBoth, shouldSwap } from './distribution.ts';
import type { JoinSide, KeyColumns } from './distribution.ts';
import { bareColumn, columnsIn, exprKey, hashClass, operatorCount, stripWidening } from './expression.ts';
import { clampRows, distinctOf, DISTINCT_DEFAULT, joinKeySelectivity, selectivity } from './statistics.ts';

const BUSHY_LEAVES_MAX = 6;
const DYNAMIC_LEAVES_MAX = 10;
/** Plans kept per set of leaves, each with another distribution. */
const KEPT_MAX = 3;
/** Beyond this many leaves one fewer is kept. */
const KEPT_MANY_LEAVES = 8;
/** Leaves of one graph; larger joins are planned in parts (bits of a 32 bit mask). */
export const GRAPH_LEAVES_MAX = 28;

export interface GraphLeaf extends JoinSide {
  readonly startupCost: number;
  readonly totalCost: number;
  readonly columns: ReadonlySet<ColId>;
}
interface ClassMember {
  readonly leaf: number;
  readonly expr: BoundExpr;
}
export interface GraphPredicate {
  readonly expr: BoundExpr;
  readonly mask: number;
  readonly share: number;
}
export interface JoinGraph {
  readonly leaves: readonly GraphLeaf[];
  readonly classes: readonly (readonly ClassMember[])[];
  readonly predicates: readonly GraphPredicate[];
}
export type JoinTree =
  | { readonly kind: 'leaf'; readonly mask: number; readonly leaf: number }
  | { readonly kind: 'join'; readonly mask: number; readonly left: JoinTree; readonly right: JoinTree };

/** The leaves an expression reads. */
export function maskOf(expr: BoundExpr, leaves: readonly { readonly columns: ReadonlySet<ColId> }[]): number {
  let mask = 0;
  for (const id of columnsIn(expr)) {
    const leaf = leaves.findIndex((l) => l.columns.has(id));
    assert(leaf >= 0, `column ${id} of a join condition belongs to no joined relation`);
    mask |= 1 << leaf;
  }
  return mask;
}
const isOneBit = (mask: number): boolean => mask !== 0 && (mask & (mask - 1)) === 0;
const bitIndex = (mask: number): number => 31 - Math.clz32(mask);

/** Sorts conditions into equality classes and other predicates; tells the planner which columns are now equal. */
export function buildGraph(
  planner: Planner,
  leaves: readonly GraphLeaf[],
  conditions: readonly BoundExpr[],
): JoinGraph {
  const classes: ClassMember[][] = [];
  const predicates: GraphPredicate[] = [];
  for (const expr of conditions) {
    const pair = classPair(expr, leaves);
    if (pair === undefined || !joinClass(classes, pair)) {
      predicates.push({ expr, mask: maskOf(expr, leaves), share: conditionShare(planner, expr, leaves) });
    }
  }
  for (const members of classes) {
    const columns = members.map((m) => bareColumn(m.expr)).filter((c) => c !== undefined);
    for (const c of columns.slice(1)) {
      if (hashClass(c.type) === hashClass(columns[0]!.type)) planner.equal.join(columns[0]!.id, c.id);
    }
  }
  return { leaves, classes, predicates };
}

function conditionShare(planner: Planner, expr: BoundExpr, leaves: readonly GraphLeaf[]): number {
  if (
    expr.kind === 'compare' &&
    expr.op === '=' &&
    maskOf(expr.left, leaves) !== 0 &&
    maskOf(expr.right, leaves) !== 0
  ) {
    return joinKeySelectivity(expr.left, expr.right, planner.profiles);
  }
  const share = selectivity(expr, planner.profiles);
  // What an OR implies for each leaf has been asked of its rows already.
  const asked = leaves.map((leaf) => impliedOf(expr, leaf.columns)).filter((e) => e !== undefined);
  return asked.reduce((rest, e) => Math.min(1, rest / Math.max(share, selectivity(e, planner.profiles))), share);
}

function classPair(expr: BoundExpr, leaves: readonly GraphLeaf[]): readonly [ClassMember, ClassMember] | undefined {
  if (expr.kind !== 'compare' || expr.op !== '=') return undefined;
  const [a, b] = [maskOf(expr.left, leaves), maskOf(expr.right, leaves)];
  if (!isOneBit(a) || !isOneBit(b) || a === b) return undefined;
  const [left, right] = [stripWidening(expr.left), stripWidening(expr.right)];
  if (hashClass(left.type) !== hashClass(right.type)) return undefined;
  return [
    { leaf: bitIndex(a), expr: left },
    { leaf: bitIndex(b), expr: right },
  ];
}

/** Adds a pair to the classes; false when a leaf would have two different members of one class. */
function joinClass(classes: ClassMember[][], [a, b]: readonly [ClassMember, ClassMember]): boolean {
  const holding = (m: ClassMember): ClassMember[] | undefined =>
    classes.find((c) => c.some((x) => x.leaf === m.leaf && exprKey(x.expr) === exprKey(m.expr)));
  const [x, y] = [holding(a) ?? [a], holding(b) ?? [b]];
  if (x === y) return true;
  if (x.some((m) => y.some((n) => n.leaf === m.leaf))) return false;
  for (const old of [x, y]) if (classes.includes(old)) classes.splice(classes.indexOf(old), 1);
  classes.push([...x, ...y]);
  return true;
}

export const memberIn = (members: readonly ClassMember[], mask: number): ClassMember | undefined =>
  members.find((m) => (mask & (1 << m.leaf)) !== 0);

/** Equalities between two sets of leaves, one per class. */
export function keysBetween(
  graph: JoinGraph,
  left: number,
  right: number,
): readonly { readonly left: BoundExpr; readonly right: BoundExpr }[] {
  const keys: { left: BoundExpr; right: BoundExpr }[] = [];
  for (const members of graph.classes) {
    const [a, b] = [memberIn(members, left), memberIn(members, right)];
    if (a !== undefined && b !== undefined) keys.push({ left: a.expr, right: b.expr });
  }
  return keys;
}

/** Rows of the join of a set of leaves. */
export function rowsEstimator(planner: Planner, graph: JoinGraph): (mask: number) => number {
  const known = new Map<number, number>();
  return (mask) => {
    const seen = known.get(mask);
    if (seen !== undefined) return seen;
    let rows = 1;
    graph.leaves.forEach((leaf, i) => {
      if (mask & (1 << i)) rows *= leaf.rows;
    });
    for (const members of graph.classes) {
      const distinct = members
        .filter((m) => mask & (1 << m.leaf))
        .map((m) => distinctOf(m.expr, planner.profiles) ?? Math.max(DISTINCT_DEFAULT, 1));
      distinct
        .sort((a, b) => a - b)
        .slice(1)
        .forEach((d) => {
          rows /= Math.max(1, d);
        });
    }
    for (const p of graph.predicates) if (p.mask !== 0 && (p.mask & mask) === p.mask) rows *= p.share;
    const result = isOneBit(mask) ? graph.leaves[bitIndex(mask)]!.rows : clampRows(rows);
    known.set(mask, result);
    return result;
  };
}

interface Candidate extends JoinSide {
  readonly mask: number;
  readonly startupCost: number;
  readonly totalCost: number;
  readonly tree: JoinTree;
}

/** State of one search. */
class Search {
  private readonly rowsOf: (mask: number) => number;
  private readonly planner: Planner;
  private readonly graph: JoinGraph;

  constructor(planner: Planner, graph: JoinGraph) {
    this.planner = planner;
    this.graph = graph;
    this.rowsOf = rowsEstimator(planner, graph);
  }

  leaf(index: number): Candidate {
    const { rows, width, distribution, pinned, leaderOnly, changing, startupCost, totalCost } =
      this.graph.leaves[index]!;
    const mask = 1 << index;
    return {
      rows,
      width,
      distribution,
      pinned,
      leaderOnly,
      changing,
      startupCost,
      totalCost,
      mask,
      tree: { kind: 'leaf', mask, leaf: index },
    };
  }

  connected(a: number, b: number): boolean {
    return (
      this.graph.classes.some((c) => memberIn(c, a) !== undefined && memberIn(c, b) !== undefined) ||
      this.graph.predicates.some((p) => (p.mask & a) !== 0 && (p.mask & b) !== 0 && (p.mask & ~(a | b)) === 0)
    );
  }

  join(a: Candidate, b: Candidate): Candidate {
    const mask = a.mask | b.mask;
    const keys: KeyColumns[] = keysBetween(this.graph, a.mask, b.mask).map((k) => ({
      outer: bareColumn(k.left)?.id,
      inner: bareColumn(k.right)?.id,
    }));
    const residual = this.graph.predicates.filter(
      (p) => (p.mask & ~mask) === 0 && (p.mask & ~a.mask) !== 0 && (p.mask & ~b.mask) !== 0,
    );
    const multi = residual.some(
      (p) => p.expr.kind === 'compare' && p.expr.op === '=' && this.splits(p.expr.left, p.expr.right, a.mask, b.mask),
    );
    const arms = keys.length > 0 || multi ? 0 : this.alternatives(residual, a, b);
    const allKeys = multi || arms > 0 ? [...keys, { outer: undefined, inner: undefined }] : keys;
    const same = (x: ColId, y: ColId): boolean => this.planner.equal.same(x, y);
    const rows = this.rowsOf(mask);
    const slices = this.planner.context.topology.sliceCount;
    const pairs = allKeys.length === 0 ? a.rows * b.rows : rows / residual.reduce((s, p) => s * p.share, 1);
    const straight = chooseMovement('inner', a, b, allKeys, same, pairs, slices);
    const swapped = chooseMovement(
      'inner',
      b,
      a,
      allKeys.map((k) => ({ outer: k.inner, inner: k.outer })),
      same,
      pairs,
      slices,
    );
    const [outer, inner] = shouldSwap(straight, swapped, a, b) ? [b, a] : [a, b];
    const choice = (outer === a ? straight : swapped) ?? gatherBoth(outer, inner, slices);
    const operators = residual.reduce((n, p) => n + operatorCount(p.expr), 0);
    const cost =
      allKeys.length > 0
        ? hashJoinCost(outer, inner, rows, choice.cost * Math.max(1, arms))
        : nestedLoopCost(outer, inner, operators, choice.cost);
    return {
      mask,
      rows,
      width: a.width + b.width,
      pinned: a.pinned || b.pinned,
      leaderOnly: a.leaderOnly === true || b.leaderOnly === true,
      changing: a.changing === true || b.changing === true,
      distribution: choice.result,
      ...cost,
      tree: { kind: 'join', mask, left: outer.tree, right: inner.tree },
    };
  }

  /** How many joins by a key can do what a loop over the pairs would (alternatives.ts); 0 when it stays a loop. */
  private alternatives(residual: readonly GraphPredicate[], a: Candidate, b: Candidate): number {
    if (!areManyPairs(this.planner, a.rows * b.rows)) return 0;
    const keyed = (arm: BoundExpr): boolean =>
      conjuncts(arm).some(
        (c) => c.kind === 'compare' && c.op === '=' && this.splits(c.left, c.right, a.mask, b.mask),
      );
    const found = residual.find(({ expr }) => expr.kind === 'or' && expr.args.every(keyed))?.expr;
    return found?.kind === 'or' ? found.args.length : 0;
  }

  private splits(left: BoundExpr, right: BoundExpr, a: number, b: number): boolean {
    const [l, r] = [maskOf(left, this.graph.leaves), maskOf(right, this.graph.leaves)];
    if (l === 0 || r === 0) return false;
    return ((l & ~a) === 0 && (r & ~b) === 0) || ((l & ~b) === 0 && (r & ~a) === 0);
  }

  signature(d: Distribution): string {
    return d.kind === 'key' ? `key ${d.keys.map((k) => this.planner.equal.find(k)).join(' ')}` : d.kind;
  }

  /** Keeps the cheapest candidate of each distribution, and the few cheapest distributions. */
  keep(list: readonly Candidate[]): Candidate[] {
    const best = new Map<string, Candidate>();
    for (const c of list) {
      const key = this.signature(c.distribution);
      const old = best.get(key);
      if (old === undefined || c.totalCost < old.totalCost) best.set(key, c);
    }
    return [...best.values()]
      .sort((a, b) => a.totalCost - b.totalCost)
      .slice(0, this.graph.leaves.length > KEPT_MANY_LEAVES ? KEPT_MAX - 1 : KEPT_MAX);
  }
}

/** Cheapest tree over connected leaves, by dynamic programming over sets of leaves. */
function* dynamicOrder(search: Search, leaves: readonly number[]): Steps<Candidate> {
  const bushy = leaves.length <= BUSHY_LEAVES_MAX;
  const full = leaves.reduce((mask, i) => mask | (1 << i), 0);
  const best = new Map<number, Candidate[]>(leaves.map((i) => [1 << i, [search.leaf(i)]]));
  const sets = Array.from({ length: (1 << leaves.length) - 1 }, (_, n) =>
    leaves.reduce((mask, leaf, i) => ((n + 1) & (1 << i) ? mask | (1 << leaf) : mask), 0),
  );
  for (const set of sets) {
    if (best.has(set)) continue;
    yield;
    const found: Candidate[] = [];
    for (let part = (set - 1) & set; part > 0; part = (part - 1) & set) {
      const rest = set & ~part;
      if (bushy ? part < rest : !isOneBit(rest)) continue;
      const [a, b] = [best.get(part), best.get(rest)];
      if (a === undefined || b === undefined || !search.connected(part, rest)) continue;
      for (const x of a) for (const y of b) found.push(part < rest ? search.join(x, y) : search.join(y, x));
    }
    if (found.length > 0) best.set(set, search.keep(found));
  }
  return (
    best.get(full)?.[0] ??
    (yield* greedyOrder(
      search,
      leaves.map((i) => search.leaf(i)),
    ))
  );
}

interface Pair {
  readonly a: Candidate;
  readonly b: Candidate;
  readonly joined: Candidate;
  /** A predicate connects the two. */
  readonly linked: boolean;
  readonly added: number;
}

/** Pairs of candidates, each looked at once: a join leaves all pairs but its own as they were. */
class Pairs {
  private readonly known = new Map<Candidate, Map<Candidate, Pair>>();

  constructor(private readonly search: Search) {}

  of(a: Candidate, b: Candidate): Pair {
    const partners = this.known.get(a) ?? new Map<Candidate, Pair>();
    this.known.set(a, partners);
    let pair = partners.get(b);
    if (pair === undefined) {
      const joined = this.search.join(a, b);
      const added = joined.totalCost - a.totalCost - b.totalCost;
      pair = { a, b, joined, linked: this.search.connected(a.mask, b.mask), added };
      partners.set(b, pair);
    }
    return pair;
  }
}

/** Joins the cheapest pair until one is left. */
function* greedyOrder(search: Search, start: readonly Candidate[]): Steps<Candidate> {
  const pairs = new Pairs(search);
  let left = [...start];
  while (left.length > 1) {
    let best: Pair | undefined;
    for (let i = 0; i < left.length; i++) {
      yield;
      for (let j = i + 1; j < left.length; j++) {
        const pair = pairs.of(left[i]!, left[j]!);
        const better = best === undefined || (pair.linked === best.linked ? pair.added < best.added : pair.linked);
        if (better) best = pair;
      }
    }
    left = [...left.filter((c) => c !== best!.a && c !== best!.b), best!.joined];
  }
  return left[0]!;
}

/** Groups of leaves that predicates connect. */
function components(search: Search, count: number): readonly (readonly number[])[] {
  let groups: { mask: number; leaves: number[] }[] = [];
  for (let i = 0; i < count; i++) groups.push({ mask: 1 << i, leaves: [i] });
  for (let merged = true; merged;) {
    merged = false;
    for (const [n, a] of groups.entries()) {
      const b = groups.slice(n + 1).find((g) => search.connected(a.mask, g.mask));
      if (b === undefined) continue;
      groups = [
        ...groups.filter((g) => g !== a && g !== b),
        { mask: a.mask | b.mask, leaves: [...a.leaves, ...b.leaves] },
      ];
      merged = true;
      break;
    }
  }
  return groups.map((g) => g.leaves);
}

/** The join tree to build; `left` of each join is the outer side as the search saw it. */
export function* orderJoins(planner: Planner, graph: JoinGraph): Steps<JoinTree> {
  const search = new Search(planner, graph);
  const parts: Candidate[] = [];
  for (const leaves of components(search, graph.leaves.length)) {
    const order =
      leaves.length <= DYNAMIC_LEAVES_MAX
        ? dynamicOrder(search, leaves)
        : greedyOrder(
            search,
            leaves.map((i) => search.leaf(i)),
          );
    parts.push(yield* order);
  }
  return (yield* greedyOrder(search, parts)).tree;
}
