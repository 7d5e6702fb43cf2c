/** ALTER DATABASE d RENAME TO n | OWNER TO u. The system databases and the current one keep their names. */
import {
  currentDatabaseRenamed,
  databaseInUse,
  duplicateDatabase,
  systemDatabase,
  undefinedDatabase,
  undefinedUser,
} from '../../common/errors/catalogue.ts';
import { SYSTEM_DATABASES } from '../catalog/bootstrap.ts';
import { requireOwner, requireSuperuser } from '../catalog/privileges.ts';
import { recorded } from '../catalog/recorded-command.ts';

export default recorded('ddl', {
  kind: 'alter-database',
  doc: 'ALTER DATABASE',
  async run(context, statement) {
    const { services, session, transaction } = context;
    transaction.requireXid();
    const catalog = transaction.catalog();
    const database = catalog.databases().find((d) => d.name === statement.name);
    if (database === undefined) throw undefinedDatabase(statement.name);
    requireOwner(session.user, 'database', database);
    const { kind, to } = statement.action;
    if (kind === 'owner') {
      requireSuperuser(session.user, 'change owner');
      const user = catalog.user(to);
      if (user === undefined) throw undefinedUser(to);
      transaction.changeCatalog({ kind: 'put-database', object: { ...database, ownerOid: user.oid } });
      return { tag: 'ALTER DATABASE' };
    }
    if (SYSTEM_DATABASES.includes(database.name)) throw systemDatabase(database.name);
    if (database.oid === catalog.database.oid) throw currentDatabaseRenamed();
    if (services.sessions().some((s) => s.database === database.name)) throw databaseInUse(database.name);
    if (catalog.databases().some((d) => d.name === to)) throw duplicateDatabase(to);
    transaction.changeCatalog({ kind: 'put-database', object: { ...database, name: to } });
    return { tag: 'ALTER DATABASE' };
  },
});
