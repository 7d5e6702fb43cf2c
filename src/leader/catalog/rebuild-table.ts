/**
 * Rewriting a table under a new definition (new keys, styles, encodings): a new table is filled from the old
 * one and takes its name, its dependents and its identity counters; the old storage goes at commit. The
 * table's oid changes. Also: which views a changed definition breaks. Used by ALTER TABLE.
 */
import { assert } from '../../common/assert.ts';
import { featureNotSupported } from '../../common/errors/catalogue.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { sameType } from '../../types/sql-type.ts';
import type { TableId } from '../../common/ids.ts';
import type { CommandContext } from '../services.ts';
import { dependentViews, described, referencingTables } from './dependencies.ts';
import { fillTable } from './fill-table.ts';
import { quoteName, quoteQualified, schemaNameOf } from './names.ts';
import { liveColumns } from './objects.ts';
import type { MaterializedViewObject, RelationObject, TableObject, ViewObject } from './objects.ts';

function put(context: CommandContext, relation: RelationObject): void {
  const { transaction } = context;
  transaction.changeCatalog({ kind: 'put-relation', database: transaction.database, relation });
}

/** Dependents of the old oid name the new one. */
function moveDependents(context: CommandContext, from: TableId, to: TableId): void {
  const catalog = context.transaction.catalog();
  for (const view of dependentViews(catalog, from)) {
    put(context, { ...view, dependsOn: view.dependsOn.map((oid) => (oid === from ? to : oid)) });
  }
  for (const table of referencingTables(catalog, from)) {
    const constraints = table.constraints.map((c) =>
      c.references?.tableId === from ? { ...c, references: { ...c.references, tableId: to } } : c,
    );
    put(context, { ...table, constraints });
  }
}

/** Rewrites `old`, on which the caller holds AccessExclusiveLock, as `changed`. */
export async function rebuildTable(context: CommandContext, old: TableObject, changed: TableObject): Promise<void> {
  const { services, session, transaction } = context;
  const catalog = transaction.catalog();
  const oid = services.transactions.nextOid();
  const from = quoteQualified(schemaNameOf(catalog, old), old.name);
  const list = liveColumns(old)
    .map((c) => quoteName(c.name))
    .join(', ');
  const [statement] = await services.parse(`select ${list} from ${from}`);
  assert(statement?.kind === 'query', 'a rewrite reads a query');
  const select = services.bindQuery(session, transaction, statement.query);
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
  services.transactions.inheritIdentity?.(old.oid, oid);
  moveDependents(context, old.oid, oid);
  transaction.changeCatalog({ kind: 'drop-relation', database: transaction.database, oid: old.oid });
  transaction.dropStorage(old.oid);
  put(context, next);
}

/** Bound views and materialized views on the relation whose text no longer gives their columns. */
export async function brokenViews(
  context: CommandContext,
  oid: TableId,
): Promise<readonly (ViewObject | MaterializedViewObject)[]> {
  const { services, session, transaction } = context;
  const broken: (ViewObject | MaterializedViewObject)[] = [];
  for (const view of dependentViews(transaction.catalog(), oid)) {
    const [statement] = await services.parse(view.queryText);
    assert(statement?.kind === 'query', `text of ${view.kind} ${view.name} is no query`);
    try {
      const { columns } = services.bindQuery(session, transaction, statement.query, view.searchPath);
      const before = liveColumns(view);
      const same =
        columns.length === before.length &&
        columns.every((c, i) => sameType(c.type, before[i]!.type) || c.type.name === 'unknown');
      if (!same && view.kind === 'view') broken.push(view);
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      broken.push(view);
    }
  }
  return broken;
}

/**
 * Runs a change that adds columns to the relation. A view of `*` shows the columns it had when it was made:
 * where the change would alter its columns, its text is wrapped so that it names them.
 */
export async function keepingViewColumns(context: CommandContext, oid: TableId, change: () => void): Promise<void> {
  const { services, session, transaction } = context;
  const names = new Map<TableId, readonly string[]>();
  for (const view of dependentViews(transaction.catalog(), oid)) {
    const [statement] = await services.parse(view.queryText);
    assert(statement?.kind === 'query', `text of ${view.kind} ${view.name} is no query`);
    const { columns } = services.bindQuery(session, transaction, statement.query, view.searchPath);
    names.set(
      view.oid,
      columns.map((c) => c.name),
    );
  }
  change();
  for (const view of await brokenViews(context, oid)) {
    const list = names.get(view.oid)!;
    if (view.kind !== 'view' || new Set(list).size < list.length) {
      throw featureNotSupported(`cannot add a column: ${described(view)} reads all columns; drop it first`);
    }
    const queryText = `select ${list.map(quoteName).join(', ')} from (${view.queryText}) ${quoteName(view.name)}`;
    put(context, { ...view, queryText });
  }
}
