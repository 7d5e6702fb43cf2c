/**
 * ALTER USER: password, CREATEDB, CREATEUSER, RENAME. A rename clears the password, whose hash holds the
 * name.
 */
import { duplicateUser, passwordPolicy, sessionUserRenamed, undefinedUser } from '../../common/errors/catalogue.ts';
import { passwordHash } from '../catalog/passwords.ts';
import { requireSuperuser } from '../catalog/privileges.ts';
import { groupsOf } from '../catalog/user-options.ts';
import { recorded } from '../catalog/recorded-command.ts';

export default recorded<'create-user' | 'alter-user'>('ddl', {
  kind: 'alter-user',
  doc: 'ALTER USER',
  async run(context, statement) {
    const { session, transaction } = context;
    transaction.requireXid();
    const catalog = transaction.catalog();
    const user = catalog.user(statement.name);
    const onlyPassword =
      statement.createdb === undefined && statement.superuser === undefined && statement.renameTo === undefined;
    if (user?.oid !== session.user.oid || !onlyPassword) requireSuperuser(session.user, 'alter users');
    if (user === undefined) throw undefinedUser(statement.name);
    groupsOf(catalog, statement.options ?? []);
    let changed = { ...user };
    if (statement.createdb !== undefined) changed = { ...changed, createdb: statement.createdb };
    if (statement.superuser !== undefined) changed = { ...changed, superuser: statement.superuser };
    if (statement.renameTo !== undefined) {
      if (user.oid === session.user.oid) throw sessionUserRenamed();
      if (catalog.user(statement.renameTo) !== undefined) throw duplicateUser(statement.renameTo);
      changed = { ...changed, name: statement.renameTo, passwordHash: undefined };
    }
    if (statement.password !== undefined) {
      if (statement.password === null && changed.superuser) {
        throw passwordPolicy('of a superuser cannot be disabled');
      }
      changed = { ...changed, passwordHash: passwordHash(statement.password, changed.name) };
    }
    transaction.changeCatalog({ kind: 'put-user', user: changed });
    return { tag: 'ALTER USER' };
  },
});
