/**
 * Functions of the leader whose result is rows: their arguments and columns, which a column definition list of the caller may
 * name and type anew. Their rows are made by statement/table-functions.ts.
 */
import { BOOL, INT4, INTERVAL, TEXT, physOf, type SqlType } from '../../types/sql-type.ts';
import type { FromItem } from '../parser/ast.ts';
import { typeOfRef } from './type-rules.ts';

export interface RowFunction {
  /** Texts. */
  readonly args: number;
  readonly columns: readonly { readonly name: string; readonly type: SqlType }[];
}
const NAME = { name: 'name' } as const;
const VIEW_COLUMNS = [
  { name: 'view_schema', type: NAME },
  { name: 'view_name', type: NAME },
  { name: 'col_name', type: NAME },
  { name: 'col_type', type: { name: 'varchar' } },
  { name: 'col_num', type: INT4 },
] as const;
const OFFSET_COLUMNS = [
  { name: 'abbrev', type: TEXT },
  { name: 'utc_offset', type: INTERVAL },
  { name: 'is_dst', type: BOOL },
] as const;

const ROW_FUNCTIONS: Readonly<Record<string, RowFunction>> = {
  pg_get_cols: { args: 1, columns: VIEW_COLUMNS },
  pg_get_late_binding_view_cols: { args: 0, columns: VIEW_COLUMNS },
  pg_get_session_roles: {
    args: 0,
    columns: [
      { name: 'name', type: NAME },
      { name: 'roleid', type: INT4 },
    ],
  },
  pg_timezone_abbrevs: { args: 0, columns: OFFSET_COLUMNS },
  pg_timezone_names: { args: 0, columns: [{ name: 'name', type: TEXT }, ...OFFSET_COLUMNS] },
};
export const rowFunction = (name: string): RowFunction | undefined =>
  Object.hasOwn(ROW_FUNCTIONS, name) ? ROW_FUNCTIONS[name] : undefined;
export const ROW_FUNCTION_NAMES: readonly string[] = Object.keys(ROW_FUNCTIONS);

/** A column's type, or that of the definition list where the values lie alike: strings stay strings. */
export function columnType(f: RowFunction, item: Extract<FromItem, { kind: 'function' }>, index: number): SqlType {
  const given = item.columnTypes[index];
  const own = f.columns[index]!.type;
  const type = given === undefined ? undefined : typeOfRef(given);
  return type !== undefined && physOf(type) === physOf(own) ? type : own;
}
