/** CREATE DATABASE d [OWNER u]: an empty database with its first schemas. */
import {
  duplicateDatabase,
  limitReached,
  permissionDenied,
  reservedName,
  undefinedUser,
} from '../../common/errors/catalogue.ts';
import { DATABASES_MAX } from '../../common/limits.ts';
import { newDatabase } from '../catalog/bootstrap.ts';
import { databaseOptions } from '../catalog/database-options.ts';
import { requireSuperuser } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'create-database',
  doc: 'CREATE DATABASE',
  outsideTransaction: () => 'CREATE DATABASE',
  async run(context, statement) {
    const { services, session, transaction } = context;
    const catalog = transaction.catalog();
    const { name } = statement;
    if (!session.user.superuser && !session.user.createdb) throw permissionDenied('database', name);
    if (name === 'awsdatacatalog' || name === 'sys:internal') throw reservedName('database', name);
    if (catalog.databases().some((d) => d.name === name)) throw duplicateDatabase(name);
    if (catalog.databases().length >= DATABASES_MAX) throw limitReached('databases', String(DATABASES_MAX));
    const owner = statement.owner === undefined ? session.user : catalog.user(statement.owner);
    if (owner === undefined) throw undefinedUser(statement.owner!);
    if (owner.oid !== session.user.oid) requireSuperuser(session.user, 'create a database for another user');
    const options = databaseOptions('CREATE DATABASE', statement.options ?? []);
    const object = { oid: services.transactions.nextOid(), name, ownerOid: owner.oid, ...options };
    for (const change of newDatabase(object)) transaction.changeCatalog(change);
    return { tag: 'CREATE DATABASE' };
  },
});
