/** CREATE DATASHARE s [PUBLICACCESSIBLE b]: a share of the database it is made in, with nothing in it. */
import { duplicateDatashare } from '../../common/errors/datashare-errors.ts';
import { putObject } from '../catalog/changes.ts';
import { requireOwner } from '../catalog/privileges.ts';
import { hasSystemPrivilege } from '../catalog/system-privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'create-datashare',
  doc: 'CREATE DATASHARE',
  async run({ services, session, transaction }, { name, isPublic }) {
    transaction.requireXid();
    const catalog = transaction.catalog();
    if (!hasSystemPrivilege(transaction.catalog(), session.user, 'CREATE DATASHARE'))
      requireOwner(session.user, catalog.database);
    if (catalog.named('datashare', name) !== undefined) throw duplicateDatashare(name);
    putObject(transaction, {
      kind: 'datashare',
      oid: services.transactions.nextOid(),
      name,
      ownerOid: session.user.oid,
      createdAtMicros: services.clock.nowMicros(),
      database: catalog.database.oid,
      isPublic,
      schemas: [],
      relations: [],
      routines: [],
      includeNew: [],
      consumers: [],
      acl: [],
    });
    return { tag: 'CREATE DATASHARE' };
  },
});
