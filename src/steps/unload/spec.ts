/**
 * The unload step: rows as lines of text, or as values.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { EdgeId } from '../spec.ts';

/** How UNLOAD writes a line. */
export type UnloadFormat = DelimitedFormat | FixedWidthFormat | JsonFormat | ValuesFormat;
/** The delimiter is one ASCII byte. */
export interface DelimitedFormat {
  readonly kind: 'delimited';
  readonly csv: boolean;
  readonly delimiter: number;
  readonly addQuotes: boolean;
  readonly escape: boolean;
  readonly nullAs: BoundExpr;
}
export interface FixedWidthFormat {
  readonly kind: 'fixedwidth';
  /** Characters of each column. */
  readonly widths: readonly number[];
  readonly nullAs: BoundExpr;
}
export interface JsonFormat {
  readonly kind: 'json';
  /** What stands in front of each column's value: `{"name":`, then `,"name":`. */
  readonly heads: readonly BoundExpr[];
}
/** No text: what a columnar writer takes. Of each column a byte, 0 for NULL or 1, and the value: 4, 8 or 16 bytes, or u32 length and bytes. */
export interface ValuesFormat {
  readonly kind: 'values';
}
export interface UnloadSpec {
  readonly kind: 'unload';
  readonly unload: number;
  readonly columns: readonly { readonly expr: BoundExpr; readonly type: SqlType }[];
  readonly edge: EdgeId;
  /** Lines for the leader: each as 'D', u32 (big-endian, with itself) length, text. Else each participant writes its own objects. */
  readonly framed: boolean;
  readonly ordered: boolean;
  readonly format: UnloadFormat;
  /** PARTITION BY: values that come framed in front of each line (s3/partitioned-writer.ts). */
  readonly partition?: readonly { readonly expr: BoundExpr; readonly type: SqlType }[] | undefined;
}
