/**
 * The columns of a result as RowDescription tells them. Used by execute.ts.
 */
import type { ColumnSource, FieldDescription } from '../../common/sql-service.ts';
import type { ColumnRef } from '../../expressions/relation.ts';
import { hasCollation, TYPE_INFO, typeModifier, varchar, type TypeName } from '../../types/sql-type.ts';
import { liveColumns, type CatalogSnapshot } from '../catalog/objects.ts';

type Catalog = Pick<CatalogSnapshot, 'relationAnywhere' | 'databases'>;

/** Types without a binary form: columns of them are sent and described as text whatever was asked for. */
const TEXT_ONLY: readonly TypeName[] = ['aclitem', '_aclitem', 'tid', 'record'];
/** Types that have no comparison. */
const NOT_COMPARED: readonly TypeName[] = ['hllsketch', 'geometry', 'geography'];

/** The column that a result column shows unchanged; undefined for columns of system views, too. */
function sourceOf(catalog: Catalog, { origin }: ColumnRef): ColumnSource | undefined {
  const found = origin && catalog.relationAnywhere(origin.tableId);
  const relation = found?.relation;
  const column = relation && liveColumns(relation).find((c) => c.attnum === origin!.attnum);
  if (found === undefined || relation === undefined || column === undefined) return undefined;
  return {
    database: catalog.databases().find((d) => d.oid === found.database)?.name ?? '',
    schema: found.schema.name,
    table: relation.name,
    column: column.name,
    notNull: column.notNull,
    identity: column.identity !== undefined,
  };
}

export function fieldOf(catalog: Catalog, c: ColumnRef): FieldDescription {
  const type = c.type.name === 'unknown' ? varchar(256) : c.type;
  const source = sourceOf(catalog, c);
  return {
    name: c.name,
    tableOid: c.origin?.tableId ?? 0,
    columnNumber: c.origin?.attnum ?? 0,
    typeOid: TYPE_INFO[type.name].oid,
    typeSize: TYPE_INFO[type.name].size,
    typeModifier: typeModifier(type),
    ...(TEXT_ONLY.includes(type.name) ? { textOnly: true as const } : {}),
    ...(source === undefined ? {} : { source }),
    ...(NOT_COMPARED.includes(type.name) ? {} : { searchable: true as const }),
    ...(hasCollation(type) && type.collation === undefined ? { caseSensitive: true as const } : {}),
  };
}
