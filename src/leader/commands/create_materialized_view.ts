/**
 * CREATE MATERIALIZED VIEW: the view, its storage table mv_tbl__<name>__0 and the query's rows in it, all in
 * one transaction. Distribution is EVEN when nothing is said.
 */
import { duplicateTable, featureNotSupported } from '../../common/errors/catalogue.ts';
import { referencesOf, resolveView } from '../ddl/dependencies.ts';
import { protectedForView } from '../../common/errors/policy-errors.ts';
import { initialAcl } from '../catalog/default-acl.ts';
import { isProtected } from '../ddl/policies.ts';
import { putObject } from '../catalog/changes.ts';
import { lockResolved } from '../catalog/lock-by-name.ts';
import { columnsFromQuery, fillTable, plainTable } from '../ddl/fill-table.ts';
import { creationTarget } from '../catalog/creation-target.ts';
import { refuseTakenName } from '../catalog/names.ts';
import { settleEncodings } from '../ddl/new-table.ts';
import type { MaterializedViewObject } from '../catalog/objects.ts';
import { requireAutomatic } from '../ddl/automatic-refresh.ts';
import { whyRecomputed } from '../ddl/incremental.ts';
import { recorded, warning } from './recorded-command.ts';
import { distributionOf, sortOf } from '../catalog/table-attributes.ts';

const NO_KEYS = { distkeys: [], sortkeys: [] };

export const storageTableName = (view: string): string => `mv_tbl__${view}__0`;

/**
 * Whether the query has such a node anywhere, in its subqueries too: 'virtual' gives rows of system tables and views, and of
 * functions of the leader node in FROM.
 */
function hasNode(node: unknown, ...kinds: readonly string[]): boolean {
  if (typeof node !== 'object' || node === null) return false;
  const { kind } = node as { readonly kind?: unknown };
  return (typeof kind === 'string' && kinds.includes(kind)) || Object.values(node).some((n) => hasNode(n, ...kinds));
}

export default recorded('ddl', {
  kind: 'create-materialized-view',
  doc: 'CREATE MATERIALIZED VIEW',
  async run(context, statement) {
    const { services, session, transaction } = context;
    if (statement.name.name.startsWith('#')) throw featureNotSupported('Materialized views cannot be temporary');
    transaction.requireXid();
    const nextOid = () => services.transactions.nextOid();
    const target = await creationTarget(session, transaction, statement.name, false, nextOid);
    const catalog = transaction.catalog();
    if (catalog.relationIn(target.schema.oid, target.name) !== undefined) throw duplicateTable(target.name);
    const storageName = storageTableName(target.name);
    refuseTakenName(catalog, target.schema.oid, storageName);
    const { select, frozen } = await lockResolved(transaction, () => resolveView(context, statement.query));
    const dependsOn = referencesOf(frozen);
    transaction.snapshot();
    for (const { oid } of dependsOn) {
      const base = transaction.catalog().relationByOid(oid)!;
      if (base.kind === 'table' && base.temporary) {
        throw featureNotSupported('Materialized views cannot be created on temporary tables');
      }
      if (base.kind === 'view') {
        const which = base.lateBinding ? 'late-binding views' : 'views';
        throw featureNotSupported(`Materialized views cannot be created on ${which}`);
      }
    }
    if (hasNode(select.rel, 'sort', 'limit')) {
      throw featureNotSupported('ORDER BY, LIMIT and OFFSET are not supported in materialized views');
    }
    if (hasNode(select.rel, 'virtual')) {
      throw featureNotSupported('Materialized views cannot be created on system tables and views');
    }
    const rows = await services.lockQuery(session, transaction, statement.query);
    if (isProtected(rows.rel)) throw protectedForView(target.name);
    const bare = columnsFromQuery(select, [], target.name, 'CREATE MATERIALIZED VIEW');
    const probe = bare.map((c) => ({ ...c, encoding: 'raw' }));
    const distribution = distributionOf(probe, statement.attributes, NO_KEYS, {
      diststyle: 'even',
      effectiveDiststyle: 'even',
    });
    const sort = sortOf(probe, statement.attributes, NO_KEYS);
    const drafts = bare.map((column) => ({ column, encoding: undefined }));
    const columns = settleEncodings(drafts, sort.sortkey, false);
    const viewOid = nextOid();
    const common = {
      schemaOid: target.schema.oid,
      ownerOid: session.user.oid,
      createdAtMicros: services.clock.nowMicros(),
      columns,
    };
    const storage = plainTable({
      ...common,
      oid: nextOid(),
      name: storageName,
      temporary: false,
      ...distribution,
      ...sort,
      materializedViewOid: viewOid,
      backup: statement.attributes.backup ?? true,
    });
    const view: MaterializedViewObject = {
      ...common,
      kind: 'materialized view',
      oid: viewOid,
      name: target.name,
      acl: initialAcl(transaction.catalog(), 'tables', session.user.oid, target.schema.oid),
      queryText: statement.queryText,
      query: frozen,
      madeIn: target.schema.name,
      searchPath: session.searchPath(),
      dependsOn,
      storageTable: storage.oid,
      autoRefresh: statement.autoRefresh,
      lastRefreshXid: transaction.xid,
      lastRefreshLsn: transaction.snapshotLsn,
    };
    await transaction.lock(storage.oid, 'AccessExclusiveLock');
    putObject(transaction, storage);
    putObject(transaction, view);
    if (statement.autoRefresh) await requireAutomatic(context, view);
    await fillTable(context, storage, rows, context.text.slice(statement.start, statement.end));
    const reason = whyRecomputed(rows.rel, services.mutableFunctions(rows));
    if (reason !== undefined) {
      const message = `An incrementally maintained materialized view could not be created, reason: ${reason}. The materialized view created, ${target.name}, will be recomputed from scratch for every REFRESH.`;
      context.notice(warning(message));
    }
    return { tag: 'CREATE MATERIALIZED VIEW' };
  },
});
