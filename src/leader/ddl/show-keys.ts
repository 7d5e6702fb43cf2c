/**
 * SHOW CONSTRAINTS: the primary key of a table, its foreign keys, and those of other tables that refer to it. Rules and
 * deferrability are the numbers of JDBC: 3 NO ACTION, 7 not deferrable; Redshift has no others.
 */
import { schemaNameOf } from '../catalog/names.ts';
import type { CatalogSnapshot, TableConstraintInfo, TableObject } from '../catalog/objects.ts';
import { liveColumns } from '../catalog/objects.ts';
import { isVisible, shownRelation } from './show-context.ts';
import type { Listed, Show, ShowContext } from './show-context.ts';

const NO_ACTION = '3';
const NOT_DEFERRABLE = '7';

const columnName = (table: TableObject, attnum: number): string =>
  liveColumns(table).find((c) => c.attnum === attnum)?.name ?? '';
const place = (catalog: CatalogSnapshot, table: TableObject, attnum: number): readonly string[] => [
  catalog.database.name,
  schemaNameOf(catalog, table),
  table.name,
  columnName(table, attnum),
];

export function listPrimaryKeys(context: ShowContext, show: Show): readonly Listed[] {
  const { catalog, relation: table } = shownRelation(context, show) ?? {};
  if (catalog === undefined || table?.kind !== 'table') return [];
  return table.constraints
    .filter((c) => c.kind === 'primary')
    .flatMap((c) =>
      c.attnums.map((attnum, i): Listed => [c.name, [...place(catalog, table, attnum), String(i + 1), c.name]]),
    );
}

/** The key that a foreign key refers to. */
const keyReferredTo = (target: TableObject, attnums: readonly number[]): string | null =>
  target.constraints.find((c) => c.kind !== 'foreign' && c.attnums.join() === attnums.join())?.name ?? null;

function foreignKeyRows(catalog: CatalogSnapshot, table: TableObject, key: TableConstraintInfo): readonly Listed[] {
  const { references } = key;
  const target = references && catalog.relationByOid(references.tableId);
  if (references === undefined || target?.kind !== 'table') return [];
  return key.attnums.map((attnum, i): Listed => [
    key.name,
    [
      ...place(catalog, target, references.attnums[i] ?? 0),
      ...place(catalog, table, attnum),
      String(i + 1),
      NO_ACTION,
      NO_ACTION,
      key.name,
      keyReferredTo(target, references.attnums),
      NOT_DEFERRABLE,
    ],
  ]);
}
const foreignKeys = (table: TableObject): readonly TableConstraintInfo[] =>
  table.constraints.filter((c) => c.kind === 'foreign');

export function listForeignKeys(context: ShowContext, show: Show): readonly Listed[] {
  const { catalog, relation: table } = shownRelation(context, show) ?? {};
  if (catalog === undefined || table?.kind !== 'table') return [];
  return foreignKeys(table).flatMap((key) => foreignKeyRows(catalog, table, key));
}

export function listExportedKeys(context: ShowContext, show: Show): readonly Listed[] {
  const shown = shownRelation(context, show);
  if (shown === undefined) return [];
  const { catalog, relation } = shown;
  return catalog.relations().flatMap((table) =>
    table.kind === 'table' && isVisible(context, catalog, table)
      ? foreignKeys(table)
          .filter((key) => key.references?.tableId === relation.oid)
          .flatMap((key) => foreignKeyRows(catalog, table, key))
      : [],
  );
}
