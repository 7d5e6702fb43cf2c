/**
 * Which joins may use a table by the key itself: those with one integer key; and which of them need no table then, but the
 * bitmap of its keys. Leader and participant ask here.
 */
import type { BoundExpr } from '../../expressions/bound.ts';
import { identityOf } from '../../types/identity.ts';
import { physOf, type SqlType } from '../../types/sql-type.ts';
import type { TupleField } from '../../types/tuple-layout.ts';
import type { RowShape } from '../spec.ts';
import type { HjoinSpec } from './spec.ts';

export const isWord = (type: SqlType): boolean =>
  identityOf(type) === 'integer' && (physOf(type) === 'i32' || physOf(type) === 'i64');

/** The build side's key when a table by it may be dense. */
export function denseKey(shape: RowShape, keys: readonly BoundExpr[]): TupleField | undefined {
  const [key] = keys;
  if (keys.length !== 1 || key?.kind !== 'column' || !isWord(key.type)) return undefined;
  return shape.layout.fields.find((f) => f.id === key.id);
}

/** A match is a match: no row of the inner side is looked at. */
export const asksMembers = ({ joinType, residual }: Pick<HjoinSpec, 'joinType' | 'residual'>): boolean =>
  ['semi', 'anti', 'anti-null-aware'].includes(joinType) && residual.length === 0;
