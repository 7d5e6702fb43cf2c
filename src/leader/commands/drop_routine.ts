/** DROP PROCEDURE and DROP FUNCTION, by signature. */
import { requireOwner } from '../catalog/privileges.ts';
import { hasSystemPrivilege } from '../catalog/system-privileges.ts';
import { requireRoutine } from '../catalog/routines.ts';
import { dropObjects } from '../ddl/drop-objects.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'drop-routine',
  doc: 'DROP PROCEDURE',
  async run(context, { routine: reference, cascade }) {
    const { session, transaction } = context;
    transaction.requireXid();
    await dropObjects(
      context,
      () => {
        const routine = requireRoutine(transaction.catalog(), session.searchPath(), reference);
        const word = routine.kind === 'procedure' ? 'DROP PROCEDURE' : 'DROP FUNCTION';
        if (!hasSystemPrivilege(transaction.catalog(), session.user, word)) requireOwner(session.user, routine);
        return [routine];
      },
      cascade,
    );
    return { tag: `DROP ${reference.kind.toUpperCase()}` };
  },
});
