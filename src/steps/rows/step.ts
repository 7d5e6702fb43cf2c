/**
 * The scan of rows the host hands in (values, system views): locus leader only.
 */
import type { SourceStep } from '../definition.ts';
import { designTupleSource } from '../source-code.ts';
import type { RowShape } from '../spec.ts';

export interface RowsSpec {
  readonly kind: 'rows';
  /** The host's key for them. */
  readonly rows: number;
  readonly shape: RowShape;
  readonly label: string;
}

export const rows: SourceStep<RowsSpec> = {
  view: (spec) => ({ kind: 'scan', label: spec.label, tableId: 0, tableName: 'Internal Worktable' }),
  design: (code, spec) => designTupleSource(code, spec.shape, [], false),
};
