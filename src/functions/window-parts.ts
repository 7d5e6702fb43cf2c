/**
 * Parts that window functions are made of, and the arithmetic that puts them together.
 */
import type { BoundExpr } from '../expressions/bound.ts';
import { FLOAT8, INT8 } from '../types/sql-type.ts';
import type { TypedWindowPart, WindowPlace, WindowPosition } from './define.ts';
import { asFloat } from './expand-nodes.ts';

export const position = (at: WindowPosition): TypedWindowPart => ({ kind: 'position', position: at, type: INT8 });
export const int8 = (value: bigint): BoundExpr => ({ kind: 'const', type: INT8, value });
export const valueAt = (
  place: WindowPlace,
  arg: BoundExpr,
  ignoreNulls: boolean,
  offset?: BoundExpr,
): TypedWindowPart => ({
  kind: 'value',
  place,
  arg,
  ignoreNulls,
  type: arg.type,
  ...(offset === undefined ? {} : { offset }),
});
/** The value in the row itself. */
export const ofRow = (arg: BoundExpr): TypedWindowPart => valueAt('lag', arg, false, int8(0n));
export const lessOne = (e: BoundExpr): BoundExpr => ({
  kind: 'arith',
  type: INT8,
  op: '-',
  left: e,
  right: int8(1n),
});
export const quotient = (a: BoundExpr, b: BoundExpr): BoundExpr => ({
  kind: 'arith',
  type: FLOAT8,
  op: '/',
  left: asFloat(a),
  right: asFloat(b),
});
