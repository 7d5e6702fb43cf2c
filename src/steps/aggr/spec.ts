/**
 * The aggr step: groups and their primitive aggregates.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { PrimitiveAggregate } from '../../functions/define.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { RowShape, StoreId } from '../spec.ts';

export interface AggregateSpec {
  readonly id: ColId;
  readonly prim: PrimitiveAggregate;
  readonly arg: BoundExpr | undefined;
  readonly type: SqlType;
  readonly distinct: boolean;
}
export interface AggrSpec {
  readonly kind: 'aggr';
  readonly store: StoreId;
  /** Rows are on the first slice only: the others make no empty group. */
  readonly single: boolean;
  readonly phase: 'partial' | 'final' | 'complete';
  readonly groups: readonly { readonly id: ColId; readonly expr: BoundExpr }[];
  /** Grouping sets side by side: a row is grouped by each set's keys, in place of the groups' expressions. */
  readonly sets?: readonly (readonly BoundExpr[])[];
  readonly aggregates: readonly AggregateSpec[];
  readonly shape: RowShape;
  /** Segments that make groups of the one store. */
  readonly feeds: number;
  /** As views know the step: groups of a DISTINCT are its unique rows. */
  readonly name: 'aggr' | 'unique';
  readonly label: string;
}
