/** ALTER PROCEDURE and FUNCTION: RENAME TO, OWNER TO. */
import { duplicateRoutine } from '../../common/errors/routine-errors.ts';
import { putObject } from '../catalog/changes.ts';
import { keptName } from '../catalog/classes/index.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed } from '../catalog/names.ts';
import type { RoutineObject, UserObject } from '../catalog/objects.ts';
import { ownedBy, requireOwner, requireSuperuser } from '../catalog/privileges.ts';
import { requireRoutine } from '../catalog/routines.ts';
import { recorded } from './recorded-command.ts';

interface Found {
  readonly routine: RoutineObject;
  readonly owner: UserObject | undefined;
}

export default recorded('ddl', {
  kind: 'alter-routine',
  doc: 'ALTER PROCEDURE',
  async run({ session, transaction }, { routine: reference, action }) {
    transaction.requireXid();
    const tag = `ALTER ${reference.kind.toUpperCase()}`;
    const { user } = session;
    const { routine, owner } = await lockUses<Found>(transaction, () => {
      const catalog = transaction.catalog();
      const found = requireRoutine(catalog, session.searchPath(), reference);
      requireOwner(user, found);
      if (action.kind === 'rename') return { value: { routine: found, owner: undefined }, changes: [found] };
      requireSuperuser(user, 'change owner');
      const isSelf = action.to === 'current_user' || action.to === 'session_user';
      const named = requireNamed(catalog, 'user', isSelf ? user.name : action.to);
      return { value: { routine: found, owner: named }, changes: [found], names: [named] };
    });
    if (owner !== undefined) {
      putObject(transaction, ownedBy(routine, owner.oid));
      return { tag };
    }
    const renamed = { ...routine, name: action.to };
    if (transaction.catalog().named('routine', keptName(renamed), routine.schemaOid) !== undefined)
      throw duplicateRoutine(action.to);
    putObject(transaction, renamed);
    return { tag };
  },
});
