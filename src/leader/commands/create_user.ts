/** CREATE USER. Without a password the user cannot log in once passwords are required. */
import { duplicateUser, reservedName } from '../../common/errors/catalogue.ts';
import { duplicateRole } from '../../common/errors/privilege-errors.ts';
import { putObject } from '../catalog/changes.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { passwordHash } from '../catalog/passwords.ts';
import { requireSuperuser, requireSystemPrivilege } from '../catalog/privileges.ts';
import { readUserOptions } from '../catalog/user-options.ts';
import { checkedSetting } from '../ddl/user-settings.ts';
import { newNumber } from '../ddl/numbers.ts';
import { recorded } from './recorded-command.ts';

export default recorded<'create-user' | 'alter-user'>('ddl', {
  kind: 'create-user',
  doc: 'CREATE USER',
  async run(context, statement) {
    const { services, session, transaction } = context;
    transaction.requireXid();
    requireSystemPrivilege(transaction.catalog(), session.user, 'CREATE USER', 'create users');
    if (statement.superuser === true) requireSuperuser(session.user, 'create superusers');
    const catalog = transaction.catalog();
    const { name } = statement;
    if (name === 'public') throw reservedName('user', name);
    if (catalog.user(name) !== undefined) throw duplicateUser(name);
    if (catalog.named('role', name) !== undefined) throw duplicateRole(name);
    const { groups, changes } = await lockUses(transaction, () => {
      const value = readUserOptions(transaction.catalog(), statement.options ?? [], session, checkedSetting);
      return { value, changes: value.groups };
    });
    const oid = newNumber(services.transactions, transaction.catalog(), 'user');
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
