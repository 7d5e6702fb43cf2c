/** ALTER SCHEMA s RENAME TO n | OWNER TO u. A rename that would break a bound view is refused. */
import {
  duplicateSchema,
  featureNotSupported,
  mustBeOwner,
  reservedSchemaName,
  undefinedSchema,
  undefinedUser,
} from '../../common/errors/catalogue.ts';
import { described } from '../catalog/dependencies.ts';
import { requireOwner, requireSuperuser } from '../catalog/privileges.ts';
import { brokenViews } from '../catalog/rebuild-table.ts';
import { recorded } from '../catalog/recorded-command.ts';

export default recorded('ddl', {
  kind: 'alter-schema',
  doc: 'ALTER SCHEMA',
  async run(context, statement) {
    const { session, transaction } = context;
    transaction.requireXid();
    const catalog = transaction.catalog();
    const schema = catalog.schema(statement.name);
    if (schema === undefined) throw undefinedSchema(statement.name);
    requireOwner(session.user, 'schema', schema);
    const { action } = statement;
    const database = transaction.database;
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
    for (const relation of catalog.relations()) {
      if (relation.schemaOid !== schema.oid) continue;
      const broken = await brokenViews(context, relation.oid);
      if (broken.length > 0) {
        throw featureNotSupported(
          `cannot rename schema ${schema.name}: ${broken.map(described).join(', ')} would no longer work`,
        );
      }
    }
    return { tag: 'ALTER SCHEMA' };
  },
});
