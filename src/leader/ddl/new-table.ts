/**
 * Columns and constraints of a table from their definitions: types, defaults, identity, encodings, keys. Used
 * by CREATE TABLE and ALTER TABLE ADD.
 */
import type { TableId } from '../../common/ids.ts';
import {
  defaultReferences,
  defaultSubquery,
  defaultType,
  duplicateColumn,
  invalidColumnDefinition,
  invalidTableDefinition,
  multipleDefaults,
  outOfRange,
  systemColumnName,
  tooManyTableColumns,
  undefinedTable,
} from '../../common/errors/catalogue.ts';
import {
  duplicateConstraint,
  foreignKeyCount,
  foreignKeyTypes,
  multiplePrimaryKeys,
  noPrimaryKeyReferenced,
  noUniqueKeyReferenced,
  referencedNoTable,
  repeatedKeyColumn,
} from '../../common/errors/constraint-errors.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { TABLE_COLUMNS_MAX } from '../../common/limits.ts';
import { formatType, isSpatial } from '../../types/sql-type.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { ColumnDef, TableConstraint } from '../parser/ast.ts';
import type { DdlContext } from './context.ts';
import { collatedType, columnType, declaredEncoding, defaultEncoding } from '../catalog/column-types.ts';
import { findRelation, spelled } from '../catalog/names.ts';
import type { CatalogColumn, TableConstraintInfo } from '../catalog/objects.ts';
import { requirePrivilege } from '../catalog/privileges.ts';
import { attnumOf } from '../catalog/table-attributes.ts';

/** A column before its encoding is settled, which needs the sort key. */
export interface DraftColumn {
  readonly column: Omit<CatalogColumn, 'encoding'>;
  /** undefined: by default. */
  readonly encoding: string | undefined;
}

function holdsSubquery(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(holdsSubquery);
  if (typeof value !== 'object' || value === null) return false;
  return (value as { kind?: unknown }).kind === 'subquery' || Object.values(value).some(holdsSubquery);
}

/** A default must stand alone and be convertible to the column's type. */
function checkDefault(context: DdlContext, def: ColumnDef, type: SqlType): void {
  const expr = def.default;
  if (expr === undefined) return;
  if (holdsSubquery(expr)) throw defaultSubquery(expr.pos + 1);
  const { services, session, transaction } = context;
  let given: SqlType;
  try {
    given = services.typeOfDefault(session, transaction, expr);
  } catch (error) {
    if (error instanceof SqlError && error.sqlstate === '42703') throw defaultReferences(expr.pos + 1);
    throw error;
  }
  try {
    services.typeOfDefault(session, transaction, expr, { name: def.name, type });
  } catch (error) {
    if (!(error instanceof SqlError) || error.sqlstate !== '42804') throw error;
    throw defaultType(def.name, formatType(type), formatType(given), expr.pos + 1);
  }
}

/** One column from its definition. */
export function draftColumn(context: DdlContext, def: ColumnDef, attnum: number, table: string): DraftColumn {
  const database = context.transaction.catalog().database.collation;
  const type = collatedType(columnType(def.type, `${table}.${def.name}`), def, database);
  const { identity } = def;
  if (identity !== undefined) {
    if (type.name !== 'int4' && type.name !== 'int8') {
      throw invalidColumnDefinition(`identity column "${def.name}" must be of type integer or bigint`, def.pos + 1);
    }
    if (def.default !== undefined) throw multipleDefaults(def.name, table, def.pos + 1);
    if (identity.step === 0n) throw invalidColumnDefinition('identity step cannot be zero', def.pos + 1);
    const bits = type.name === 'int4' ? 32 : 64;
    const isBeyond = [identity.seed, identity.step].some((value) => BigInt.asIntN(bits, value) !== value);
    if (isBeyond) throw outOfRange(formatType(type), def.pos + 1);
  }
  if (def.nullable && (def.notNull || def.primaryKey)) {
    throw invalidColumnDefinition(
      `conflicting NULL/NOT NULL declarations for column "${def.name}" of table "${table}"`,
    );
  }
  checkDefault(context, def, type);
  return {
    column: {
      attnum,
      name: def.name,
      type,
      notNull: def.notNull || def.primaryKey || identity !== undefined,
      defaultText: def.defaultText,
      identity,
      dropped: false,
    },
    encoding: def.encode === undefined ? undefined : declaredEncoding(def.encode, type, def.name),
  };
}

