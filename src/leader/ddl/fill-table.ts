/**
 * A table made from a query: its columns from the query's, its rows by an INSERT of the bound query. Used by
 * CREATE TABLE AS, materialized views and the ALTER TABLE forms that rewrite a table.
 */
import type { ColId, TableId } from '../../common/ids.ts';
import { viewColumnCount } from '../../common/errors/catalogue.ts';
import { sameType, varchar, withCollation } from '../../types/sql-type.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { highestColId } from '../../expressions/columns-in.ts';
import { columnsOf } from '../../expressions/relation.ts';
import type { BoundStatement, ColumnRef, Rel } from '../../expressions/relation.ts';
import type { BoundSelect, DdlContext } from './context.ts';
import { refuseSuper, storedType } from '../catalog/column-types.ts';
import { checkTableColumns, settleEncodings } from './new-table.ts';
import type { CatalogColumn, CatalogSnapshot, TableObject } from '../catalog/objects.ts';
import { distributionOf, sortOf, type DistributionFields } from '../catalog/table-attributes.ts';
import type { Statement } from '../parser/ast.ts';

/** varchar of its length for a column that is a string constant without a type of its own. */
function literalType(rel: Rel, id: ColId): SqlType | undefined {
  if (rel.kind !== 'project') return undefined;
  const at = rel.columns.findIndex((c) => c.id === id);
  const expr = rel.exprs[at];
  if (expr?.kind !== 'const' || typeof expr.value !== 'string' || expr.type.length !== undefined) {
    return undefined;
  }
  if (expr.type.name !== 'unknown' && expr.type.name !== 'varchar' && expr.type.name !== 'text') {
    return undefined;
  }
  return withCollation(varchar(Math.max(1, new TextEncoder().encode(expr.value).length)), expr.type.collation);
}

/** Columns, still without encoding, for a table that shall hold the query's rows. */
export function columnsFromQuery(
  select: BoundSelect,
  names: readonly string[],
  table: string,
  what: string,
): readonly Omit<CatalogColumn, 'encoding'>[] {
  if (names.length > select.columns.length) throw viewColumnCount(what);
  const columns = select.columns.map((c, i) => {
    const name = names[i] ?? c.name;
    const type = literalType(select.rel, c.id) ?? storedType(c.type, `${table}.${name}`);
    return { attnum: i + 1, name, type, notNull: false, dropped: false };
  });
  checkTableColumns(columns);
  return columns;
}

/** The query's rows cast to the table's column types, column by column. */
function castToTable(
  select: BoundSelect,
  columns: readonly CatalogColumn[],
): Extract<BoundStatement, { kind: 'insert' }>['rel'] {
  const given = columnsOf(select.rel);
  const asGiven =
    given.length === columns.length &&
    columns.every((c, i) => given[i]!.id === select.columns[i]!.id && sameType(c.type, select.columns[i]!.type));
  if (asGiven) return select.rel;
  let next: ColId = highestColId(select.rel) + 1;
  const refs: ColumnRef[] = columns.map((c) => ({ id: next++, name: c.name, type: c.type }));
  const exprs = columns.map((c, i) => {
    const from = select.columns[i]!;
    const column = { kind: 'column', type: from.type, id: from.id } as const;
    return sameType(c.type, from.type)
      ? column
      : ({ kind: 'cast', type: c.type, arg: column, mode: 'assignment' } as const);
  });
  return { kind: 'project', input: select.rel, columns: refs, exprs };
}

/**
 * Inserts the query's rows into the table, whose live columns match the query's one to one. Returns their
 * number.
 */
export async function fillTable(
  context: DdlContext,
  table: TableObject,
  select: BoundSelect,
  text: string,
): Promise<number> {
  const { services, session, transaction } = context;
  return services.runBound(session, transaction, insertOf(table, select), text);
}

/** The INSERT that fills the table. */
export function insertOf(table: TableObject, select: BoundSelect): Extract<BoundStatement, { kind: 'insert' }> {
  const rel = castToTable(
    select,
    table.columns.filter((c) => !c.dropped),
  );
  const columns = rel === select.rel ? select.columns : columnsOf(rel);
  return { kind: 'insert', tableId: table.oid, rel, columns };
}

/** The single table a plain SELECT reads, when nothing but filters and projections stand above it. */
function onlyTable(rel: Rel): TableId | undefined {
  if (rel.kind === 'get') return rel.tableId;
  return rel.kind === 'filter' || rel.kind === 'project' || rel.kind === 'subquery'
    ? onlyTable(rel.input)
    : undefined;
}

/**
 * Distribution a CREATE TABLE AS takes over from the one table it reads; undefined when it reads more or
 * computes.
 */
export function inheritedDistribution(catalog: CatalogSnapshot, select: BoundSelect): DistributionFields | undefined {
  const tableId = onlyTable(select.rel);
  const source = tableId === undefined ? undefined : catalog.relationByOid(tableId);
  if (source?.kind !== 'table') return undefined;
  if (source.distkey === undefined) {
    return { diststyle: source.diststyle, effectiveDiststyle: source.effectiveDiststyle };
  }
  const at = select.columns.findIndex((c) => c.origin?.tableId === tableId && c.origin?.attnum === source.distkey);
  if (at < 0) return undefined;
  return { diststyle: source.diststyle, effectiveDiststyle: 'key', distkey: at + 1 };
}

type CreateTableAs = Extract<Statement, { kind: 'create-table-as' }>;

/**
 * The table that a CREATE TABLE AS makes: its columns are the query's, its distribution comes from the attributes, else from
 * the one table a plain SELECT reads, else it is spread evenly.
 */
export function tableAs(
  statement: CreateTableAs,
  select: BoundSelect,
  catalog: CatalogSnapshot,
  fields: Pick<TableObject, 'oid' | 'schemaOid' | 'name' | 'ownerOid' | 'createdAtMicros' | 'temporary'>,
): TableObject {
  const { attributes } = statement;
  const bare = columnsFromQuery(select, statement.columnNames, fields.name, 'CREATE TABLE AS');
  for (const { type } of bare) refuseSuper(type, catalog.database.collation);
  const probe = bare.map((c) => ({ ...c, encoding: 'raw' }));
  const spread = { diststyle: 'auto', effectiveDiststyle: 'even' } as const;
  const inherited = inheritedDistribution(catalog, select) ?? spread;
  const distribution = distributionOf(probe, attributes, NO_KEYS, inherited);
  const sort = sortOf(probe, attributes, NO_KEYS);
  const drafts = bare.map((column) => ({ column, encoding: undefined }));
  return plainTable({
    ...fields,
    columns: settleEncodings(drafts, sort.sortkey, fields.temporary),
    ...distribution,
    ...sort,
    backup: attributes.backup ?? true,
  });
}
const NO_KEYS = { distkeys: [], sortkeys: [] };

/** A new table object with everything that is the same for all of them. */
export function plainTable(
  fields: Pick<TableObject, 'oid' | 'schemaOid' | 'name' | 'ownerOid' | 'createdAtMicros' | 'columns' | 'temporary'> &
    Partial<TableObject>,
): TableObject {
  return {
    kind: 'table',
    acl: [],
    diststyle: 'auto',
    effectiveDiststyle: 'all',
    sortkey: [],
    sortkeyStyle: 'auto',
    encodeAuto: true,
    backup: true,
    constraints: [],
    ...fields,
  };
}
