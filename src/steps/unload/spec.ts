/**
 * The unload step: rows as lines of text.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { EdgeId } from '../spec.ts';

/** How UNLOAD writes a line; the delimiter is one ASCII byte. */
export interface UnloadFormat {
  readonly csv: boolean;
  readonly delimiter: number;
  readonly addQuotes: boolean;
  readonly escape: boolean;
  readonly nullAs: BoundExpr;
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
}
