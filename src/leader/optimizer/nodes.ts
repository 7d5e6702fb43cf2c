/**
 * Constructors of plan nodes: each fills in rows, width, costs and distribution from its inputs, so that no other file
 * of the optimizer builds a node by hand. `readOnce` turns a tree whose rows every slice holds into one that gives
 * them once.
 */
import type { ColId } from '../../common/ids.ts';
import { assert } from '../../common/assert.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { isVolatile } from '../../expressions/walk.ts';
import type { Rel, ColumnRef, SortKey, Secure } from '../../expressions/relation.ts';
import type { Distribution, PlanNode } from '../plan/plan.ts';
import type { Planner } from './context.ts';
import { filterCost, limitCost, sortCost } from './cost.ts';
import { bareColumn, columnsIn, operatorCount } from './expression.ts';
import { andSelectivity, clampRows, exprProfile, widthOf } from './statistics.ts';

export type NodeOf<K extends PlanNode['kind']> = Extract<PlanNode, { kind: K }>;
type Exchange = NodeOf<'exchange'>;

/** Rows for volatile expressions: where every slice holds a copy of a row, each would make values of its own. */
export const evaluatedOnce = (planner: Planner, rows: PlanNode, exprs: readonly BoundExpr[]): PlanNode =>
  exprs.some(isVolatile) ? readOnce(planner, rows) : rows;

/** Keeps a node's rows pinned, or changing, when an input's are. */
export function inherit(planner: Planner, node: PlanNode, ...inputs: readonly PlanNode[]): PlanNode {
  if (inputs.some((i) => planner.pinned.has(i))) planner.pinned.add(node);
  if (inputs.some((i) => planner.changing.has(i))) planner.changing.add(node);
  return node;
}

export function filterNode(planner: Planner, below: PlanNode, condition: readonly BoundExpr[]): PlanNode {
  if (condition.length === 0) return below;
  const input = evaluatedOnce(planner, below, condition);
  const operators = condition.reduce((n, c) => n + operatorCount(c), 0);
  const rows = clampRows(input.rows * andSelectivity(condition, planner.profiles));
  return inherit(
    planner,
    {
      kind: 'filter',
      input,
      condition,
      columns: input.columns,
      rows,
      width: input.width,
      ...filterCost(input, operators),
      distribution: input.distribution,
    },
    input,
  );
}

/** Distribution keys by the names the projection gives them. */
function renamed(planner: Planner, distribution: Distribution, columns: readonly ColumnRef[]): Distribution {
  if (distribution.kind !== 'key') return distribution;
  const keys = distribution.keys.map(
    (key) => columns.find((c) => c.id === key)?.id ?? columns.find((c) => planner.equal.same(c.id, key))?.id ?? key,
  );
  return { kind: 'key', keys };
}

export function projectNode(
  planner: Planner,
  below: PlanNode,
  columns: readonly ColumnRef[],
  exprs: readonly BoundExpr[],
): PlanNode {
  const input = evaluatedOnce(planner, below, exprs);
  columns.forEach((column, i) => {
    planner.profiles.set(column.id, exprProfile(exprs[i]!, planner.profiles));
    const under = bareColumn(exprs[i]!);
    if (under !== undefined) planner.equal.join(column.id, under.id);
  });
  return inherit(
    planner,
    {
      kind: 'project',
      input,
      exprs,
      columns,
      rows: input.rows,
      startupCost: input.startupCost,
      totalCost: input.totalCost,
      width: widthOf(columns, planner.profiles),
      distribution: renamed(planner, input.distribution, columns),
    },
    input,
  );
}

/** Drops columns nobody above uses: a projection of plain columns, free of cost. */
export function prune(planner: Planner, input: PlanNode, needed: ReadonlySet<ColId>): PlanNode {
  const columns = input.columns.filter((c) => needed.has(c.id));
  if (columns.length === input.columns.length) return input;
  if (input.kind === 'project') {
    const exprs = input.exprs.filter((_, i) => needed.has(input.columns[i]!.id));
    return projectNode(planner, input.input, columns, exprs);
  }
  return projectNode(
    planner,
    input,
    columns,
    columns.map((c) => ({ kind: 'column', id: c.id, type: c.type })),
  );
}

