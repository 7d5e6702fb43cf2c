/**
 * The insert step: rows into the slice's part of a table.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { StorageTable } from '../../slices/storage.ts';
import type { SqlType } from '../../types/sql-type.ts';

export interface InsertSpec {
  readonly kind: 'insert';
  readonly table: StorageTable;
  readonly columns: readonly {
    readonly attnum: number;
    readonly expr: BoundExpr;
    readonly type: SqlType;
    readonly notNull: boolean;
    readonly name: string;
  }[];
  readonly owners: boolean;
  readonly sorted: boolean;
  readonly label: string;
  /** The rows are not stored: encodings bid on them (COMPUPDATE). */
  readonly sample?: boolean;
}
