/**
 * The optimizer's door: a bound, rewritten statement to a physical plan. Selects end on the leader; inserted rows end
 * where the target wants them; rows of a DELETE or UPDATE stay on the slice that owns the target row.
 *
 * Called by the leader's executor and by EXPLAIN. Reads statistics through OptimizerContext and changes nothing.
 */
import { assert } from '../../common/assert.ts';
import { atOnce, type Steps } from '../../common/steps.ts';
import type { BoundStatement, ColumnRef, Rel } from '../../expressions/relation.ts';
import { liveColumns } from '../catalog/objects.ts';
import type { TableObject } from '../catalog/objects.ts';
import { inputsOf } from '../plan/plan.ts';
import type { Plan, PlanNode } from '../plan/plan.ts';
import type { OptimizerContext, Planner } from './context.ts';
import { columnExpr } from './expression.ts';
import { aligned, exchangeNode, readOnce } from './nodes.ts';
import { createPlanner } from './physical.ts';

export type { OptimizerContext } from './context.ts';

export const NESTED_LOOP_NOTE =
  '----- Nested Loop Join in the query plan - review the join predicates to avoid Cartesian products -----';

/** At once, for those who wait for nothing else. */
export const optimize = (statement: BoundStatement, context: OptimizerContext): Plan =>
  atOnce(planned(statement, context));

/** The plan in steps: joins of many tables take long to order. */
export function* planned(statement: BoundStatement, context: OptimizerContext): Steps<Plan> {
  const planner = createPlanner(context);
  switch (statement.kind) {
    case 'select': {
      const root = yield* selectRoot(planner, statement.rel, statement.columns);
      return { kind: 'select', root, columns: statement.columns, notes: notesOf(planner, root) };
    }
    case 'insert': {
      const table = context.table(statement.tableId);
      const input = aligned(
        planner,
        yield* planner.plan(statement.rel, idsOf(statement.columns), false),
        statement.columns,
      );
      const root = placed(planner, input, table, statement.columns);
      const notes = notesOf(planner, root);
      const allOwners = table.effectiveDiststyle === 'all';
      return { kind: 'insert', tableId: table.oid, root, columns: statement.columns, notes, allOwners };
    }
    case 'delete': {
      const root = yield* planner.plan(statement.rel, new Set([statement.rowId]), false);
      assert(planner.pinned.has(root), 'DELETE reads its target');
      return {
        kind: 'delete',
        tableId: statement.tableId,
        root,
        rowId: statement.rowId,
        notes: notesOf(planner, root),
      };
    }
    case 'update': {
      const needed = idsOf(statement.columns).add(statement.rowId);
      const root = yield* planner.plan(statement.rel, needed, false);
      assert(planner.pinned.has(root), 'UPDATE reads its target');
      const { tableId, rowId, columns } = statement;
      const key = keyOf(context.table(tableId), columns);
      const newKey = key === undefined || liesBy(planner, root, key) ? undefined : key;
      return { kind: 'update', tableId, root, rowId, columns, newKey, notes: notesOf(planner, root) };
    }
  }
}

const idsOf = (columns: readonly ColumnRef[]): Set<ColumnRef['id']> => new Set(columns.map((c) => c.id));

/** A select's rows on the leader: merged already, or gathered with exactly the result's columns. */
function* selectRoot(planner: Planner, rel: Rel, columns: readonly ColumnRef[]): Steps<PlanNode> {
  const node = readOnce(planner, yield* planner.plan(rel, idsOf(columns), true));
  if (node.distribution.kind === 'leader') return node;
  return exchangeNode(planner, aligned(planner, node, columns), 'leader');
}

/** Rows to insert, sent to the slices that will hold them. */
function placed(planner: Planner, input: PlanNode, table: TableObject, columns: readonly ColumnRef[]): PlanNode {
  const once = readOnce(planner, input);
  if (table.effectiveDiststyle === 'all') return exchangeNode(planner, once, 'broadcast');
  const key = keyOf(table, columns);
  if (key === undefined) return exchangeNode(planner, once, 'even');
  return liesBy(planner, once, key) ? once : exchangeNode(planner, once, 'hash', [columnExpr(key)]);
}

/** The distribution key among a row's columns, undefined where the table is not distributed by one. */
function keyOf(table: TableObject, columns: readonly ColumnRef[]): ColumnRef | undefined {
  const at = liveColumns(table).findIndex((c) => c.attnum === table.distkey);
  if (table.effectiveDiststyle !== 'key' || at < 0) return undefined;
  const column = columns[at];
  assert(column !== undefined, 'a new row has every column of its table');
  return column;
}

/** Whether the rows are where the table would have them. */
const liesBy = (planner: Planner, { distribution }: PlanNode, key: ColumnRef): boolean =>
  distribution.kind === 'key' && distribution.keys.length === 1 && planner.equal.same(distribution.keys[0]!, key.id);

/** Lines that follow an EXPLAIN and go to the alert log. */
function notesOf(planner: Planner, root: PlanNode): readonly string[] {
  const notes: string[] = [];
  if (planner.missingStatistics.size > 0) {
    notes.push(
      `----- Tables missing statistics: ${[...planner.missingStatistics].join(', ')} -----`,
      '----- Update statistics by running the ANALYZE command on these tables -----',
    );
  }
  if (hasCostlyLoop(root)) notes.push(NESTED_LOOP_NOTE);
  return notes;
}

function hasCostlyLoop(node: PlanNode): boolean {
  if (node.kind === 'nested-loop' && !node.singleRowInner && node.distribution.kind !== 'leader') return true;
  return inputsOf(node).some(hasCostlyLoop);
}