/** Exactly these columns in this order. */
export function aligned(planner: Planner, input: PlanNode, columns: readonly ColumnRef[]): PlanNode {
  const same = input.columns.length === columns.length && columns.every((c, i) => input.columns[i]!.id === c.id);
  if (same) return input;
  return projectNode(
    planner,
    input,
    columns,
    columns.map((c) => ({ kind: 'column', id: c.id, type: c.type })),
  );
}

/** Every row `count` times, with the copy's number as the last column. */
export function expandNode(planner: Planner, input: PlanNode, number: ColumnRef, count: number): PlanNode {
  planner.profiles.set(number.id, { distinct: count, nullFraction: 0, width: 4 });
  const { columns, startupCost, totalCost, distribution } = input;
  return {
    kind: 'expand',
    input,
    number,
    count,
    columns: [...columns, number],
    rows: input.rows * count,
    width: input.width + 4,
    startupCost,
    totalCost,
    distribution,
  };
}

/** Rows of constants on the leader. */
export const valuesNode = (
  planner: Planner,
  columns: readonly ColumnRef[],
  exprs: readonly (readonly BoundExpr[])[],
): PlanNode => ({
  kind: 'values',
  exprs,
  columns,
  rows: exprs.length,
  width: widthOf(columns, planner.profiles),
  startupCost: 0,
  totalCost: 0.01 * exprs.length,
  distribution: { kind: 'leader' },
});

export function subqueryNode(planner: Planner, input: PlanNode, alias: string, secure?: Secure): PlanNode {
  const { columns, rows, width, startupCost, totalCost, distribution } = input;
  return inherit(
    planner,
    {
      kind: 'subquery-scan',
      input,
      alias,
      ...(secure === undefined ? {} : { secure }),
      columns,
      rows,
      width,
      startupCost,
      totalCost,
      distribution,
    },
    input,
  );
}

/** Rows as often as an expression says: on average `times`. */
export function unnestNode(
  planner: Planner,
  input: PlanNode,
  rel: Extract<Rel, { kind: 'unnest' }>,
  times: number,
): PlanNode {
  const { count, outer, on, ordinal } = rel;
  const rows = clampRows(input.rows * times);
  planner.profiles.set(
    ordinal.id,
    exprProfile({ kind: 'column', type: ordinal.type, id: ordinal.id }, planner.profiles),
  );
  return inherit(
    planner,
    {
      kind: 'unnest',
      input,
      count,
      outer,
      ...(on === undefined ? {} : { on }),
      ordinal,
      columns: [...input.columns, ordinal],
      rows,
      width: widthOf([...input.columns, ordinal], planner.profiles),
      startupCost: input.startupCost,
      totalCost: input.totalCost + 0.01 * rows,
      distribution: input.distribution,
    },
    input,
  );
}

export function hashedOn(keys: readonly BoundExpr[]): Distribution {
  const columns = keys.map((k) => bareColumn(k)?.id);
  if (columns.some((c) => c === undefined)) return { kind: 'even' };
  return { kind: 'key', keys: columns as ColId[] };
}

export function exchangeNode(
  planner: Planner,
  input: PlanNode,
  mode: Exchange['mode'],
  keys: readonly BoundExpr[] = [],
): PlanNode {
  assert(!planner.pinned.has(input), 'rows of a DELETE or UPDATE target cannot move');
  const distribution: Distribution =
    mode === 'hash' ? hashedOn(keys) : mode === 'broadcast' ? { kind: 'all' } : { kind: mode };
  const { columns, rows, width, startupCost, totalCost } = input;
  const node = { kind: 'exchange', input, mode, keys, columns, rows, width, startupCost, totalCost, distribution };
  return inherit(planner, node as NodeOf<'exchange'>, input);
}

export function sortNode(input: PlanNode, keys: readonly SortKey[], limit: BoundExpr | undefined): PlanNode {
  const { columns, width, distribution } = input;
  const cost = sortCost(input, distribution.kind !== 'leader');
  const node = { kind: 'sort', input, keys, columns, rows: input.rows, width, ...cost, distribution } as const;
  return limit === undefined ? node : { ...node, limit };
}

