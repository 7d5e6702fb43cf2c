/**
 * The delete step marks the rows deleted and passes them on.
 */
import type { ColId } from '../../common/ids.ts';
import type { StorageTable } from '../../slices/storage.ts';
import type { TransformStep } from '../definition.ts';
import { deleteBytes, emitDelete } from './emit.ts';

export interface DeleteSpec {
  readonly kind: 'delete';
  readonly table: StorageTable;
  readonly rowId: ColId;
  readonly label: string;
  /** A row that a join met twice is an error. */
  readonly singleMatch?: boolean;
  /** Matches of a row need not stand next to each other. */
  readonly comesAgain?: boolean;
}

export const deleteStep: TransformStep<DeleteSpec> = {
  view: (spec) => ({
    kind: 'delete',
    label: spec.label,
    tableId: spec.table.tableId,
    tableName: spec.table.name,
  }),
  reads: (spec) => [spec.rowId],
  design: (flow, spec, step) => {
    const addresses = flow.code.allocate(deleteBytes);
    flow.code.deletes = addresses;
    const [singleMatch, comesAgain] = [spec.singleMatch === true, spec.comesAgain === true];
    const code = { rowId: spec.rowId, singleMatch, comesAgain, addresses, step };
    flow.operations.push({
      spec,
      columns: new Map(flow.columns),
      emit: (env, rows) => emitDelete(env, rows, code),
    });
  },
};
