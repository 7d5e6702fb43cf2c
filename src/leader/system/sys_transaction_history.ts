/** SYS_TRANSACTION_HISTORY: transactions with an xid that have ended. */
import { columns, systemView } from './define.ts';

/** No transaction is undone after its commit. */
const NONE = -1;

export default systemView({
  name: 'sys_transaction_history',
  schema: 'pg_catalog',
  doc: 'transactions with an xid that have ended.',
  visibleTo: 'superuser',
  columns: columns(`
    user_id integer, transaction_id bigint, isolation_level text, status text,
    transaction_start_time timestamp, commit_start_time timestamp, commit_end_time timestamp,
    blocks_committed bigint, undo_transaction_id bigint
  `),
  rows: (ctx) =>
    ctx.services.history.read('transactions').map((t) => ({
      user_id: t.userid,
      transaction_id: t.xid,
      isolation_level: t.isolation === 'serializable' ? 'Serializable' : 'Snapshot Isolation',
      status: t.isCommitted ? 'committed' : 'rolledback',
      transaction_start_time: t.startMicros,
      commit_start_time: t.commitStart ?? null,
      commit_end_time: t.isCommitted ? t.endMicros : null,
      blocks_committed: t.blocks,
      undo_transaction_id: NONE,
    })),
});
