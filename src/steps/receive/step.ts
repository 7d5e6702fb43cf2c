/**
 * The scan of an Internal Worktable that arrives over an edge, sent by the dist steps of all senders.
 */
import type { SourceStep } from '../definition.ts';
import { designTupleSource } from '../source-code.ts';
import type { EdgeId, RowShape } from '../spec.ts';

export interface ReceiveSpec {
  readonly kind: 'receive';
  readonly edge: EdgeId;
  readonly shape: RowShape;
}
/** Number of the first received worktable as labels print it. */
const FIRST_TABLE = 9000;

export const receive: SourceStep<ReceiveSpec> = {
  view: (spec) => ({
    kind: 'scan',
    label: `scan   tbl=${FIRST_TABLE + spec.edge} name=Internal Worktable`,
    tableId: 0,
    tableName: 'Internal Worktable',
  }),
  design: (code, spec) => designTupleSource(code, spec.shape, [], true),
};
