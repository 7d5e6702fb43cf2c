/**
 * TRY_CAST: the explicit cast, but NULL for a value that it refuses. What it takes without looking at values (a literal, a
 * scalar that becomes SUPER) is settled here; the rest is a node of its own, under which nothing looks for the argument's
 * column as it does under a cast.
 */
import { cannotCast } from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { superTo } from '../../functions/super-calls.ts';
import { TYPE_INFO, type SqlType } from '../../types/sql-type.ts';
import { castTo, constant, isUnknown, literalAs, settle } from './coerce.ts';
import type { AnalyserState } from './context.ts';
import { hasTryCast } from './type-rules.ts';

export function tryCastTo(state: AnalyserState, given: BoundExpr, type: SqlType, position: number): BoundExpr {
  const value = settle(state, given);
  if (!hasTryCast(value.type, type))
    throw cannotCast(TYPE_INFO[value.type.name].sqlName, TYPE_INFO[type.name].sqlName, position);
  if (isUnknown(given) && given.kind === 'const' && type.name !== 'super')
    return given.value === null ? constant(type, null) : literalOrNull(state, given.value as string, type);
  const source = value.type.name === 'super' ? superTo(value, type, false) : value;
  const cast = castTo(state, source, type, position);
  if (cast.kind !== 'cast' || cast.arg !== source) return cast;
  return { kind: 'trycast', type, arg: source, ...(cast.rounds === true ? { rounds: true } : {}) };
}

function literalOrNull(state: AnalyserState, text: string, type: SqlType): BoundExpr {
  try {
    return literalAs(state, text, type, 'explicit', undefined);
  } catch (error) {
    // Class 22: what is wrong is the value.
    if (error instanceof SqlError && error.sqlstate.startsWith('22')) return constant(type, null);
    throw error;
  }
}
