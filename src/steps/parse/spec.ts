/**
 * COPY's parse step: records of files; every column but an identity one is a field, in this order.
 */
import type { ColId } from '../../common/ids.ts';
import type { SqlType } from '../../types/sql-type.ts';

export interface ParseSpec {
  readonly kind: 'parse';
  readonly load: number;
  readonly columns: readonly {
    readonly id: ColId;
    readonly attnum: number;
    readonly type: SqlType;
    readonly nullable: boolean;
    readonly identity: boolean;
  }[];
  readonly conversion: {
    readonly acceptAnyDate: boolean;
    readonly roundDec: boolean;
    readonly truncateColumns: boolean;
  };
  readonly label: string;
}
