/**
 * The scan step: rows of a table's blocks, as they were when the snapshot was taken.
 */
import type { ColId } from '../../common/ids.ts';
import type { StorageTable } from '../../slices/storage.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { RangeSpec } from '../range.ts';

export interface ScanSpec {
  readonly kind: 'scan';
  readonly table: StorageTable;
  readonly columns: readonly {
    readonly id: ColId;
    readonly attnum: number;
    readonly type: SqlType;
    readonly nullable: boolean;
  }[];
  readonly ranges: readonly RangeSpec[];
  /** Rows in the order of this column, the first of the sort key. */
  readonly ordered?: number;
  /** own: the slice's rows; node: the node's ALL copy; first: ALL copy read on slice 0 only; owners: ALL copy on each node's owner slice. */
  readonly read: 'own' | 'node' | 'first' | 'owners';
  readonly label: string;
}
