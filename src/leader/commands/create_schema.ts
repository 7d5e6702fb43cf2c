/** CREATE SCHEMA [IF NOT EXISTS] s [AUTHORIZATION u]. */
import {
  duplicateSchema,
  featureNotSupported,
  limitReached,
  reservedName,
  reservedSchemaName,
} from '../../common/errors/catalogue.ts';
import { SCHEMAS_PER_DATABASE_MAX } from '../../common/limits.ts';
import { putObject } from '../catalog/changes.ts';
import { lockOwner } from '../catalog/lock-by-name.ts';
import { requirePrivilege } from '../catalog/privileges.ts';
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
    requirePrivilege(catalog, session.user, database, 'C');
    const owner = await lockOwner(session, transaction, statement.owner, 'schema');
    if (transaction.catalog().schema(name) !== undefined) throw duplicateSchema(name);
    if (catalog.schemas().length >= SCHEMAS_PER_DATABASE_MAX) {
      throw limitReached('schemas in a database', String(SCHEMAS_PER_DATABASE_MAX));
    }
    putObject(transaction, {
      kind: 'schema',
      oid: services.transactions.nextOid(),
      name,
      ownerOid: owner.oid,
      acl: [],
    });
    return { tag: 'CREATE SCHEMA' };
  },
});
