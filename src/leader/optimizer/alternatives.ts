/**
 * Joins by alternatives: `a.x = b.x OR a.y = b.y` has no key that hashes, but each alternative has. Instead of a loop over all
 * pairs the join becomes one hash join an alternative, whose rows are appended:
 *
 *   inner   the join by each alternative, without the pairs for which an earlier one is true
 *   left    the inner join, and the outer rows that no alternative joins, with NULLs
 *   semi    the semi join by each alternative, of the outer rows that no earlier one joins
 *   anti    the anti joins by all alternatives, one over the other
 *
 * NULL makes an alternative unknown, which is not true, so that such a pair goes to the later ones. Both sides are read again
 * for every part: only rows that come out the same each time may be, and only where the pairs by far outnumber the rows.
 * Called by join.ts for joins without keys, and asked by join-order.ts what such a join costs.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnRef } from '../../expressions/relation.ts';
import { callsVolatile, conjuncts, FALSE } from '../../expressions/walk.ts';
import { BOOL } from '../../types/sql-type.ts';
import { inputsOf, type PlanNode } from '../plan/plan.ts';
import type { Needed, Planner } from './context.ts';
import { columnExpr, columnsOfAll } from './expression.ts';
import type { PairJoin } from './join.ts';
import { extractKeys, type JoinKey } from './join-keys.ts';
import { aligned, projectNode } from './nodes.ts';
import { append } from './set-operation.ts';

/** Fewer pairs are tried in some milliseconds. */
const PAIRS_MIN = 2_000_000;
/** Pairs that are tried while one row is read again. */
const PAIRS_PER_ROW = 20;
const ALTERNATIVES_MAX = 8;
/** Nodes whose rows are the same whenever they are computed. */
const STABLE: ReadonlySet<PlanNode['kind']> = new Set([
  'scan',
  'values',
  'filter',
  'project',
  'subquery-scan',
  'exchange',
  'append',
  'hash-join',
  'merge-join',
  'nested-loop',
]);

interface Alternative {
  readonly condition: BoundExpr;
  readonly keys: readonly JoinKey[];
  readonly residual: readonly BoundExpr[];
}
interface Alternatives {
  readonly arms: readonly Alternative[];
  /** What every pair must meet besides. */
  readonly rest: readonly BoundExpr[];
}

function alternativesOf(
  conditions: readonly BoundExpr[],
  outer: ReadonlySet<ColId>,
  inner: ReadonlySet<ColId>,
): Alternatives | undefined {
  for (const expr of conditions) {
    if (expr.kind !== 'or' || expr.args.length > ALTERNATIVES_MAX) continue;
    const arms = expr.args.map((condition) => ({ condition, ...extractKeys(conjuncts(condition), outer, inner) }));
    if (arms.every((arm) => arm.keys.length > 0)) return { arms, rest: conditions.filter((c) => c !== expr) };
  }
  return undefined;
}

const isStable = (node: PlanNode): boolean =>
  (STABLE.has(node.kind) || (node.kind === 'aggregate' && node.aggregates.length === 0)) &&
  inputsOf(node).every(isStable);
const rowsBelow = (node: PlanNode): number => inputsOf(node).reduce((n, input) => n + rowsBelow(input), node.rows);

/** The same plan in nodes of its own, since each node is one operator of EXPLAIN. */
function copy(node: PlanNode): PlanNode {
  const inputs = new Set<unknown>(inputsOf(node));
  const fields = Object.entries(node).map(([name, value]: readonly [string, unknown]): [string, unknown] => {
    if (inputs.has(value)) return [name, copy(value as PlanNode)];
    const isList = Array.isArray(value) && value.length > 0 && value.every((v) => inputs.has(v));
    return [name, isList ? value.map((v) => copy(v as PlanNode)) : value];
  });
  return Object.fromEntries(fields) as unknown as PlanNode;
}

const notTrue = (condition: BoundExpr): BoundExpr => ({
  kind: 'not',
  type: BOOL,
  arg: { kind: 'coalesce', type: BOOL, args: [condition, FALSE] },
});

export const areManyPairs = ({ context }: Planner, pairs: number): boolean =>
  pairs >= PAIRS_MIN || context.forcesAlternatives;

