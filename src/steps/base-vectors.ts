/**
 * The base vectors of sources that read columns (scan, parse): BATCH_ROWS values and null bytes per column in the state.
 * Null bytes of row BATCH_ROWS are always set, for the drain of outer joins.
 */
import { BATCH_ROWS } from '../common/limits.ts';
import type { ColId } from '../common/ids.ts';
import { PHYS_BYTES, physOf, type SqlType } from '../types/sql-type.ts';
import type { ColumnAccess, SegmentCode } from './segment-code.ts';

export type VectorAccess = Extract<ColumnAccess, { kind: 'vector' }>;

export function baseVectors(
  code: SegmentCode,
  specs: readonly { readonly id: ColId; readonly type: SqlType; readonly nullable: boolean }[],
): { readonly columns: Map<ColId, ColumnAccess>; readonly accesses: readonly VectorAccess[] } {
  const columns = new Map<ColId, ColumnAccess>();
  const accesses = specs.map((c, scanIndex): VectorAccess => {
    const phys = physOf(c.type);
    const access: VectorAccess = {
      kind: 'vector',
      type: c.type,
      phys,
      scanIndex,
      nullable: c.nullable,
      values: code.allocate((BATCH_ROWS + 17) * PHYS_BYTES[phys], 16),
      nulls: code.allocate(BATCH_ROWS + 24),
    };
    columns.set(c.id, access);
    code.nullRows.push(access.nulls + BATCH_ROWS);
    return access;
  });
  return { columns, accesses };
}
