/** CREATE USER: user ids from 100 up. Without a password the user cannot log in once passwords are required. */
import { duplicateUser, reservedName } from '../../common/errors/catalogue.ts';
import { FIRST_USER_OID } from '../catalog/bootstrap.ts';
import { putObject } from '../catalog/changes.ts';
import { passwordHash } from '../catalog/passwords.ts';
import { requireSuperuser } from '../catalog/privileges.ts';
import { readUserOptions } from '../catalog/user-options.ts';
import { recorded } from './recorded-command.ts';

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
    const { groups, changes } = readUserOptions(catalog, statement.options ?? [], session);
    for (const group of groups) {
      putObject(transaction, { ...group, users: [...group.users, oid] });
    }
    putObject(transaction, {
      kind: 'user',
      oid,
      name,
      superuser: statement.superuser ?? false,
      createdb: statement.createdb ?? false,
      ...(typeof statement.password === 'string' ? { passwordHash: passwordHash(statement.password, name) } : {}),
      ...(statement.password === null ? { passwordDisabled: true } : {}),
      ...changes,
    });
    return { tag: 'CREATE USER' };
  },
});
