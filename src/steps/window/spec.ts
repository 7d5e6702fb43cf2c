/**
 * The window step: its sink keeps rows in the order of their partitions and of the window's ORDER BY; the source of the
 * segment behind it reads them with what the window functions give.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr, WindowFrame } from '../../expressions/bound.ts';
import type { SortKey } from '../../expressions/relation.ts';
import type { PrimitiveAggregate, WindowPlace, WindowPosition } from '../../functions/define.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { RowShape, StoreId } from '../spec.ts';

/** Rows that agree in the first `keys` sort keys: partitions, or peers. */
export interface WindowLevel {
  readonly keys: number;
  /** Bytes of those keys in the key string, or the field that has them; neither: all keys, or none. */
  readonly bytes?: number;
  readonly field?: number;
}
export interface WindowSpec {
  readonly kind: 'window';
  readonly store: StoreId;
  /** Partition keys, then order keys. */
  readonly keys: readonly SortKey[];
  /** The first is the partition's. */
  readonly levels: readonly WindowLevel[];
  /** The rows' columns, the levels' fields, the key string. */
  readonly shape: RowShape;
  readonly label: string;
}
/** A part of a window function; what it reads of a row is a column of the rows kept. */
export type WindowedCall = { readonly id: ColId; readonly type: SqlType } & (
  | { readonly kind: 'position'; readonly position: WindowPosition; readonly level: number }
  | {
      readonly kind: 'value';
      readonly place: WindowPlace;
      readonly arg: ColId;
      /** A column, or a value that all rows have in common. */
      readonly offset: BoundExpr | undefined;
      readonly ignoreNulls: boolean;
      readonly frame: WindowFrame | undefined;
      /** Where the order has NULLs, which percentiles pass by. */
      readonly nullsFirst: boolean;
    }
  | {
      readonly kind: 'aggregate';
      readonly prim: PrimitiveAggregate;
      readonly arg: ColId | undefined;
      readonly frame: WindowFrame;
    }
);
export interface WindowedSpec {
  readonly kind: 'windowed';
  readonly store: StoreId;
  readonly shape: RowShape;
  readonly levels: readonly WindowLevel[];
  readonly calls: readonly WindowedCall[];
  /** The calls' columns. */
  readonly results: RowShape;
  readonly label: string;
}

/** Ids of the levels' fields in sorted tuples. */
export const LEVEL_ID = 0x7ffb0000;