export function mergeNode(planner: Planner, input: PlanNode, keys: readonly SortKey[]): PlanNode {
  assert(!planner.pinned.has(input), 'rows of a DELETE or UPDATE target cannot move');
  const { columns, rows, width, startupCost, totalCost } = input;
  return {
    kind: 'merge',
    input,
    keys,
    columns,
    rows,
    width,
    startupCost,
    totalCost,
    distribution: { kind: 'leader' },
  };
}

export function limitNode(input: PlanNode, limit: BoundExpr | undefined, offset: BoundExpr | undefined): PlanNode {
  const fixed = (e: BoundExpr | undefined): number | undefined =>
    e?.kind === 'const' && e.value !== null ? Number(e.value) : undefined;
  const skip = fixed(offset) ?? 0;
  const wanted =
    limit === undefined || (limit.kind === 'const' && limit.value === null)
      ? input.rows
      : (fixed(limit) ?? input.rows / 10);
  const rows = clampRows(Math.min(wanted, Math.max(0, input.rows - skip)));
  return {
    kind: 'limit',
    input,
    limit,
    offset,
    columns: input.columns,
    rows,
    width: input.width,
    ...limitCost(input, rows + skip),
    distribution: input.distribution,
  };
}

export function appendNode(
  planner: Planner,
  inputs: readonly PlanNode[],
  columns: readonly ColumnRef[],
  distribution: Distribution,
): PlanNode {
  columns.forEach((column, i) => {
    const parts = inputs.map((input) => planner.profiles.get(input.columns[i]!.id));
    const known = parts.every((p) => p?.distinct !== undefined);
    planner.profiles.set(column.id, {
      distinct: known ? parts.reduce((n, p) => n + p!.distinct!, 0) : undefined,
      nullFraction: undefined,
      width: Math.max(0, ...parts.map((p) => p?.width ?? 0)),
    });
  });
  return {
    kind: 'append',
    inputs,
    columns,
    distribution,
    rows: inputs.reduce((n, i) => n + i.rows, 0),
    width: Math.max(0, ...inputs.map((i) => i.width)),
    startupCost: 0,
    totalCost: inputs.reduce((n, i) => n + i.totalCost, 0),
  };
}

/**
 * The same rows, once: a tree with distribution 'all' becomes one with distribution 'single'. Copies of ALL tables are
 * read by the first slice only, broadcasts become sends to the first slice. Any other tree comes back unchanged.
 */
export function readOnce(planner: Planner, node: PlanNode): PlanNode {
  if (node.distribution.kind !== 'all') return node;
  const single = { distribution: { kind: 'single' } } as const;
  const once = (n: PlanNode): PlanNode => readOnce(planner, n);
  switch (node.kind) {
    case 'scan':
      return { ...node, ...single, readOnce: true };
    case 'exchange': {
      const input = once(node.input);
      return input.distribution.kind === 'single' ? input : { ...node, ...single, input, mode: 'single', keys: [] };
    }
    case 'hash-join':
    case 'nested-loop':
      return { ...node, ...single, outer: once(node.outer), inner: once(node.inner) };
    case 'append':
      return { ...node, ...single, inputs: node.inputs.map(once) };
    case 'filter':
    case 'project':
    case 'unnest':
    case 'subquery-scan':
    case 'aggregate':
    case 'window':
    case 'expand':
    case 'sort':
    case 'limit':
      return { ...node, ...single, input: once(node.input) };
    case 'virtual-scan':
    case 'values':
    case 'merge':
    case 'recursive-union':
    case 'working-scan':
    case 'merge-join':
      assert(false, `${node.kind} is never on every slice`);
  }
}

/** Every column an ordering uses, with those needed above. */
export function withSortKeys(needed: ReadonlySet<ColId>, keys: readonly SortKey[]): Set<ColId> {
  const all = new Set(needed);
  for (const key of keys) columnsIn(key.expr, all);
  return all;
}
