/**
 * The end of a session's temporary tables: its temporary schema is dropped in a transaction of its own. Called when a
 * session closes; does nothing when the session never made a temporary table.
 */
import { dropTemporarySchema } from '../catalog/temporary-schemas.ts';
import { uninterrupted } from '../transaction/waits.ts';
import type { SessionScope } from './scope.ts';

export async function endTemporarySchema(scope: SessionScope, database: number): Promise<void> {
  const transaction = scope.deps.transactions.begin(database, scope.pid, {
    userid: scope.user.oid,
    readOnly: false,
    signal: uninterrupted,
  });
  try {
    if (dropTemporarySchema(transaction, scope.pid)) await transaction.commit();
    else await transaction.rollback();
  } catch (error) {
    if (transaction.state === 'open') await transaction.rollback();
    throw error;
  }
}
