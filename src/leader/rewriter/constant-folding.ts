/**
 * Folds constant expressions everywhere and drops filters that are always true.
 */
import { foldExpr } from '../../expressions/fold.ts';
import type { Rel } from '../../expressions/relation.ts';
import { mapInputs, mapOwnExprs } from '../../expressions/rel-walk.ts';
import { FALSE, isNullConst, isTrue } from '../../expressions/walk.ts';

export function foldConstants(rel: Rel): Rel {
  const r = mapOwnExprs(mapInputs(rel, foldConstants), foldExpr);
  if (r.kind !== 'filter') return r;
  if (isTrue(r.condition)) return r.input;
  return isNullConst(r.condition) ? { ...r, condition: FALSE } : r;
}
