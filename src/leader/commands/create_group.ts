/** CREATE GROUP g [WITH USER u, ...]. */
import { duplicateGroup, reservedName, undefinedUser } from '../../common/errors/catalogue.ts';
import { requireSuperuser } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'create-group',
  doc: 'CREATE GROUP',
  async run(context, statement) {
    const { session, transaction } = context;
    requireSuperuser(session.user, 'create groups');
    const catalog = transaction.catalog();
    const { name } = statement;
    if (name === 'public' || name.startsWith('__')) throw reservedName('group', name);
    if (catalog.groups().some((g) => g.name === name)) throw duplicateGroup(name);
    const users = statement.users.map((userName) => {
      const user = catalog.user(userName);
      if (user === undefined) throw undefinedUser(userName);
      return user.oid;
    });
    const oid = Math.max(100, ...catalog.groups().map((g) => g.oid)) + 1;
    transaction.changeCatalog({ kind: 'put-group', group: { oid, name, users: [...new Set(users)] } });
    return { tag: 'CREATE GROUP' };
  },
});
