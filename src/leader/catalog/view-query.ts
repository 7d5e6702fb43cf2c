/**
 * The query of a view: what it means (the frozen AST, or the text of a late-binding view parsed anew) and how it reads
 * today. As long as every table it was made from is called and built as it was then, that is the text as written;
 * afterwards it is printed with the names of today. Also moves frozen tables to another oid.
 */
import type { TableId } from '../../common/ids.ts';
import type { Expr, FrozenRoutine, FrozenTable, Query } from '../parser/ast.ts';
import { parseQueryTextSync } from '../parser/parser.ts';
import { printQuery, type CurrentNames } from '../parser/print-query.ts';
import { quoteName, quoteQualified, schemaNameOf } from './names.ts';
import { liveColumns } from './objects.ts';
import type { CatalogSnapshot, MaterializedViewObject, RelationObject, ViewObject } from './objects.ts';

type AnyView = ViewObject | MaterializedViewObject;
type Catalog = Pick<CatalogSnapshot, 'relationByOid' | 'schemaByOid'>;
type Routines = Pick<CatalogSnapshot, 'object' | 'schemaByOid'>;

export const viewQuery = (view: AnyView): Query => view.query ?? parseQueryTextSync(view.queryText);

/** The functions of users that a frozen query or expression calls, as they were. */
export function frozenRoutines(query: Query | Expr): readonly FrozenRoutine[] {
  const found: FrozenRoutine[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach(visit);
    const node = value as Readonly<Record<string, unknown>>;
    if (node['kind'] === 'call' && node['routine'] !== undefined) found.push(node['routine'] as FrozenRoutine);
    Object.values(node).forEach(visit);
  };
  visit(query);
  return found;
}
/** schema.name of now; as it was when it is gone. */
function routineName(catalog: Routines, { oid, schema, name }: FrozenRoutine): string {
  const now = catalog.object('routine', oid);
  return now === undefined
    ? quoteQualified(schema, name)
    : quoteQualified(catalog.schemaByOid(now.schemaOid)?.name ?? schema, now.name);
}

/** The tables a frozen query reads, as they were. */
export function frozenTables(query: Query): readonly FrozenTable[] {
  const found: FrozenTable[] = [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    if (Array.isArray(value)) return value.forEach(visit);
    const node = value as Readonly<Record<string, unknown>>;
    if (node['kind'] === 'table' && node['relation'] !== undefined) found.push(node['relation'] as FrozenTable);
    Object.values(node).forEach(visit);
  };
  visit(query);
  return found;
}

function sameColumns(relation: RelationObject | undefined, frozen: FrozenTable): boolean {
  if (relation === undefined) return false;
  const live = liveColumns(relation);
  return (
    live.length === frozen.columns.length &&
    live.every((c, i) => c.attnum === frozen.columns[i]!.attnum && c.name === frozen.columns[i]!.column)
  );
}
const sameName = (catalog: Catalog, relation: RelationObject | undefined, frozen: FrozenTable): boolean =>
  relation?.name === frozen.name && catalog.schemaByOid(relation.schemaOid)?.name === frozen.schema;

/** What happened to a base of a materialized view, so that it cannot be refreshed any more. */
export interface BaseChange {
  /** As STL_MV_STATE words it. */
  readonly event: string;
  /** As SVL_MV_REFRESH_STATUS words it. */
  readonly reason: string;
  /** Undefined: to the view's own schema. */
  readonly table?: FrozenTable;
}
const DROPPED = { event: 'Table was dropped', reason: 'A base table was dropped' };
const RENAMED = { event: 'Table was renamed', reason: 'A base table was renamed' };
const COLUMN_DROPPED = { event: 'Column was dropped', reason: 'A base column was dropped' };
const COLUMN_RENAMED = { event: 'Column was renamed', reason: 'A base table column was renamed' };
const SCHEMA_RENAMED = { event: 'Schema name was changed', reason: 'Schema of MV was renamed' };

function frozenTableChange(catalog: Catalog, frozen: FrozenTable): BaseChange | undefined {
  const relation = catalog.relationByOid(frozen.oid);
  if (relation === undefined) return DROPPED;
  if (!sameName(catalog, relation, frozen)) return RENAMED;
  const live = new Map(liveColumns(relation).map((c) => [c.attnum, c.name]));
  const names = frozen.columns.map((c) => [live.get(c.attnum), c.column] as const);
  if (names.some(([now]) => now === undefined)) return COLUMN_DROPPED;
  return names.some(([now, then]) => now !== then) ? COLUMN_RENAMED : undefined;
}

/** Undefined: nothing that matters to a refresh. */
export function changeOfBase(catalog: Catalog, view: MaterializedViewObject): BaseChange | undefined {
  if (view.madeIn !== undefined && catalog.schemaByOid(view.schemaOid)?.name !== view.madeIn) return SCHEMA_RENAMED;
  for (const table of frozenTables(viewQuery(view))) {
    const change = frozenTableChange(catalog, table);
    if (change !== undefined) return { ...change, table };
  }
  return undefined;
}

const currentNames = (catalog: CatalogSnapshot): CurrentNames => ({
  quote: quoteName,
  table: (frozen) => {
    const relation = catalog.relationByOid(frozen.oid);
    return relation === undefined
      ? quoteQualified(frozen.schema, frozen.name)
      : quoteQualified(schemaNameOf(catalog, relation), relation.name);
  },
  column: (frozen, attnum) => {
    const relation = catalog.relationByOid(frozen.oid);
    return relation === undefined ? undefined : liveColumns(relation).find((c) => c.attnum === attnum)?.name;
  },
  routine: (frozen) => routineName(catalog, frozen),
  unchanged: (frozen) => sameColumns(catalog.relationByOid(frozen.oid), frozen),
});

/** The query printed with today's names, whether or not any changed. */
export const printedQuery = (catalog: CatalogSnapshot, query: Query): string =>
  printQuery(query, currentNames(catalog));

/** The view's query as its readers shall see it. */
export function viewText(catalog: CatalogSnapshot, view: AnyView): string {
  const { query } = view;
  if (query === undefined) return view.queryText;
  const asWritten = frozenTables(query).every((frozen) => {
    const relation = catalog.relationByOid(frozen.oid);
    return sameColumns(relation, frozen) && sameName(catalog, relation, frozen);
  });
  const sameCalls = frozenRoutines(query).every(
    (frozen) => routineName(catalog, frozen) === quoteQualified(frozen.schema, frozen.name),
  );
  return asWritten && sameCalls ? view.queryText : printedQuery(catalog, query);
}

/** The query with its frozen tables replaced. */
function mapTables(query: Query, change: (table: FrozenTable) => FrozenTable): Query {
  const map = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(map);
    if (typeof value !== 'object' || value === null) return value;
    const node = value as Readonly<Record<string, unknown>>;
    if (node['kind'] === 'table' && node['relation'] !== undefined) {
      return { ...node, relation: change(node['relation'] as FrozenTable) };
    }
    return Object.fromEntries(Object.entries(node).map(([k, v]) => [k, map(v)]));
  };
  return map(query) as Query;
}

/** The query as if the table had not that column. */
export const withoutColumn = (query: Query, oid: TableId, attnum: number): Query =>
  mapTables(query, (t) => (t.oid === oid ? { ...t, columns: t.columns.filter((c) => c.attnum !== attnum) } : t));

/** The query after its table `from` was rebuilt as `to`. */
export const queryOnRebuilt = (query: Query, from: TableId, to: TableId): Query =>
  mapTables(query, (t) => (t.oid === from ? { ...t, oid: to } : t));
