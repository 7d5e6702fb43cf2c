/**
 * A join's stage, for hjoin and nloop: the output row set, what the probe remembers between two calls, and the columns
 * of the inner side behind it.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ColumnAccess } from '../segment-code.ts';
import type { Flow, Operation } from '../definition.ts';
import type { RowShape, StoreId } from '../spec.ts';
import { emitDrain, emitProbe, marksInner, type JoinCode } from './emit.ts';

export interface JoinTable {
  readonly store: StoreId;
  readonly joinType: JoinCode['joinType'];
  readonly shape: RowShape;
  readonly blocks?: boolean;
}
export interface JoinConditions {
  readonly outerKeys: readonly BoundExpr[];
  readonly keyFields: readonly number[];
  readonly residual: readonly BoundExpr[];
  readonly dense: boolean;
}

export function designJoin(flow: Flow, table: JoinTable, conditions: JoinConditions, step: number): void {
  const { code } = flow;
  const slot = flow.rows.tuples.length;
  const keepsInner = !['semi', 'anti', 'anti-null-aware'].includes(table.joinType);
  const output = code.rowSet(flow.rows.selection >= 0, slot + (keepsInner ? 1 : 0));
  const columns = new Map<number, ColumnAccess>(flow.columns);
  for (const field of table.shape.layout.fields)
    columns.set(field.id, { kind: 'tuple', slot, field, alwaysNullable: false });
  const join: JoinCode = {
    store: table.store,
    joinType: table.joinType,
    shape: table.shape,
    blocks: table.blocks === true,
    ...conditions,
    input: flow.rows,
    output,
    outerSlots: slot,
    resume: code.allocate(4, 4),
    chain: code.allocate(4, 4),
    matched: code.allocate(4, 4),
    step,
  };
  const outerStores = [...flow.stores];
  const operations: Operation[] = [];
  flow.stages.push({
    input: flow.rows,
    output,
    columns,
    operations,
    emit: (env) => emitProbe(env, join),
    drain: marksInner(join) ? (env) => emitDrain(env, join, outerStores) : undefined,
  });
  flow.operations = operations;
  if (keepsInner) flow.stores.push(table.store);
  flow.columns = keepsInner ? columns : new Map(flow.columns);
  flow.rows = output;
}
