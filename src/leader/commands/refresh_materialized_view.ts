/**
 * REFRESH MATERIALIZED VIEW: computes the query again into a new storage table and swaps it in, so readers
 * keep the old rows until the commit. Nothing is done when no base table changed since the commit the last
 * refresh saw; base tables are found through views and other materialized views.
 */
import { assert } from '../../common/assert.ts';
import { featureNotSupported, unrefreshable, wrongObjectType } from '../../common/errors/catalogue.ts';
import { conflictOf } from '../../common/errors/recorded-errors.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { sameType } from '../../types/sql-type.ts';
import { protectedForView } from '../../common/errors/policy-errors.ts';
import { isProtected } from '../ddl/policies.ts';
import { dropObject, putObject } from '../catalog/changes.ts';
import { storedType } from '../catalog/column-types.ts';
import type { BoundSelect } from '../ddl/context.ts';
import { isStale, viewsBelow } from '../catalog/materialized-views.ts';
import { fillTable } from '../ddl/fill-table.ts';
import { lockRelation } from '../catalog/lock-by-name.ts';
import { schemaNameOf } from '../catalog/names.ts';
import { liveColumns } from '../catalog/objects.ts';
import type { MaterializedViewObject, RelationObject } from '../catalog/objects.ts';
import type { QualifiedName } from '../parser/ast.ts';
import { requireOwner } from '../catalog/privileges.ts';
import { info, recorded } from './recorded-command.ts';
import { changeOfBase, viewQuery } from '../catalog/view-query.ts';
import type { CommandContext } from './command.ts';

function isFresh({ services, transaction }: CommandContext, view: MaterializedViewObject): boolean {
  const { transactions } = services;
  if (transactions.lastChangeLsn === undefined) return false;
  return !isStale(transaction.catalog(), view, (oid) => transactions.lastChangeLsn!(oid));
}

async function recompute(context: CommandContext, view: MaterializedViewObject, select: BoundSelect): Promise<void> {
  const { services, transaction } = context;
  // The service refuses to refresh from bases that are no longer called or built as they were.
  const change = changeOfBase(transaction.catalog(), view);
  if (change !== undefined) throw unrefreshable(view.name, change.reason);
  const old = transaction.catalog().relationByOid(view.storageTable);
  assert(old?.kind === 'table', 'storage of a materialized view is a table');
  const columns = liveColumns(old).map((c, i) => {
    const found = select.columns[i];
    if (found === undefined || !sameType(storedType(found.type, view.name), c.type)) {
      throw unrefreshable(view.name, 'A base table column type was changed');
    }
    return found;
  });
  const storage = {
    ...old,
    oid: services.transactions.nextOid(),
    statistics: undefined,
  };
  await transaction.lock(storage.oid, 'AccessExclusiveLock');
  // Nobody else replaces it, as that needs the view's own lock.
  await transaction.lock(old.oid, 'AccessExclusiveLock');
  transaction.rewrote(storage.oid);
  dropObject(transaction, old);
  transaction.dropStorage(old.oid);
  putObject(transaction, storage);
  putObject(transaction, {
    ...view,
    storageTable: storage.oid,
    lastRefreshXid: transaction.requireXid(),
    lastRefreshLsn: transaction.snapshotLsn,
  });
  await fillTable(context, storage, { ...select, columns }, `REFRESH MATERIALIZED VIEW ${view.name}`);
}

const RECOMPUTED = 'Refresh successfully recomputed MV from scratch';
const UPDATED = 'MV was already updated';

/** Refreshes one view and keeps what became of it: true when it has new rows. `below`: what it reads has new rows. */
async function refreshed(context: CommandContext, view: MaterializedViewObject, below: boolean): Promise<boolean> {
  const { services, session, transaction } = context;
  const startMicros = services.clock.nowMicros();
  const record = (status: string): void =>
    services.history.add('refreshes', {
      userid: session.user.oid,
      pid: session.pid,
      xid: transaction.identify(),
      database: session.database,
      schema: schemaNameOf(transaction.catalog(), view),
      viewId: view.oid,
      name: view.name,
      status,
      startMicros,
      endMicros: services.clock.nowMicros(),
    });
  try {
    const isNew = await refresh(context, view, below);
    record(isNew ? RECOMPUTED : UPDATED);
    return isNew;
  } catch (error) {
    record(failureOf(error));
    throw error;
  }
}

export default recorded('utility', {
  kind: 'refresh-materialized-view',
  doc: 'REFRESH MATERIALIZED VIEW',
  async run(context, statement) {
    const { session, transaction } = context;
    const lockView = (name: QualifiedName): Promise<RelationObject> =>
      lockRelation(session, transaction, name, 'ShareRowExclusiveLock', (found) => {
        if (found.kind !== 'materialized view') throw wrongObjectType(found.name, 'materialized view');
        requireOwner(session.user, found);
      });
    const view = await lockView(statement.name);
    assert(view.kind === 'materialized view', 'a materialized view was checked for');
    // The views that it reads come first; of each, the version is taken that those before it left.
    const below = statement.cascade ? viewsBelow(transaction.catalog(), view) : [];
    let changed = false;
    for (const { name, schemaOid } of below) {
      const schema = transaction.catalog().schemaByOid(schemaOid)?.name;
      const inner = await lockView({ name, pos: 0, ...(schema === undefined ? {} : { schema }) });
      assert(inner.kind === 'materialized view', 'a materialized view was checked for');
      changed = (await refreshed(context, inner, changed)) || changed;
      // What it wrote is seen by the next statement.
      transaction.nextStatement();
    }
    const now = transaction.catalog().relationByOid(view.oid);
    assert(now?.kind === 'materialized view', 'the view is locked');
    await refreshed(context, now, changed);
    return { tag: 'REFRESH MATERIALIZED VIEW' };
  },
});

/** False: there was nothing to do. */
async function refresh(context: CommandContext, view: MaterializedViewObject, below: boolean): Promise<boolean> {
  const { services, session, transaction } = context;
  const select = await services.lockQuery(session, transaction, viewQuery(view), view.searchPath);
  if (isProtected(select.rel)) throw protectedForView(view.name);
  transaction.snapshot();
  // A snapshot older than the last refresh would put older rows in its place.
  if (view.lastRefreshLsn !== undefined && (transaction.snapshotLsn ?? 0) < view.lastRefreshLsn) {
    throw featureNotSupported('REFRESH MATERIALIZED VIEW cannot run under a snapshot older than the last refresh');
  }
  // What calls RANDOM or GETDATE has other rows each time.
  if (!below && services.mutableFunctions(select).length === 0 && isFresh(context, view)) {
    context.notice(info(`Materialized view ${view.name} is already up to date.`));
    return false;
  }
  await recompute(context, view, select);
  context.notice(info(`Materialized view ${view.name} was recomputed successfully.`));
  return true;
}

/** As SVL_MV_REFRESH_STATUS words it. */
function failureOf(error: unknown): string {
  if (!(error instanceof SqlError)) return 'Refresh failed due to an internal error';
  if (error.sqlstate === 'XX000' && error.detail?.startsWith('Refresh failed.') === true) return error.detail;
  if (conflictOf(error) !== undefined) return 'Refresh failed. Serializable isolation violation';
  return `Refresh failed. ${error.message}`;
}
