/**
 * Arithmetic on constants of dates, times and intervals, done while binding by the kernel the slices would run:
 * `date '1994-01-01' + interval '1 year'` must be a constant, or a comparison with it could not skip row groups. What
 * fails stays a call: its error belongs to the rows that reach it.
 */
import { SqlError } from '../../common/errors/sql-error.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { evaluateTemporal, isTemporal } from '../../types/kernel-text.ts';
import { isInteger, type SqlType } from '../../types/sql-type.ts';
import { DEFAULT_TEXT_SETTINGS } from '../../types/text.ts';
import type { ConstValue } from '../../types/value.ts';
import { constant } from './coerce.ts';
import type { AnalyserState } from './context.ts';

const isPlain = (t: SqlType): boolean => isTemporal(t) || isInteger(t) || t.name === 'float8';

/** The call's value when all its arguments are constants, else the call. */
export function foldTemporal(state: AnalyserState, e: BoundExpr): BoundExpr {
  if (e.kind !== 'call' || !isTemporal(e.type)) return e;
  const f = state.context.functions.lookup(e.name);
  const kernel = f?.kind === 'scalar' ? (f.signatures[e.signature]?.kernel ?? f.kernel) : undefined;
  if (kernel === undefined) return e;
  const args: { readonly type: SqlType; readonly value: ConstValue }[] = [];
  for (const a of e.args) {
    if (a.kind !== 'const' || a.value === null || !isPlain(a.type)) return e;
    args.push(a);
  }
  try {
    return constant(e.type, evaluateTemporal(kernel, e.type, args, state.context.text ?? DEFAULT_TEXT_SETTINGS));
  } catch (error) {
    if (error instanceof SqlError) return e;
    throw error;
  }
}
