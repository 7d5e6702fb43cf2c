/** CREATE USER: user ids from 100 up. Passwords are kept as md5(password + name) only. */
import { duplicateUser, reservedName } from '../../common/errors/catalogue.ts';
import { FIRST_USER_OID } from '../catalog/bootstrap.ts';
import { passwordHash } from '../catalog/passwords.ts';
import { requireSuperuser } from '../catalog/privileges.ts';
import { groupsOf } from '../catalog/user-options.ts';
import { recorded } from '../catalog/recorded-command.ts';

export default recorded<'create-user' | 'alter-user'>('ddl', {
  kind: 'create-user',
  doc: 'CREATE USER',
  async run(context, statement) {
    const { session, transaction } = context;
    requireSuperuser(session.user, 'create users');
    const catalog = transaction.catalog();
    const { name } = statement;
    if (name === 'public') throw reservedName('user', name);
    if (catalog.user(name) !== undefined) throw duplicateUser(name);
    const oid = Math.max(FIRST_USER_OID, ...catalog.users().map((u) => u.oid)) + 1;
    const groups = groupsOf(catalog, statement.options ?? []);
    for (const group of groups) {
      transaction.changeCatalog({ kind: 'put-group', group: { ...group, users: [...group.users, oid] } });
    }
    transaction.changeCatalog({
      kind: 'put-user',
      user: {
        oid,
        name,
        superuser: statement.superuser ?? false,
        createdb: statement.createdb ?? false,
        passwordHash: passwordHash(statement.password, name),
      },
    });
    return { tag: 'CREATE USER' };
  },
});
