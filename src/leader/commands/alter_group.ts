/** ALTER GROUP g ADD USER u, ... | DROP USER u, ... | RENAME TO n. */
import { duplicateGroup, reservedName, undefinedGroup, undefinedUser } from '../../common/errors/catalogue.ts';
import { requireSuperuser } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'alter-group',
  doc: 'ALTER GROUP',
  async run(context, statement) {
    const { session, transaction } = context;
    requireSuperuser(session.user, 'alter groups');
    const catalog = transaction.catalog();
    const group = catalog.groups().find((g) => g.name === statement.name);
    if (group === undefined) throw undefinedGroup(statement.name);
    const { action } = statement;
    if (action.kind === 'rename') {
      if (action.to === 'public' || action.to.startsWith('__')) throw reservedName('group', action.to);
      if (catalog.groups().some((g) => g.name === action.to)) throw duplicateGroup(action.to);
      transaction.changeCatalog({ kind: 'put-group', group: { ...group, name: action.to } });
      return { tag: 'ALTER GROUP' };
    }
    const oids = action.users.map((name) => {
      const user = catalog.user(name);
      if (user === undefined) throw undefinedUser(name);
      return user.oid;
    });
    const users =
      action.kind === 'add' ? [...new Set([...group.users, ...oids])] : group.users.filter((u) => !oids.includes(u));
    transaction.changeCatalog({ kind: 'put-group', group: { ...group, users } });
    return { tag: 'ALTER GROUP' };
  },
});
