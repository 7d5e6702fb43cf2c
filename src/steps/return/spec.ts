/**
 * The return step: DataRow messages; with `ordered` each is preceded by its sort key (SORT_KEY_ID of the source).
 */
import type { ResultFormat } from '../../common/result-format.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { EdgeId } from '../spec.ts';

export interface ReturnSpec {
  readonly kind: 'return';
  readonly edge: EdgeId;
  readonly columns: readonly { readonly expr: BoundExpr; readonly type: SqlType; readonly format: ResultFormat }[];
  readonly ordered: boolean;
  /** Rows leave as batches of columns; not together with `ordered`, or where the leader counts rows. */
  readonly columnar?: true;
  /** False: another segment of the same slice returns more rows on this edge afterwards (branches of a UNION ALL). */
  readonly last: boolean;
}
