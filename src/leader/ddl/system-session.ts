/**
 * The session seen as the system's own user's: for work on a user's behalf that privileges and policies must not cut short
 * (statistics, rewriting a table, the text of a policy).
 */
import { RDSDB_OID } from '../catalog/bootstrap.ts';
import type { Session } from '../session/types.ts';
import type { Transaction } from '../transaction/types.ts';

export function systemSession(session: Session, transaction: Pick<Transaction, 'catalog'>): Session {
  const system = transaction.catalog().userByOid(RDSDB_OID) ?? session.user;
  return Object.create(session, { user: { value: system }, exempt: { value: true } }) as Session;
}
