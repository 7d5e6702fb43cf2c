/**
 * REFRESH MATERIALIZED VIEW: computes the query again into a new storage table and swaps it in, so readers
 * keep the old rows until the commit. Nothing is done when no base table changed since the commit the last
 * refresh saw; base tables are found through views and other materialized views.
 */
import { assert } from '../../common/assert.ts';
import type { TableId } from '../../common/ids.ts';
import { featureNotSupported, unrefreshable, wrongObjectType } from '../../common/errors/catalogue.ts';
import { conflictOf } from '../../common/errors/recorded-errors.ts';
import { SqlError } from '../../common/errors/sql-error.ts';
import { sameType } from '../../types/sql-type.ts';
import { dropObject, putObject } from '../catalog/changes.ts';
import { storedType } from '../catalog/column-types.ts';
import type { BoundSelect } from '../ddl/context.ts';
import { fillTable } from '../ddl/fill-table.ts';
import { lockRelation } from '../catalog/lock-by-name.ts';
import { schemaNameOf } from '../catalog/names.ts';
import { liveColumns } from '../catalog/objects.ts';
import type { CatalogSnapshot, MaterializedViewObject, ObjectReference } from '../catalog/objects.ts';
import { requireOwner } from '../catalog/privileges.ts';
import { info, recorded } from './recorded-command.ts';
import { changeOfBase, viewQuery } from '../catalog/view-query.ts';
import type { CommandContext } from './command.ts';

/** Tables whose rows the view shows, through views; a materialized view counts as its storage table. */
function baseTables(catalog: CatalogSnapshot, view: MaterializedViewObject): readonly TableId[] {
  const found = new Set<TableId>();
  const walk = ({ oid }: ObjectReference): void => {
    const relation = catalog.relationByOid(oid);
    if (relation?.kind === 'table') found.add(oid);
    else if (relation?.kind === 'view') relation.dependsOn.forEach(walk);
    else if (relation?.kind === 'materialized view') found.add(relation.storageTable);
  };
  view.dependsOn.forEach(walk);
  return [...found];
}

/** CASCADE would refresh the materialized views it reads first; where it reads none, there is nothing more to do. */
function refuseNested({ transaction }: CommandContext, view: MaterializedViewObject): void {
  const catalog = transaction.catalog();
  const walk = ({ oid }: ObjectReference): void => {
    const relation = catalog.relationByOid(oid);
    if (relation?.kind === 'view') relation.dependsOn.forEach(walk);
    if (relation?.kind === 'materialized view')
      throw featureNotSupported(`REFRESH ... CASCADE is not supported: refresh "${relation.name}" first`);
  };
  view.dependsOn.forEach(walk);
}

function isFresh(context: CommandContext, view: MaterializedViewObject): boolean {
  const { services, transaction } = context;
  const lastChange = services.transactions.lastChangeLsn?.bind(services.transactions);
  if (lastChange === undefined || view.lastRefreshLsn === undefined) return false;
  const seen = view.lastRefreshLsn;
  return baseTables(transaction.catalog(), view).every((oid) => lastChange(oid) <= seen);
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

export default recorded('utility', {
  kind: 'refresh-materialized-view',
  doc: 'REFRESH MATERIALIZED VIEW',
  async run(context, statement) {
    const { services, session, transaction } = context;
    const startMicros = services.clock.nowMicros();
    const view = await lockRelation(session, transaction, statement.name, 'ShareRowExclusiveLock', (found) => {
      if (found.kind !== 'materialized view') throw wrongObjectType(found.name, 'materialized view');
      requireOwner(session.user, found);
    });
    assert(view.kind === 'materialized view', 'a materialized view was checked for');
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
      const isDone = await refresh(context, view, statement.cascade);
      record(isDone ? 'Refresh successfully recomputed MV from scratch' : 'MV was already updated');
    } catch (error) {
      record(failureOf(error));
      throw error;
    }
    return { tag: 'REFRESH MATERIALIZED VIEW' };
  },
});

/** False: there was nothing to do. */
async function refresh(context: CommandContext, view: MaterializedViewObject, cascade: boolean): Promise<boolean> {
  const { services, session, transaction } = context;
  if (cascade) refuseNested(context, view);
  const select = await services.lockQuery(session, transaction, viewQuery(view), view.searchPath);
  transaction.snapshot();
  // A snapshot older than the last refresh would put older rows in its place.
  if (view.lastRefreshLsn !== undefined && (transaction.snapshotLsn ?? 0) < view.lastRefreshLsn) {
    throw featureNotSupported('REFRESH MATERIALIZED VIEW cannot run under a snapshot older than the last refresh');
  }
  // What calls RANDOM or GETDATE has other rows each time.
  if (services.mutableFunctions(select).length === 0 && isFresh(context, view)) {
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
