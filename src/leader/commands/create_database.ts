/** CREATE DATABASE d [OWNER u]: an empty database with its first schemas. */
import { duplicateDatabase, limitReached, permissionDenied, reservedName } from '../../common/errors/catalogue.ts';
import { DATABASES_MAX } from '../../common/limits.ts';
import { newDatabase } from '../catalog/bootstrap.ts';
import { databaseOptions } from '../catalog/database-options.ts';
import { lockOwner } from '../catalog/lock-by-name.ts';
import { hasSystemPrivilege } from '../catalog/system-privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'create-database',
  doc: 'CREATE DATABASE',
  outsideTransaction: () => 'CREATE DATABASE',
  async run(context, statement) {
    const { services, session, transaction } = context;
    transaction.requireXid();
    const catalog = transaction.catalog();
    const { name } = statement;
    if (!session.user.createdb && !hasSystemPrivilege(catalog, session.user, 'CREATE DATABASE'))
      throw permissionDenied('database', name);
    if (name === 'awsdatacatalog' || name === 'sys:internal') throw reservedName('database', name);
    if (catalog.named('database', name) !== undefined) throw duplicateDatabase(name);
    if (catalog.databases().length >= DATABASES_MAX) throw limitReached('databases', String(DATABASES_MAX));
    const owner = await lockOwner(session, transaction, statement.owner, 'database');
    if (transaction.catalog().named('database', name) !== undefined) throw duplicateDatabase(name);
    const options = databaseOptions('CREATE DATABASE', statement.options ?? []);
    const object = {
      kind: 'database',
      oid: services.transactions.nextOid(),
      name,
      ownerOid: owner.oid,
      ...options,
    } as const;
    for (const change of newDatabase(object)) transaction.changeCatalog(change);
    return { tag: 'CREATE DATABASE' };
  },
});
