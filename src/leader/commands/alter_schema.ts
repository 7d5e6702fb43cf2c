/** ALTER SCHEMA s RENAME TO n | OWNER TO u | QUOTA UNLIMITED (there are no quotas). Bound views follow a rename; late-binding ones look for the old name. */
import {
  duplicateSchema,
  featureNotSupported,
  mustBeOwner,
  reservedSchemaName,
  undefinedSchema,
  undefinedUser,
} from '../../common/errors/catalogue.ts';
import { allows, requireOwner, requireSuperuser } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'alter-schema',
  doc: 'ALTER SCHEMA',
  async run(context, statement) {
    const { session, transaction } = context;
    transaction.requireXid();
    const catalog = transaction.catalog();
    const schema = catalog.schema(statement.name);
    if (schema === undefined) throw undefinedSchema(statement.name);
    if (!allows(catalog, session.user, schema.ownerOid, schema.acl, 'A'))
      requireOwner(session.user, 'schema', schema);
    const { action } = statement;
    const database = transaction.database;
    if (action.kind === 'quota') {
      if (action.to !== 'unlimited') throw featureNotSupported('ALTER SCHEMA QUOTA is not supported');
      return { tag: 'ALTER SCHEMA' };
    }
    if (action.kind === 'owner') {
      requireSuperuser(session.user, 'change owner');
      const user = catalog.user(action.to);
      if (user === undefined) throw undefinedUser(action.to);
      transaction.changeCatalog({ kind: 'put-schema', database, schema: { ...schema, ownerOid: user.oid } });
      return { tag: 'ALTER SCHEMA' };
    }
    if (schema.name.startsWith('pg_') || schema.name === 'information_schema') {
      throw mustBeOwner('schema', schema.name);
    }
    if (action.to.startsWith('pg_')) throw reservedSchemaName(action.to);
    if (catalog.schema(action.to) !== undefined) throw duplicateSchema(action.to);
    transaction.changeCatalog({ kind: 'put-schema', database, schema: { ...schema, name: action.to } });
    return { tag: 'ALTER SCHEMA' };
  },
});
