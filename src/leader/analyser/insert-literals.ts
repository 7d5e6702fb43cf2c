/**
 * A long INSERT ... VALUES whose rows the lexer lifted out of the text: literals become columns of data without an
 * expression for each, by the rules that modify.ts applies to expressions, errors and their places included. What needs an
 * expression that is no constant (a default that calls a function, DEFAULT in an identity column) is left to modify.ts.
 */
import type { Steps } from '../../common/steps.ts';
import type { BoundExpr } from '../../expressions/bound.ts';
import { identityOf } from '../../types/identity.ts';
import { ColumnValues, PackedRows } from '../../types/packed-rows.ts';
import { isInteger, type SqlType } from '../../types/sql-type.ts';
import { liveColumns, type CatalogColumn, type TableObject } from '../catalog/objects.ts';
import { literalRow } from '../parser/literal-expr.ts';
import {
  LITERAL_DEFAULT,
  LITERAL_ESCAPED,
  LITERAL_INTEGER,
  LITERAL_NULL,
  LITERAL_STRING,
  type LiteralList,
} from '../parser/literal-list.ts';
import { bindLiteral } from './bind-literals.ts';
import { assignTo } from './coerce.ts';
import { newColumn, type QueryEnv } from './context.ts';
import { converted } from './converted-lists.ts';
import { checkCount, completeRow, defaultValue, refuseIdentity } from './defaults.ts';
import type { BoundQuery } from './query.ts';

/** Rows between two steps. */
const PIECE = 512;
const INTEGER_LIMIT: Readonly<Record<string, number>> = { int2: 2 ** 15, int4: 2 ** 31, int8: Infinity };

interface Target {
  readonly column: CatalogColumn;
  readonly values: ColumnValues;
  /** Value of DEFAULT; undefined when it is no constant. */
  readonly byDefault: Extract<BoundExpr, { kind: 'const' }> | undefined;
}

/** Undefined: the rows are not constants alone. */
export function insertLiterals(
  env: QueryEnv,
  table: TableObject,
  targets: readonly CatalogColumn[],
  listed: boolean,
  list: LiteralList,
): BoundQuery | undefined {
  const { state } = env;
  const key = table.columns.find((c) => c.attnum === table.distkey);
  if (key !== undefined && identityOf(key.type) === 'interval') return undefined;
  checkCount(targets, list.width, listed, list.pos(0) + 1);
  // What the optimizer learns of the rows.
  const first = completeRow(env, table, targets, literalRow(list, 0));
  const as = `${table.oid}:${targets.map((t) => t.attnum).join()}`;
  const rows = converted(state.context.lists, list, as, () =>
    packRows(env, table, targets.slice(0, list.width), list),
  );
  if (rows === 'not constant') return undefined;
  const columns = liveColumns(table).map((c) => newColumn(state, c.name, c.type));
  return { columns, rel: { kind: 'values', columns, rows: [first], packed: rows } };
}

function* packRows(
  env: QueryEnv,
  table: TableObject,
  targets: readonly CatalogColumn[],
  list: LiteralList,
): Steps<PackedRows | 'not constant'> {
  const count = list.length / list.width;
  const defaults = (column: CatalogColumn): Target['byDefault'] => {
    const value = column.identity === undefined ? defaultValue(env, table, column) : undefined;
    return value?.kind === 'const' ? value : undefined;
  };
  const given = targets.map((column): Target => {
    const byDefault = defaults(column);
    return { column, values: new ColumnValues(column.type, count), byDefault };
  });
  for (let row = 0; row < count; row++) {
    if (row % PIECE === PIECE - 1) yield;
    for (let t = 0; t < given.length; t++)
      if (!place(env, given[t]!, list, row, row * list.width + t)) return 'not constant';
  }
  const columns: ColumnValues[] = [];
  for (const column of liveColumns(table)) {
    const target = given.find((g) => g.column.attnum === column.attnum);
    const values = target?.values ?? new ColumnValues(column.type, count);
    columns.push(values);
    if (target !== undefined || column.identity !== undefined) continue;
    const value = defaults(column);
    if (value === undefined) return 'not constant';
    for (let row = 0; row < count; row++) {
      if (row % PIECE === PIECE - 1) yield;
      values.set(row, value.value);
    }
  }
  const identities = liveColumns(table).flatMap((c, i) =>
    c.identity !== undefined && !given.some((g) => g.column.attnum === c.attnum) ? [i] : [],
  );
  return new PackedRows(columns, count, identities);
}

/** False when the literal stands for something that is no constant. */
function place(env: QueryEnv, target: Target, list: LiteralList, row: number, i: number): boolean {
  const { column, values, byDefault } = target;
  const kind = list.kind(i);
  if (kind === LITERAL_DEFAULT) {
    if (byDefault === undefined) return false;
    values.set(row, byDefault.value);
    return true;
  }
  if (column.identity !== undefined) refuseIdentity(column, list.pos(i) + 1);
  if (kind === LITERAL_NULL) values.setNull(row);
  else if (!placeQuickly(values, column.type, kind, list, row, i)) {
    const bound = assignTo(env.state, bindLiteral(list, i), column, list.pos(i) + 1);
    if (bound.kind !== 'const') return false;
    values.set(row, bound.value);
  }
  return true;
}

/** An integer for an integer column, a text that is short enough for its column. */
function placeQuickly(
  values: ColumnValues,
  type: SqlType,
  kind: number,
  list: LiteralList,
  row: number,
  i: number,
): boolean {
  if (kind === LITERAL_INTEGER && isInteger(type)) {
    const value = list.integer(i);
    const limit = INTEGER_LIMIT[type.name]!;
    if (!(value < limit && value >= -limit)) return false;
    values.setInteger(row, value);
    return true;
  }
  if (type.name !== 'varchar' || (kind !== LITERAL_STRING && kind !== LITERAL_ESCAPED)) return false;
  const text = list.string(i);
  const fits = type.length === undefined || text.length * 3 <= type.length || Buffer.byteLength(text) <= type.length;
  if (fits) values.setText(row, text);
  return fits;
}
