/**
 * What an analysed statement says of itself: the columns it gives and the parameters it takes. Used by session.ts.
 */
import type { FieldDescription } from '../../common/sql-service.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Analysed } from './scope.ts';

export function fieldsOf(entry: Analysed): readonly FieldDescription[] | null {
  if (entry.kind === 'empty') return null;
  return entry.kind === 'executor' ? entry.prepared.fields : entry.fields;
}
export function parametersOf(entry: Analysed): readonly SqlType[] {
  if (entry.kind === 'empty') return [];
  return entry.kind === 'executor' ? entry.prepared.parameters : entry.parameters;
}
