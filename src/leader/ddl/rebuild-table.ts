/**
 * Rewriting a table under a new definition (new keys, styles, encodings): a new table is filled from the old
 * one and takes its name, its dependents and its identity counters; the old storage goes at commit. The
 * table's oid changes. Also: which views a changed definition breaks. Used by ALTER TABLE.
 */
import { assert } from '../../common/assert.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { sameType } from '../../types/sql-type.ts';
import type { TableId } from '../../common/ids.ts';
import type { DdlContext } from './context.ts';
import { dependentViews, referencingTables } from './dependencies.ts';
import { fillTable } from './fill-table.ts';
import { quoteName, quoteQualified, schemaNameOf } from '../catalog/names.ts';
import { liveColumns } from '../catalog/objects.ts';
import type { MaterializedViewObject, RelationObject, TableObject, ViewObject } from '../catalog/objects.ts';
import type { Query } from '../parser/ast.ts';
import { viewOnRebuilt, viewQuery, withoutColumn } from '../catalog/view-query.ts';

function put(context: DdlContext, relation: RelationObject): void {
  const { transaction } = context;
  transaction.changeCatalog({ kind: 'put-relation', database: transaction.database, relation });
}

/** Dependents of the old oid name the new one. */
async function moveDependents(context: DdlContext, from: TableId, to: TableId): Promise<void> {
  const { transaction } = context;
  for (const { oid } of dependentViews(transaction.catalog(), from)) {
    // Somebody else may be renaming it: what is put back must be the newest.
    await transaction.lock(oid, 'AccessExclusiveLock');
    const view = transaction.catalog().relationByOid(oid);
    if (view !== undefined && view.kind !== 'table') put(context, viewOnRebuilt(view, from, to));
  }
  for (const { oid } of referencingTables(transaction.catalog(), from)) {
    await transaction.lock(oid, 'AccessExclusiveLock');
    const table = transaction.catalog().relationByOid(oid);
    if (table?.kind !== 'table') continue;
    const constraints = table.constraints.map((c) =>
      c.references?.tableId === from ? { ...c, references: { ...c.references, tableId: to } } : c,
    );
    put(context, { ...table, constraints });
  }
}

/** Rewrites `old`, on which the caller holds AccessExclusiveLock, as `changed`. */
export async function rebuildTable(context: DdlContext, old: TableObject, changed: TableObject): Promise<void> {
  // A snapshot from before other writers would leave their rows behind.
  context.transaction.touch(old.oid, 'rewrite');
  await takePlace(context, old, await copyTable(context, old, changed));
}

/** The rows of `old` in a new table built as `changed`, which has no name of its own yet. */
export async function copyTable(context: DdlContext, old: TableObject, changed: TableObject): Promise<TableObject> {
  const { services, session, transaction } = context;
  const catalog = transaction.catalog();
  const oid = services.transactions.nextOid();
  const from = quoteQualified(schemaNameOf(catalog, old), old.name);
  const list = liveColumns(old)
    .map((c) => quoteName(c.name))
    .join(', ');
  const [statement] = await services.parse(`select ${list} from ${from}`);
  assert(statement?.kind === 'query', 'a rewrite reads a query');
  // A snapshot from before this cannot read the new table.
  transaction.rewrote(oid);
  const select = await services.lockQuery(session, transaction, statement.query);
  const next: TableObject = {
    ...changed,
    oid,
    // Every row is written anew, so none lacks a column.
    columns: changed.columns.map(({ missingValue: _, ...column }) => column),
    constraints: changed.constraints.map((c) =>
      c.references?.tableId === old.oid ? { ...c, references: { ...c.references, tableId: oid } } : c,
    ),
  };
  await transaction.lock(oid, 'AccessExclusiveLock');
  // Both tables exist while rows move; the new one under a name nobody can have typed.
  put(context, { ...next, name: `${old.name}__${oid}` });
  await fillTable(context, next, select, `ALTER TABLE ${old.name}`);
  return next;
}

/** Puts the copy in the place of `old`, on which the caller holds AccessExclusiveLock. */
export async function takePlace(context: DdlContext, old: TableObject, next: TableObject): Promise<void> {
  const { services, transaction } = context;
  const { oid } = next;
  services.transactions.inheritIdentity?.(old.oid, oid);
  await moveDependents(context, old.oid, oid);
  transaction.changeCatalog({ kind: 'drop-relation', database: transaction.database, oid: old.oid });
  transaction.dropStorage(old.oid);
  const { statistics } = transaction.catalog().relationByOid(oid) as TableObject;
  put(context, { ...next, ...(statistics === undefined ? {} : { statistics }) });
}

/**
 * Bound views and materialized views on the relation whose query no longer gives their columns; with `attnum`, would not
 * give them without that column.
 */
export function brokenViews(
  context: DdlContext,
  oid: TableId,
  attnum?: number,
): readonly (ViewObject | MaterializedViewObject)[] {
  const { services, session, transaction } = context;
  const queryOf = (view: ViewObject | MaterializedViewObject): Query =>
    attnum === undefined ? viewQuery(view) : withoutColumn(viewQuery(view), oid, attnum);
  return dependentViews(transaction.catalog(), oid).filter((view) => {
    try {
      const { columns } = services.bindQuery(session, transaction, queryOf(view), view.searchPath);
      const before = liveColumns(view);
      const same =
        columns.length === before.length &&
        columns.every((c, i) => sameType(c.type, before[i]!.type) || c.type.name === 'unknown');
      return !same && view.kind === 'view';
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      return true;
    }
  });
}
