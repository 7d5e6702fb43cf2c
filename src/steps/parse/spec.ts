/**
 * COPY's parse step: records of files; every column is a field, in this order. What a batch of them
 * is made of, texts or values, the load format says by column (formats/load-format.ts).
 */
import type { ColId } from '../../common/ids.ts';
import type { LoadConversion } from '../../formats/text/text-format.ts';
import type { SqlType } from '../../types/sql-type.ts';

export interface ParseSpec {
  readonly kind: 'parse';
  readonly load: number;
  readonly columns: readonly {
    readonly id: ColId;
    readonly attnum: number;
    readonly type: SqlType;
    readonly nullable: boolean;
    readonly delivered: 'text' | 'value';
  }[];
  readonly conversion: {
    readonly acceptAnyDate: boolean;
    readonly roundDec: boolean;
    readonly truncateColumns: boolean;
    readonly shapes?: LoadConversion['shapes'];
  };
  readonly label: string;
}
