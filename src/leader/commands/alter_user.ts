/**
 * ALTER USER: password, VALID UNTIL, CONNECTION LIMIT, CREATEDB, CREATEUSER, RENAME. A rename clears an md5 password, whose
 * hash holds the name. Users may change their own password and nothing else.
 */
import { duplicateUser, passwordPolicy, sessionUserRenamed, undefinedUser } from '../../common/errors/catalogue.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { passwordHash, survivesRename } from '../catalog/passwords.ts';
import { requireSuperuser, requireSystemPrivilege } from '../catalog/privileges.ts';
import { readUserOptions, refuseInGroup } from '../catalog/user-options.ts';
import { checkedSetting } from '../ddl/user-settings.ts';
import { putObject } from '../catalog/changes.ts';
import type { UserObject } from '../catalog/objects.ts';
import { info, recorded } from './recorded-command.ts';

const PASSWORD_CLEARED = info('MD5 password cleared because of user rename');

export default recorded<'create-user' | 'alter-user'>('ddl', {
  kind: 'alter-user',
  doc: 'ALTER USER',
  async run(context, statement) {
    const { session, transaction } = context;
    transaction.requireXid();
    const options = statement.options ?? [];
    const onlyPassword =
      statement.createdb === undefined &&
      statement.superuser === undefined &&
      statement.renameTo === undefined &&
      options.length === 0;
    const user = await lockUses(transaction, () => {
      const found = transaction.catalog().user(statement.name);
      if (found?.oid !== session.user.oid || !onlyPassword) {
        requireSystemPrivilege(transaction.catalog(), session.user, 'ALTER USER', 'alter users');
        if (found?.superuser === true || statement.superuser === true)
          requireSuperuser(session.user, 'alter superusers');
      }
      if (found === undefined) throw undefinedUser(statement.name);
      return { value: found, changes: [found] };
    });
    refuseInGroup(options);
    const { changes } = readUserOptions(transaction.catalog(), options, session, checkedSetting, user);
    let changed: UserObject = { ...user, ...changes };
    if (statement.createdb !== undefined) changed = { ...changed, createdb: statement.createdb };
    if (statement.superuser !== undefined) changed = { ...changed, superuser: statement.superuser };
    if (statement.renameTo !== undefined) {
      if (user.oid === session.user.oid) throw sessionUserRenamed();
      if (transaction.catalog().user(statement.renameTo) !== undefined) throw duplicateUser(statement.renameTo);
      changed = { ...changed, name: statement.renameTo };
      if (changed.passwordHash !== undefined && !survivesRename(changed.passwordHash)) {
        changed = { ...changed, passwordHash: undefined };
        if (statement.password === undefined) context.notice(PASSWORD_CLEARED);
      }
    }
    if (statement.password !== undefined) {
      if (statement.password === null && changed.superuser) {
        throw passwordPolicy('of a superuser cannot be disabled');
      }
      const disabled = statement.password === null;
      changed = {
        ...changed,
        passwordHash: disabled ? undefined : passwordHash(statement.password!, changed.name),
        passwordDisabled: disabled,
      };
    }
    putObject(transaction, changed);
    return { tag: 'ALTER USER' };
  },
});
