/**
 * STV_LOCKS: table locks held or waited for. Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';

const LOCK_WORDS = {
  AccessShareLock: 'read',
  ShareRowExclusiveLock: 'write',
  AccessExclusiveLock: 'exclusive',
} as const;

export default systemView({
  name: 'stv_locks',
  schema: 'pg_catalog',
  doc: 'table locks held or waited for.',
  visibleTo: 'superuser',
  columns: columns(`
    table_id bigint, last_commit timestamp, last_update timestamp, lock_owner bigint,
    lock_owner_pid bigint, lock_owner_start_ts timestamp, lock_owner_end_ts timestamp,
    lock_status character(22)
  `),
  unknown: ['last_commit', 'last_update', 'lock_owner_end_ts'],
  rows: (ctx) => {
    const started = new Map(ctx.services.transactions.running().map((t) => [t.pid, t.startedAtMicros]));
    const locks = ctx.services.transactions.locks().filter((l) => l.tableId !== undefined);
    return locks.map((l) => ({
      table_id: l.tableId,
      lock_owner: l.xid,
      lock_owner_pid: l.sessionPid,
      lock_owner_start_ts: started.get(l.sessionPid) ?? null,
      lock_status: `${l.granted ? 'Holding' : 'Waiting for'} ${LOCK_WORDS[l.mode]} lock`,
    }));
  },
});
