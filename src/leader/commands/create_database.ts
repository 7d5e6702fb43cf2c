/** CREATE DATABASE d [OWNER u]: an empty database with its first schemas. */
import {
  duplicateDatabase,
  featureNotSupported,
  limitReached,
  permissionDenied,
  reservedName,
  undefinedUser,
} from '../../common/errors/catalogue.ts';
import { DATABASES_MAX } from '../../common/limits.ts';
import { newDatabase } from '../catalog/bootstrap.ts';
import { requireSuperuser } from '../catalog/privileges.ts';
import type { DatabaseObject } from '../catalog/objects.ts';
import { recorded } from '../catalog/recorded-command.ts';
import type { CommandOption } from '../parser/ast.ts';

/**
 * The options that mean something here; one that would change behaviour and is not implemented is refused.
 */
function optionsOf(options: readonly CommandOption[]): Pick<DatabaseObject, 'isolation' | 'connectionLimit'> {
  let isolation: 'snapshot' | 'serializable' = 'snapshot';
  let connectionLimit: number | undefined;
  for (const { name, args } of options) {
    const value = String(args[0] ?? '').toLowerCase();
    if (name === 'ISOLATION LEVEL' && (value === 'snapshot' || value === 'serializable')) isolation = value;
    else if (name === 'COLLATE' && (value === 'case_sensitive' || value === 'cs')) continue;
    else if (name === 'CONNECTION LIMIT') connectionLimit = value === 'unlimited' ? undefined : Number(value);
    else throw featureNotSupported(`CREATE DATABASE ${name} ${value} is not supported`);
  }
  return { isolation, connectionLimit };
}

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
    const options = optionsOf(statement.options ?? []);
    const object = { oid: services.transactions.nextOid(), name, ownerOid: owner.oid, ...options };
    for (const change of newDatabase(object)) transaction.changeCatalog(change);
    return { tag: 'CREATE DATABASE' };
  },
});