/** Undefined where the join stays a loop. */
export function joinAlternatives(
  planner: Planner,
  join: PairJoin,
  build: (part: PairJoin) => PlanNode,
): PlanNode | undefined {
  const { type, outer, inner } = join;
  if (join.keys.length > 0 || join.singleRow === true || type === 'full' || type === 'anti-null-aware')
    return undefined;
  const pairs = outer.rows * inner.rows;
  const { forcesAlternatives } = planner.context;
  if (!areManyPairs(planner, pairs) || callsVolatile(join.residual)) return undefined;
  const sides = [outer, inner];
  if (sides.some((n) => planner.pinned.has(n) || planner.changing.has(n) || n.distribution.kind === 'leader'))
    return undefined;
  const ids = (node: PlanNode): Set<ColId> => new Set(node.columns.map((c) => c.id));
  const found = alternativesOf(join.residual, ids(outer), ids(inner));
  if (found === undefined) return undefined;
  const again = found.arms.length * (rowsBelow(outer) + rowsBelow(inner));
  if (pairs < PAIRS_PER_ROW * again && !forcesAlternatives) return undefined;
  if (!sides.every(isStable) || callsVolatile(sides)) return undefined;
  return new Parts(planner, join, found, build).all();
}

class Parts {
  private readonly outerColumns: readonly ColumnRef[];
  private readonly innerColumns: readonly ColumnRef[];
  /** What the parts over outer rows alone have to pass on. */
  private readonly kept: Needed;

  constructor(
    private readonly planner: Planner,
    private readonly join: PairJoin,
    private readonly found: Alternatives,
    private readonly build: (part: PairJoin) => PlanNode,
  ) {
    const { outer, inner, needed, residual } = join;
    this.outerColumns = outer.columns.filter((c) => needed.has(c.id));
    this.innerColumns = inner.columns.filter((c) => needed.has(c.id));
    this.kept = columnsOfAll(residual, new Set(needed));
  }

  all(): PlanNode {
    const { type } = this.join;
    const { arms } = this.found;
    if (type === 'anti') return this.without(arms.length, this.join.outer);
    if (type === 'semi')
      return this.together(arms.map((_, k) => this.part('semi', k, this.without(k, copy(this.join.outer)))));
    const joined = arms.map((_, k) => this.part('inner', k, copy(this.join.outer)));
    return this.together(type === 'left' ? [...joined, this.unmatched()] : joined);
  }

  private part(type: 'inner' | 'semi' | 'anti', k: number, outer: PlanNode): PlanNode {
    const { join, found } = this;
    const { keys, residual } = found.arms[k]!;
    const earlier = type === 'inner' ? found.arms.slice(0, k).map((arm) => notTrue(arm.condition)) : [];
    return this.build({
      type,
      outer,
      inner: copy(join.inner),
      keys,
      residual: [...residual, ...found.rest, ...earlier],
      rows: type === 'anti' ? outer.rows : Math.max(1, Math.ceil(join.rows / found.arms.length)),
      needed: type === 'anti' ? this.kept : join.needed,
    });
  }

  /** The outer rows that none of the first `count` alternatives joins. */
  private without(count: number, outer: PlanNode): PlanNode {
    let node = outer;
    for (let k = 0; k < count; k++) node = this.part('anti', k, node);
    return node;
  }

  private unmatched(): PlanNode {
    const node = this.without(this.found.arms.length, copy(this.join.outer));
    const nulls = this.innerColumns.map(({ type }): BoundExpr => ({ kind: 'const', type, value: null }));
    return this.asBefore(() =>
      projectNode(
        this.planner,
        node,
        [...this.outerColumns, ...this.innerColumns],
        [...this.outerColumns.map(columnExpr), ...nulls],
      ),
    );
  }

  private together(parts: readonly PlanNode[]): PlanNode {
    const columns = this.join.type === 'semi' ? this.outerColumns : [...this.outerColumns, ...this.innerColumns];
    const alike = parts.map((part) => aligned(this.planner, part, columns));
    const node = this.asBefore(() => append(this.planner, alike, columns));
    return { ...node, rows: this.join.rows };
  }

  /** The parts have the join's own columns, of which the planner knows what it knew. */
  private asBefore(make: () => PlanNode): PlanNode {
    const { profiles } = this.planner;
    const known = [...this.outerColumns, ...this.innerColumns].map((c) => [c.id, profiles.get(c.id)] as const);
    const node = make();
    for (const [id, profile] of known) if (profile !== undefined) profiles.set(id, profile);
    return node;
  }
}
