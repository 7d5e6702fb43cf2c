/** CANCEL pid ['message']: cancels what a session runs now. Its owner and superusers may. */
import { permissionDenied, sessionNotFound } from '../../common/errors/catalogue.ts';
import { hasSystemPrivilege } from '../catalog/system-privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded('utility', {
  kind: 'cancel',
  doc: 'CANCEL',
  async run(context, statement) {
    const { services, session } = context;
    const target = services.sessions().find((s) => s.pid === statement.pid);
    if (target === undefined) throw sessionNotFound(String(statement.pid));
    const own = target.user.oid === session.user.oid;
    if (!own && !hasSystemPrivilege(context.transaction.catalog(), session.user, 'CANCEL')) {
      throw permissionDenied('session', String(statement.pid));
    }
    if (!services.signalSession(statement.pid, 'cancel', session.user.oid)) {
      throw sessionNotFound(String(statement.pid));
    }
    return { tag: 'CANCEL' };
  },
});
