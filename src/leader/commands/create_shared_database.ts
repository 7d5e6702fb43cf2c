/** CREATE DATABASE d FROM DATASHARE s OF NAMESPACE n: a database of this warehouse that shows what a share of it holds. */
import { hasSystemPrivilege } from '../catalog/system-privileges.ts';
import {
  duplicateDatabase,
  featureNotSupported,
  limitReached,
  permissionDenied,
} from '../../common/errors/catalogue.ts';
import { noSuchShareHere, shareNotGranted } from '../../common/errors/datashare-errors.ts';
import { DATABASES_MAX } from '../../common/limits.ts';
import { putObject } from '../catalog/changes.ts';
import { lockUses } from '../catalog/lock-by-name.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'create-shared-database',
  doc: 'CREATE DATABASE FROM DATASHARE',
  outsideTransaction: () => 'CREATE DATABASE',
  async run({ services, session, transaction }, { name, share: shareName, namespace, withPermissions }) {
    transaction.requireXid();
    const { user } = session;
    if (!user.createdb && !hasSystemPrivilege(transaction.catalog(), user, 'CREATE DATABASE'))
      throw permissionDenied('database', name);
    if (withPermissions)
      throw featureNotSupported('CREATE DATABASE FROM DATASHARE WITH PERMISSIONS is not supported');
    const share = await lockUses(transaction, () => {
      const catalog = transaction.catalog();
      const found = namespace === services.namespace ? catalog.named('datashare', shareName) : undefined;
      if (found === undefined) throw noSuchShareHere(shareName, namespace);
      if (!found.consumers.some((c) => c.kind === 'account' || c.id === namespace))
        throw shareNotGranted(shareName, namespace);
      return { value: found, names: [found] };
    });
    const catalog = transaction.catalog();
    if (catalog.named('database', name) !== undefined) throw duplicateDatabase(name);
    if (catalog.databases().length >= DATABASES_MAX) throw limitReached('databases', String(DATABASES_MAX));
    putObject(transaction, {
      kind: 'database',
      oid: services.transactions.nextOid(),
      name,
      ownerOid: user.oid,
      share: share.oid,
    });
    return { tag: 'CREATE DATABASE' };
  },
});
