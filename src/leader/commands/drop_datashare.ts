/** DROP DATASHARE: refused while a database was made from it. */
import { datashareInUse } from '../../common/errors/datashare-errors.ts';
import { databasesOf } from '../catalog/datashares.ts';
import { requireNamed } from '../catalog/names.ts';
import { requireOwner } from '../catalog/privileges.ts';
import { hasSystemPrivilege } from '../catalog/system-privileges.ts';
import { dropObjects } from '../ddl/drop-objects.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'drop-datashare',
  doc: 'DROP DATASHARE',
  async run(context, { name }) {
    const { session, transaction } = context;
    transaction.requireXid();
    const find = () => {
      const catalog = transaction.catalog();
      const share = requireNamed(catalog, 'datashare', name);
      if (!hasSystemPrivilege(transaction.catalog(), session.user, 'DROP DATASHARE'))
        requireOwner(session.user, share);
      const databases = databasesOf(catalog, share).map((d) => d.name);
      if (databases.length > 0) throw datashareInUse(name, databases.join(', '));
      return [share];
    };
    await dropObjects(context, find, false);
    return { tag: 'DROP DATASHARE' };
  },
});
