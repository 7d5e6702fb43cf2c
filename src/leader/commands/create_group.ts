/** CREATE GROUP g [WITH USER u, ...]. */
import { duplicateGroup, reservedName } from '../../common/errors/catalogue.ts';
import { putObject } from '../catalog/changes.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed } from '../catalog/names.ts';
import { requireSuperuser } from '../catalog/privileges.ts';
import { newNumber } from '../ddl/numbers.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'create-group',
  doc: 'CREATE GROUP',
  async run(context, statement) {
    const { services, session, transaction } = context;
    transaction.requireXid();
    requireSuperuser(session.user, 'create groups');
    const catalog = transaction.catalog();
    const { name } = statement;
    if (name === 'public' || name.startsWith('__')) throw reservedName('group', name);
    if (catalog.named('group', name) !== undefined) throw duplicateGroup(name);
    const users = await lockUses(transaction, () => {
      const names = statement.users.map((userName) => requireNamed(transaction.catalog(), 'user', userName));
      return { value: names.map((user) => user.oid), names };
    });
    const oid = newNumber(services.transactions, transaction.catalog(), 'group');
    putObject(transaction, { kind: 'group', oid, name, users: [...new Set(users)] });
    return { tag: 'CREATE GROUP' };
  },
});
