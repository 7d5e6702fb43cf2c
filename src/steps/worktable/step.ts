/**
 * The scan of an Internal Worktable: what a segment of the same slice left in a store, in order when it was sorted.
 */
import type { JoinType } from '../../expressions/relation.ts';
import type { SourceStep } from '../definition.ts';
import { designTupleSource } from '../source-code.ts';
import type { RowShape, StoreId } from '../spec.ts';

export interface WorktableSpec {
  readonly kind: 'worktable';
  readonly store: StoreId;
  readonly shape: RowShape;
  readonly label: string;
  /** The rows were set aside for a join with this store, which is on disk: they come partition by partition. */
  readonly paired?: { readonly store: StoreId; readonly joinType: Exclude<JoinType, 'cross'> };
}

export const worktable: SourceStep<WorktableSpec> = {
  view: (spec) => ({ kind: 'scan', label: spec.label, tableId: 0, tableName: 'Internal Worktable' }),
  design: (code, spec) => designTupleSource(code, spec.shape, [spec.store], false),
};
