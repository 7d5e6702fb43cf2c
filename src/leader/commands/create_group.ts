/** CREATE GROUP g [WITH USER u, ...]. */
import { duplicateGroup, reservedName } from '../../common/errors/catalogue.ts';
import { putObject } from '../catalog/changes.ts';
import { requireNamed } from '../catalog/names.ts';
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
    if (catalog.named('group', name) !== undefined) throw duplicateGroup(name);
    const users = statement.users.map((userName) => requireNamed(catalog, 'user', userName).oid);
    const oid = Math.max(100, ...catalog.groups().map((g) => g.oid)) + 1;
    putObject(transaction, { kind: 'group', oid, name, users: [...new Set(users)] });
    return { tag: 'CREATE GROUP' };
  },
});
