/**
 * May an expression be NULL? Decides which tuple fields get a null byte. Conservative: true unless it cannot be, and in
 * step with what the expression emitters say of their values.
 */
import type { ColId } from '../../common/ids.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import type { ScalarFunction } from '../../functions/define.ts';

export function mayBeNull(
  e: BoundExpr,
  column: (id: ColId) => boolean,
  functionOf: (name: string) => ScalarFunction | undefined,
): boolean {
  const of = (x: BoundExpr): boolean => mayBeNull(x, column, functionOf);
  switch (e.kind) {
    case 'const':
      return e.value === null;
    case 'column':
      return column(e.id);
    case 'isnull':
    case 'istest':
      return false;
    case 'compare':
    case 'arith':
      return of(e.left) || of(e.right);
    case 'neg':
    case 'not':
    case 'cast':
      return of(e.arg);
    case 'call': {
      const f = functionOf(e.name);
      const strict = (f?.nulls ?? 'strict') === 'strict';
      const kernel = f?.signatures[e.signature]?.kernel ?? f?.kernel;
      return kernel === undefined || f?.mayReturnNull === true || !strict || e.args.some(of);
    }
    default:
      return true;
  }
}
