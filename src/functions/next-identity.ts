/**
 * Identity values for rows that the leader makes one by one (INSERT ... VALUES): each call takes the next value.
 */
import { invalidParameterValue } from '../common/errors/catalogue.ts';
import type { LeaderView } from './leader-context.ts';

export function nextIdentity(leader: LeaderView, tableOid: number, attnum: number): bigint {
  const column = leader.catalog.relationByOid(tableOid)?.columns.find((c) => c.attnum === attnum);
  if (column?.identity === undefined) throw invalidParameterValue(`relation ${tableOid} has no identity column ${attnum}`);
  const { seed, step } = column.identity;
  return leader.services.transactions.nextIdentity(tableOid, attnum, seed, step, 1);
}
