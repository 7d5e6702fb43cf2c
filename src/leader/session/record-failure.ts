/**
 * What the history keeps of errors that clients were told: internal ones, transactions given up for others, full disks. Used
 * by session.ts.
 */
import { conflictOf, fullDiskOf } from '../../common/errors/recorded-errors.ts';
import type { SqlError } from '../../common/errors/sql-error.ts';
import { BLOCK_BYTES_MAX } from '../../common/limits.ts';
import type { Transaction } from '../transaction/types.ts';
import type { SessionScope } from './scope.ts';

/** The leader among the nodes, as STL_COMMIT_STATS has it. */
const LEADER_NODE = -1;

/** `transaction`: what it was part of. */
export function recordFailure(
  { user, pid, deps, last }: Pick<SessionScope, 'user' | 'pid' | 'deps' | 'last'>,
  error: SqlError,
  transaction: Transaction | undefined,
): void {
  const { sqlstate, message, detail = '' } = error;
  if (sqlstate !== 'XX000') return;
  const { history, clock, nodeOf } = deps;
  const timeMicros = clock.nowMicros();
  history.add('errors', { userid: user.oid, pid, timeMicros, sqlstate, message, context: detail });
  const tableId = conflictOf(error);
  if (tableId !== undefined && transaction !== undefined) {
    const { xid, startedAtMicros: startMicros } = transaction;
    history.add('conflicts', { xid, pid, startMicros, timeMicros, tableId });
  }
  const full = fullDiskOf(error);
  if (full === undefined) return;
  history.add('diskFull', {
    userid: user.oid,
    query: last.queryId,
    node: full.slice === undefined ? LEADER_NODE : nodeOf(full.slice),
    timeMicros,
    temporaryBlocks: Math.ceil(full.temporaryBytes / BLOCK_BYTES_MAX),
  });
}
