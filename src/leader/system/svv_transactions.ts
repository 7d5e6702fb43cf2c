/**
 * SVV_TRANSACTIONS: open transactions and the locks they hold or wait for.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_transactions',
  schema: 'pg_catalog',
  doc: 'open transactions and the locks they hold or wait for.',
  visibleTo: 'everyone',
  columns: columns(`
    txn_owner text, txn_db text, xid bigint, pid integer, txn_start timestamp, lock_mode text,
    lockable_object_type text, relation integer, granted boolean
  `),
  rows: (ctx) => {
    const sessions = new Map(ctx.services.sessions().map((s) => [s.pid, s]));
    const locks = ctx.services.transactions.locks();
    return ctx.services.transactions.running().flatMap((t) => {
      const session = sessions.get(t.pid);
      const base = {
        txn_owner: session?.user.name ?? null,
        txn_db: session?.database ?? null,
        xid: t.xid,
        pid: t.pid,
        txn_start: t.startedAtMicros,
      };
      const own = { ...base, lock_mode: 'ExclusiveLock', lockable_object_type: 'transactionid', granted: true };
      const held = locks
        .filter((l) => l.sessionPid === t.pid)
        .map((l) => ({
          ...base,
          lock_mode: l.mode,
          lockable_object_type: l.tableId === undefined ? 'object' : 'relation',
          relation: l.tableId ?? null,
          granted: l.granted,
        }));
      return [own, ...held];
    });
  },
});
