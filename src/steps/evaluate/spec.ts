/**
 * The evaluate step: values of volatile expressions, made once per row and kept beside it. `content`: the row comes from
 * one of several copies, and its random numbers follow from what it holds, so that every copy makes the same ones.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';

export interface EvaluateSpec {
  readonly kind: 'evaluate';
  readonly columns: readonly { readonly id: ColId; readonly expr: BoundExpr; readonly nullable: boolean }[];
  readonly content: readonly BoundExpr[] | undefined;
}
