/**
 * PG_LOCKS: locks held or waited for. On objects that are no relations (schemas, databases, users, groups) `relation` is NULL.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_locks',
  schema: 'pg_catalog',
  doc: 'locks held or waited for.',
  visibleTo: 'everyone',
  columns: columns(`
    relation oid, database oid, transaction xid, pid integer, mode text, granted boolean
  `),
  rows: (ctx) =>
    ctx.services.transactions.locks().map((l) => ({
      relation: l.tableId ?? null,
      database: ctx.catalog.database.oid,
      transaction: l.xid,
      pid: l.sessionPid,
      mode: l.mode,
      granted: l.granted,
    })),
});