/** Columns with encodings: declared, or by type, sort key and temporary. */
export function settleEncodings(
  drafts: readonly DraftColumn[],
  sortkey: readonly number[],
  temporary: boolean,
): readonly CatalogColumn[] {
  return drafts.map(({ column, encoding }) => ({
    ...column,
    encoding: encoding ?? defaultEncoding(column.type, sortkey.includes(column.attnum), temporary),
  }));
}

const SYSTEM_COLUMNS: readonly string[] = ['oid', 'tableoid', 'xmin', 'cmin', 'xmax', 'cmax', 'ctid'];

/** Columns of tables cannot have the names of the system's own; those of views may. */
export function refuseSystemName(name: string): void {
  if (SYSTEM_COLUMNS.includes(name)) throw systemColumnName(name);
}

/** Names of a table's columns. */
export function checkTableColumns(columns: readonly { readonly name: string }[]): void {
  checkColumnNames(columns);
  for (const { name } of columns) refuseSystemName(name);
}

export function checkColumnNames(columns: readonly { readonly name: string }[]): void {
  if (columns.length > TABLE_COLUMNS_MAX) throw tooManyTableColumns(String(TABLE_COLUMNS_MAX));
  const seen = new Set<string>();
  for (const { name } of columns) {
    if (seen.has(name)) throw duplicateColumn(name);
    seen.add(name);
  }
}

/** Constraints of single columns in the form of table constraints. */
export function columnConstraints(defs: readonly ColumnDef[]): readonly TableConstraint[] {
  return defs.flatMap((def): TableConstraint[] => {
    const found: TableConstraint[] = [];
    const add = (kind: TableConstraint['kind'], more: Pick<TableConstraint, 'references'> = {}): void => {
      const name = def.constraintNames?.[kind];
      found.push({ kind, ...(name === undefined ? {} : { name }), columns: [def.name], ...more, pos: def.pos });
    };
    if (def.primaryKey) add('primary');
    if (def.unique) add('unique');
    if (def.references !== undefined) add('foreign', { references: def.references });
    return found;
  });
}

/** The table that constraints are for; it may not be in the catalog yet. */
export interface ConstraintOwner {
  readonly oid: TableId;
  readonly name: string;
  readonly columns: readonly CatalogColumn[];
  readonly constraints: readonly TableConstraintInfo[];
}

/** The name, or the first of those with a number behind it that no constraint of the table has. */
function freeName(name: string, known: readonly TableConstraintInfo[]): string {
  const taken = new Set(known.map((c) => c.name));
  let number = 0;
  while (taken.has(number === 0 ? name : `${name}${number}`)) number += 1;
  return number === 0 ? name : `${name}${number}`;
}

