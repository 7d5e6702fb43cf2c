/**
 * The longest row that compute nodes process: the widths of its columns of fixed length (CHAR above all) may come to 65,535
 * bytes. A table may be declared wider; a statement that reads or writes so many of its columns at once is refused.
 */
import { columnsTooWide } from '../../common/errors/catalogue.ts';
import { FIXED_ROW_BYTES_MAX } from '../../common/limits.ts';
import { columnsOf, type BoundStatement, type Rel } from '../../expressions/relation.ts';
import { readsTable, relInputs } from '../../expressions/rel-walk.ts';
import { TYPE_INFO, type SqlType } from '../../types/sql-type.ts';

/** Bytes of a value whose length the type says; others count nothing. */
function fixedWidth(type: SqlType): number {
  if (type.name === 'char') return type.length ?? 1;
  if (type.name === 'numeric') return (type.precision ?? 18) > 19 ? 16 : 8;
  return Math.max(TYPE_INFO[type.name].size, 0);
}

export function refuseWideRow(columns: readonly { readonly type: SqlType }[], pid: number): void {
  const width = columns.reduce((sum, c) => sum + fixedWidth(c.type), 0);
  if (width > FIXED_ROW_BYTES_MAX) throw columnsTooWide(pid);
}

/** `statement` is rewritten: it reads no column that it does not need. */
export function refuseWideRows(statement: BoundStatement, pid: number): void {
  if (statement.kind === 'select' && !readsTable(statement.rel)) return;
  if (statement.kind === 'insert' || statement.kind === 'update') refuseWideRow(statement.columns, pid);
  const visit = (rel: Rel): void => {
    refuseWideRow(columnsOf(rel), pid);
    relInputs(rel).forEach(visit);
  };
  visit(statement.rel);
}
