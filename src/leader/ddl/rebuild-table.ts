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
import { dependentViews } from './dependencies.ts';
import { fillTable } from './fill-table.ts';
import { dropObject, putObject } from '../catalog/changes.ts';
import { lockKeyOf } from '../catalog/lock-by-name.ts';
import { quoteName, quoteQualified, schemaNameOf } from '../catalog/names.ts';
import { liveColumns } from '../catalog/objects.ts';
import type { CatalogObject, MaterializedViewObject, TableObject, ViewObject } from '../catalog/objects.ts';
import type { Query } from '../parser/ast.ts';
import { queryOnRebuilt, viewQuery, withoutColumn } from '../catalog/view-query.ts';

/** A dependent with all that led to the table `from` leading to `to`. */
function turned(object: CatalogObject, from: TableId, to: TableId): CatalogObject {
  const dependsOn = object.dependsOn?.map((d) => (d.class === 'relation' && d.oid === from ? { ...d, oid: to } : d));
  switch (object.kind) {
    case 'table': {
      const constraints = object.constraints.map((c) =>
        c.references?.tableId === from ? { ...c, references: { ...c.references, tableId: to } } : c,
      );
      return { ...object, constraints };
    }
    case 'view':
    case 'materialized view': {
      const query = object.query === undefined ? undefined : queryOnRebuilt(object.query, from, to);
      return { ...object, query, dependsOn: dependsOn! };
    }
    case 'copy job':
      return { ...object, table: object.table === from ? to : object.table };
    default:
      return { ...object, dependsOn };
  }
}

/** Dependents of the old oid name the new one. */
async function moveDependents(context: DdlContext, from: TableId, to: TableId): Promise<void> {
  const { transaction } = context;
  for (const { class: of, oid } of transaction.catalog().dependents({ class: 'relation', oid: from })) {
    // Somebody else may be renaming it: what is put back must be the newest.
    await transaction.lock(lockKeyOf(transaction.database, { class: of, oid }), 'AccessExclusiveLock');
    const object = transaction.catalog().object(of, oid);
    if (object !== undefined) putObject(transaction, turned(object, from, to));
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
  const select = await services.lockQuery(session, transaction, statement.query, undefined, 'system');
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
  putObject(transaction, { ...next, name: `${old.name}__${oid}` });
  await fillTable(context, next, select, `ALTER TABLE ${old.name}`);
  return next;
}

/** Puts the copy in the place of `old`, on which the caller holds AccessExclusiveLock. */
export async function takePlace(context: DdlContext, old: TableObject, next: TableObject): Promise<void> {
  const { services, transaction } = context;
  const { oid } = next;
  services.transactions.inheritIdentity?.(old.oid, oid);
  await moveDependents(context, old.oid, oid);
  dropObject(transaction, old);
  transaction.dropStorage(old.oid);
  putObject(transaction, next);
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