/** Constraints are information for the planner; names and columns are checked, rows are not. */
export function addConstraints(
  context: DdlContext,
  owner: ConstraintOwner,
  added: readonly TableConstraint[],
): readonly TableConstraintInfo[] {
  const all = [...owner.constraints];
  // A foreign key may refer to a key of its own table that is written behind it.
  const keysFirst = [...added.filter((c) => c.kind !== 'foreign'), ...added.filter((c) => c.kind === 'foreign')];
  for (const constraint of keysFirst) {
    if (constraint.kind === 'primary' && all.some((c) => c.kind === 'primary')) {
      throw multiplePrimaryKeys(owner.name);
    }
    const attnums = constraint.columns.map((name) => attnumOf(owner.columns, name));
    const repeated = constraint.columns.find((name, i) => constraint.columns.indexOf(name) !== i);
    if (repeated !== undefined && constraint.kind !== 'foreign')
      throw repeatedKeyColumn(repeated, constraint.kind === 'primary' ? 'primary key' : 'unique');
    const spatial = owner.columns.find((c) => attnums.includes(c.attnum) && isSpatial(c.type));
    if (spatial !== undefined && constraint.kind === 'primary')
      throw invalidTableDefinition(
        `column "${spatial.name}" of type ${formatType(spatial.type)} cannot be a primary key`,
      );
    const suffix =
      constraint.kind === 'primary'
        ? 'pkey'
        : // Of several columns the first names the key, as in PostgreSQL 8.
          `${constraint.columns[0]}_${constraint.kind === 'unique' ? 'key' : 'fkey'}`;
    if (all.some((c) => c.name === constraint.name)) throw duplicateConstraint(constraint.name, owner.name);
    const name = constraint.name ?? freeName(`${owner.name}_${suffix}`, all);
    all.push({
      oid: context.services.transactions.nextOid(),
      kind: constraint.kind,
      name,
      attnums,
      references:
        constraint.references === undefined
          ? undefined
          : foreignTarget(context, owner, { known: all, name, attnums }, constraint.references),
    });
  }
  return all;
}

interface ForeignKey {
  /** The constraints of the owner that stand before this one. */
  readonly known: readonly TableConstraintInfo[];
  readonly name: string;
  readonly attnums: readonly number[];
}

/** Texts go with texts and numbers with numbers; everything else with its like. */
const comparisonClass = ({ name }: SqlType): string =>
  /^(int[248]|numeric|float[48])$/.test(name) ? 'number' : /^(varchar|char|bpchar|text)$/.test(name) ? 'text' : name;

/** A key refers to what is unique, and to values it can be compared with. */
function checkForeignKey(
  owner: ConstraintOwner,
  key: ForeignKey,
  target: ConstraintOwner,
  attnums: readonly number[],
): void {
  if (attnums.length !== key.attnums.length) throw foreignKeyCount();
  const inOrder = (numbers: readonly number[]): string => [...numbers].sort((a, b) => a - b).join();
  const isUnique = target.constraints.some((c) => c.kind !== 'foreign' && inOrder(c.attnums) === inOrder(attnums));
  if (!isUnique) throw noUniqueKeyReferenced(target.name);
  const columnOf = (of: ConstraintOwner, attnum: number): CatalogColumn =>
    of.columns.find((c) => c.attnum === attnum)!;
  key.attnums.forEach((attnum, i) => {
    const [from, to] = [columnOf(owner, attnum), columnOf(target, attnums[i]!)];
    if (comparisonClass(from.type) === comparisonClass(to.type)) return;
    const types = `${formatType(from.type)} and ${formatType(to.type)}`;
    throw foreignKeyTypes(
      key.name,
      `Key columns "${from.name}" and "${to.name}" are of incompatible types: ${types}.`,
    );
  });
}

function foreignTarget(
  context: DdlContext,
  owner: ConstraintOwner,
  key: ForeignKey,
  references: NonNullable<TableConstraint['references']>,
): NonNullable<TableConstraintInfo['references']> {
  const found = findRelation(context.transaction.catalog(), context.session.searchPath(), references.table);
  const target: ConstraintOwner | undefined =
    found?.kind === 'table'
      ? found
      : references.table.name === owner.name
        ? { ...owner, constraints: key.known }
        : undefined;
  if (target === undefined && found !== undefined) throw referencedNoTable(found.name, references.table.pos + 1);
  if (target === undefined) throw undefinedTable(spelled(references.table), references.table.pos + 1);
  if (found?.kind === 'table' && target === found) {
    requirePrivilege(context.transaction.catalog(), context.session.user, found, 'x');
  }
  const attnums =
    references.columns.length > 0
      ? references.columns.map((name) => attnumOf(target.columns, name))
      : target.constraints.find((c) => c.kind === 'primary')?.attnums;
  if (attnums === undefined) throw noPrimaryKeyReferenced(target.name);
  checkForeignKey(owner, key, target, attnums);
  return { tableId: target.oid, attnums };
}
