/** CREATE SCHEMA [IF NOT EXISTS] s [AUTHORIZATION u]. */
import {
  duplicateSchema,
  featureNotSupported,
  limitReached,
  permissionDenied,
  reservedName,
  reservedSchemaName,
  undefinedUser,
} from '../../common/errors/catalogue.ts';
import { SCHEMAS_PER_DATABASE_MAX } from '../../common/limits.ts';
import { allows, databaseAcl, requireSuperuser } from '../catalog/privileges.ts';
import { info, recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'create-schema',
  doc: 'CREATE SCHEMA',
  async run(context, statement) {
    const { services, session, transaction } = context;
    transaction.requireXid();
    const catalog = transaction.catalog();
    const { name } = statement;
    if (name.startsWith('pg_')) throw reservedSchemaName(name);
    if (catalog.schema(name) !== undefined) {
      if (!statement.ifNotExists) throw duplicateSchema(name);
      context.notice(info(`Schema "${name}" already exists and will be skipped`));
      return { tag: 'CREATE SCHEMA' };
    }
    if (typeof statement.quota === 'number') {
      throw featureNotSupported('CREATE SCHEMA QUOTA is not supported');
    }
    if (name === 'public') throw reservedName('schema', name);
    const { database } = catalog;
    if (!allows(catalog, session.user, database.ownerOid, databaseAcl(database), 'C')) {
      throw permissionDenied('database', database.name);
    }
    const owner = statement.owner === undefined ? session.user : catalog.user(statement.owner);
    if (owner === undefined) throw undefinedUser(statement.owner!);
    if (owner.oid !== session.user.oid) requireSuperuser(session.user, 'create a schema for another user');
    if (catalog.schemas().length >= SCHEMAS_PER_DATABASE_MAX) {
      throw limitReached('schemas in a database', String(SCHEMAS_PER_DATABASE_MAX));
    }
    const schema = { oid: services.transactions.nextOid(), name, ownerOid: owner.oid, acl: [] };
    transaction.changeCatalog({ kind: 'put-schema', database: database.oid, schema });
    return { tag: 'CREATE SCHEMA' };
  },
});
