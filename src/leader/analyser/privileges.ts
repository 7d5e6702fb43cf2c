/**
 * Privilege checks of queries and DML. Letters as in PostgreSQL: r SELECT, a INSERT, w UPDATE, d DELETE, U USAGE. SELECT and
 * UPDATE may be given on single columns: what the user may not read of a relation is marked, and refused where it is named.
 */
import { permissionDenied } from '../../common/errors/catalogue.ts';
import type { ColumnRef } from '../../expressions/relation.ts';
import {
  columnByName,
  liveColumns,
  type CatalogSnapshot,
  type RelationObject,
  type SchemaObject,
  type UserObject,
} from '../catalog/objects.ts';
import { allows, allowsColumn } from '../catalog/privileges.ts';

export type TablePrivilege = 'r' | 'a' | 'w' | 'd';

export function checkSchemaUsage(
  catalog: CatalogSnapshot,
  user: UserObject,
  schema: SchemaObject,
  position?: number,
): void {
  if (schema.temporaryOf !== undefined || allows(catalog, user, schema, 'U')) return;
  throw permissionDenied('schema', schema.name, position);
}

export function checkTable(
  catalog: CatalogSnapshot,
  user: UserObject,
  relation: RelationObject,
  privileges: readonly TablePrivilege[],
  position?: number,
): void {
  for (const p of privileges) {
    if (!allows(catalog, user, relation, p)) throw permissionDenied('relation', relation.name, position);
  }
}

/** The privilege on the relation, or on each of the columns; a name that is no column is somebody else's to refuse. */
export function checkColumns(
  catalog: CatalogSnapshot,
  user: UserObject,
  relation: RelationObject,
  privilege: 'r' | 'w',
  names: readonly string[],
  position?: number,
): void {
  if (allows(catalog, user, relation, privilege)) return;
  const may = names.every((name) => {
    const column = columnByName(relation, name);
    return column === undefined || allowsColumn(catalog, user, relation, column, privilege);
  });
  if (!may) throw permissionDenied('relation', relation.name, position);
}

/** The relation's live columns, those marked that the user may not read. */
export function markedColumns(
  catalog: CatalogSnapshot,
  user: UserObject,
  relation: RelationObject,
  columns: readonly ColumnRef[],
): readonly ColumnRef[] {
  if (allows(catalog, user, relation, 'r')) return columns;
  const live = liveColumns(relation);
  return columns.map((c, i) => {
    const column = live[i];
    const may = column !== undefined && allowsColumn(catalog, user, relation, column, 'r');
    return may ? c : { ...c, denied: relation.name };
  });
}

/** Some column must be readable, even if the query reads none. */
export function checkReadable(
  catalog: CatalogSnapshot,
  user: UserObject,
  relation: RelationObject,
  position?: number,
): void {
  if (allows(catalog, user, relation, 'r')) return;
  const may = liveColumns(relation).some((column) => allowsColumn(catalog, user, relation, column, 'r'));
  if (!may) throw permissionDenied('relation', relation.name, position);
}

/** The value of a column is read. */
export function readColumn(column: ColumnRef, position?: number): ColumnRef {
  if (column.denied !== undefined) throw permissionDenied('relation', column.denied, position);
  return column;
}
