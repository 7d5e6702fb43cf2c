/**
 * Bound-expression nodes that `expand` implementations put together: calls of other registry functions, casts and
 * constants. Decimal helpers bring an argument into the 128-bit form that the decimal kernels take.
 */
import type { BoundExpr } from '../expressions/bound.ts';
import { foldExpr } from '../expressions/fold.ts';
import { BOOL, FLOAT8, INT4, INT8, TEXT, TYPE_INFO, isInteger, numeric, type SqlType } from '../types/sql-type.ts';

export const call = (name: string, signature: number, type: SqlType, args: readonly BoundExpr[]): BoundExpr => ({
  kind: 'call',
  type,
  name,
  signature,
  args,
});
export const cast = (arg: BoundExpr, type: SqlType): BoundExpr => ({ kind: 'cast', type, arg, mode: 'implicit' });
export const boolean = (value: boolean): BoundExpr => ({ kind: 'const', type: BOOL, value: value ? 1 : 0 });
export const int4 = (value: number): BoundExpr => ({ kind: 'const', type: INT4, value });

/** The value of an integer constant, undefined for anything else: also for a cast that fails, whose error is of run time. */
export function constantInteger(e: BoundExpr): number | undefined {
  const folded = foldExpr(e);
  if (folded.kind !== 'const' || folded.value === null || !isInteger(folded.type)) return undefined;
  return Number(folded.value);
}
/** Scale of a decimal type; integers have none. */
export const scaleOf = (t: SqlType): number => (t.name === 'numeric' ? (t.scale ?? 0) : 0);
const precisionOf = (t: SqlType): number =>
  t.name === 'numeric' ? (t.precision ?? 18) : t.name === 'int2' ? 5 : t.name === 'int4' ? 10 : 19;
/** The argument as numeric(38, its scale): two words. */
export const wide = (e: BoundExpr): BoundExpr =>
  e.type.name === 'numeric' && (e.type.precision ?? 18) === 38 ? e : cast(e, numeric(38, scaleOf(e.type)));

/** How decimal digits are dropped: the codes of the numeric_cut kernel. */
export type CutMode = 0 | 1 | 2 | 3;
export const HALF_AWAY: CutMode = 0;
export const TRUNCATE: CutMode = 1;
export const UP: CutMode = 2;
export const DOWN: CutMode = 3;

/** A decimal cut to `digits` places; the result's scale is `digits` (0 when negative). */
export function cutDecimal(arg: BoundExpr, digits: number, mode: CutMode): BoundExpr {
  const scale = scaleOf(arg.type);
  if (digits >= scale) return arg;
  const left = precisionOf(arg.type) - scale + 1;
  if (digits >= 0) {
    const cut = call('numeric_cut', 0, numeric(38, digits), [wide(arg), int4(scale - digits), int4(mode)]);
    return cast(cut, numeric(Math.min(38, left + digits), digits));
  }
  const at = call('numeric_round_at', 0, numeric(38, scale), [wide(arg), int4(scale), int4(digits), int4(mode)]);
  return cast(at, numeric(Math.min(38, left), 0));
}
/** round / trunc with a digits argument, constant or not. */
export function roundTo(arg: BoundExpr, digits: BoundExpr, mode: CutMode): BoundExpr {
  const constant = constantInteger(digits);
  if (isInteger(arg.type)) {
    if (constant !== undefined && constant >= 0) return arg;
    return cast(call('int8_round_at', 0, INT8, [cast(arg, INT8), cast(digits, INT4), int4(mode)]), arg.type);
  }
  if (constant !== undefined) return cutDecimal(arg, constant, mode);
  const scale = scaleOf(arg.type);
  return call('numeric_round_at', 0, numeric(38, scale), [wide(arg), int4(scale), cast(digits, INT4), int4(mode)]);
}
const PLAIN_ITEMS: ReadonlySet<string> = new Set(['bool', 'int2', 'int4', 'int8', 'oid']);
/** An item as array functions take it: host code sees no scale of a decimal and no date, so what is no integer is text. */
export const arrayItem = (e: BoundExpr): BoundExpr =>
  PLAIN_ITEMS.has(e.type.name) || TYPE_INFO[e.type.name].phys === 'str' ? e : cast(e, TEXT);

export const asFloat = (e: BoundExpr): BoundExpr => (e.type.name === 'float8' ? e : cast(e, FLOAT8));
