/** Whether the session may stop this slice or node, and whether there is one of this number (from 0). */
import { invalidParameterValue, mustBeSuperuser } from '../common/errors/catalogue.ts';
import type { LeaderView } from './leader-context.ts';

export function killNumber(leader: LeaderView, what: 'slice' | 'node', given: number, count: number): number {
  if (!leader.session.user.superuser) throw mustBeSuperuser(`stop a ${what}`);
  if (given < 0 || given >= count) throw invalidParameterValue(`there is no ${what} ${given}`);
  return given;
}
