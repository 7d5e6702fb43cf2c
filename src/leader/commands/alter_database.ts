/**
 * ALTER DATABASE d RENAME TO n | OWNER TO u | ISOLATION LEVEL l | CONNECTION LIMIT n | COLLATE c. The system databases and the current one keep their names.
 * The isolation level changes while nobody else is connected, so every transaction begun afterwards has the new one and
 * none of the old level runs beside it. The default database keeps SNAPSHOT. The collation changes while there is no table or view.
 */
import {
  currentDatabaseRenamed,
  databaseInUse,
  defaultDatabaseIsolation,
  duplicateDatabase,
  permissionDenied,
  systemDatabase,
} from '../../common/errors/catalogue.ts';
import { databaseHasRelations } from '../../common/errors/collation-errors.ts';
import { DEFAULT_DATABASE_OID, SYSTEM_DATABASES } from '../catalog/bootstrap.ts';
import { databaseOptions } from '../catalog/database-options.ts';
import { putObject } from '../catalog/changes.ts';
import { lockNamed, lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed } from '../catalog/names.ts';
import type { DatabaseObject } from '../catalog/objects.ts';
import { ownedBy, requireOwner, requireOwnerOr, requireSuperuser } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';
import type { CommandOption } from '../parser/ast.ts';
import type { CommandContext } from './command.ts';

function refuseOthers(context: CommandContext, database: DatabaseObject): void {
  const { services, session } = context;
  const others = services.sessions().some((s) => s.database === database.name && s.pid !== session.pid);
  if (others) throw databaseInUse(database.name);
}

function requireIsolation(context: CommandContext, database: DatabaseObject): void {
  const { session } = context;
  if (!session.user.superuser && !session.user.createdb) throw permissionDenied('database', database.name);
  if (SYSTEM_DATABASES.includes(database.name)) throw systemDatabase(database.name);
  if (database.oid === DEFAULT_DATABASE_OID) throw defaultDatabaseIsolation(database.name);
  refuseOthers(context, database);
}

async function setOwner(context: CommandContext, database: DatabaseObject, to: string): Promise<void> {
  const { session, transaction } = context;
  requireOwner(session.user, database);
  requireSuperuser(session.user, 'change owner');
  const { oid } = await lockNamed(transaction, 'user', to);
  putObject(transaction, ownedBy(database, oid));
}

function setOptions(context: CommandContext, database: DatabaseObject, options: readonly CommandOption[]): void {
  const { session, transaction } = context;
  const given = databaseOptions('ALTER DATABASE', options);
  const collates = Object.hasOwn(given, 'collation') && given.collation !== database.collation;
  if (collates && transaction.catalog().objects('relation', database.oid).length > 0)
    throw databaseHasRelations(database.name);
  const { isolation, ...others } = given;
  if (isolation !== undefined) requireIsolation(context, database);
  const altered = isolation === undefined || Object.keys(others).length > 0;
  if (altered) requireOwnerOr(transaction.catalog(), session.user, database, 'A');
  putObject(transaction, { ...database, ...given });
}

function rename(context: CommandContext, database: DatabaseObject, to: string): void {
  const { session, transaction } = context;
  const catalog = transaction.catalog();
  requireOwner(session.user, database);
  if (SYSTEM_DATABASES.includes(database.name)) throw systemDatabase(database.name);
  if (database.oid === catalog.database.oid) throw currentDatabaseRenamed();
  refuseOthers(context, database);
  if (catalog.named('database', to) !== undefined) throw duplicateDatabase(to);
  putObject(transaction, { ...database, name: to });
}

export default recorded('ddl', {
  kind: 'alter-database',
  doc: 'ALTER DATABASE',
  outsideTransaction: (statement) =>
    statement.action.kind === 'options' && statement.action.options.some((o) => o.name === 'ISOLATION LEVEL')
      ? 'ALTER DATABASE ISOLATION LEVEL'
      : undefined,
  async run(context, statement) {
    const { transaction } = context;
    transaction.requireXid();
    const database = await lockUses(transaction, () => {
      const found = requireNamed(transaction.catalog(), 'database', statement.name);
      return { value: found, changes: [found] };
    });
    const { action } = statement;
    if (action.kind === 'owner') await setOwner(context, database, action.to);
    else if (action.kind === 'options') setOptions(context, database, action.options);
    else rename(context, database, action.to);
    return { tag: 'ALTER DATABASE' };
  },
});
