/** ALTER GROUP g ADD USER u, ... | DROP USER u, ... | RENAME TO n. */
import { duplicateGroup, reservedName } from '../../common/errors/catalogue.ts';
import { putObject } from '../catalog/changes.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed } from '../catalog/names.ts';
import { requireSuperuser } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'alter-group',
  doc: 'ALTER GROUP',
  async run(context, statement) {
    const { session, transaction } = context;
    requireSuperuser(session.user, 'alter groups');
    transaction.requireXid();
    const { action } = statement;
    const { group, oids } = await lockUses(transaction, () => {
      const catalog = transaction.catalog();
      const changed = requireNamed(catalog, 'group', statement.name);
      const names = action.kind === 'rename' ? [] : action.users.map((name) => requireNamed(catalog, 'user', name));
      return { value: { group: changed, oids: names.map((user) => user.oid) }, changes: [changed], names };
    });
    if (action.kind === 'rename') {
      if (action.to === 'public' || action.to.startsWith('__')) throw reservedName('group', action.to);
      if (transaction.catalog().named('group', action.to) !== undefined) throw duplicateGroup(action.to);
      putObject(transaction, { ...group, name: action.to });
      return { tag: 'ALTER GROUP' };
    }
    const users =
      action.kind === 'add' ? [...new Set([...group.users, ...oids])] : group.users.filter((u) => !oids.includes(u));
    putObject(transaction, { ...group, users });
    return { tag: 'ALTER GROUP' };
  },
});
