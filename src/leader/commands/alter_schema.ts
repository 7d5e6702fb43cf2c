/** ALTER SCHEMA s RENAME TO n | OWNER TO u | QUOTA UNLIMITED (there are no quotas). Bound views follow a rename; late-binding ones look for the old name. */
import {
  duplicateSchema,
  featureNotSupported,
  mustBeOwner,
  reservedSchemaName,
} from '../../common/errors/catalogue.ts';
import { putObject } from '../catalog/changes.ts';
import { lockNamed, lockUses } from '../catalog/lock-by-name.ts';
import { requireNamed } from '../catalog/names.ts';
import { ownedBy, requireOwnerOr, requireSuperuser } from '../catalog/privileges.ts';
import { recorded } from './recorded-command.ts';

export default recorded('ddl', {
  kind: 'alter-schema',
  doc: 'ALTER SCHEMA',
  async run(context, statement) {
    const { session, transaction } = context;
    transaction.requireXid();
    const { action } = statement;
    const schema = await lockUses(transaction, () => {
      const catalog = transaction.catalog();
      const found = requireNamed(catalog, 'schema', statement.name);
      requireOwnerOr(catalog, session.user, found, 'A');
      return { value: found, changes: [found] };
    });
    if (action.kind === 'quota') {
      if (action.to !== 'unlimited') throw featureNotSupported('ALTER SCHEMA QUOTA is not supported');
      return { tag: 'ALTER SCHEMA' };
    }
    if (action.kind === 'owner') {
      requireSuperuser(session.user, 'change owner');
      const { oid } = await lockNamed(transaction, 'user', action.to);
      putObject(transaction, ownedBy(schema, oid));
      return { tag: 'ALTER SCHEMA' };
    }
    if (schema.name.startsWith('pg_') || schema.name === 'information_schema') {
      throw mustBeOwner('schema', schema.name);
    }
    if (action.to.startsWith('pg_')) throw reservedSchemaName(action.to);
    if (transaction.catalog().schema(action.to) !== undefined) throw duplicateSchema(action.to);
    putObject(transaction, { ...schema, name: action.to });
    return { tag: 'ALTER SCHEMA' };
  },
});
