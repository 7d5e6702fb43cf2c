/**
 * pg_cancel_backend and pg_terminate_backend: one's own sessions, or any for a superuser or with CANCEL. 1 when the session was told, 0
 * when there is no such session.
 */
import { permissionDenied } from '../common/errors/catalogue.ts';
import type { LeaderView } from './leader-context.ts';

export function signalBackend(leader: LeaderView, pid: number, action: 'cancel' | 'terminate'): number {
  const target = leader.services.sessions().find((s) => s.pid === pid);
  if (target === undefined) return 0;
  const me = leader.session.user;
  if (target.user.oid !== me.oid && !leader.rights.system('CANCEL')) throw permissionDenied('session', String(pid));
  leader.services.signalSession(pid, action, me.oid);
  return 1;
}
