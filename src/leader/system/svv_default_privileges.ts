/**
 * SVV_DEFAULT_PRIVILEGES: privileges that new objects will have.
 */
import type { DefaultPrivilegesObject } from '../catalog/objects.ts';
import { schemaName, userName } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';
import { aclRows } from './privilege-rows.ts';

const WORDS: Readonly<Record<DefaultPrivilegesObject['objects'], string>> = {
  tables: 'RELATION',
  functions: 'FUNCTION',
  procedures: 'PROCEDURE',
};

export default systemView({
  name: 'svv_default_privileges',
  schema: 'pg_catalog',
  doc: 'privileges that new objects will have.',
  visibleTo: 'accessible',
  columns: columns(`
    schema_name text, object_type text, owner_id integer, owner_name text, owner_type text,
    privilege_type text, grantee_id integer, grantee_name text, grantee_type text, admin_option boolean
  `),
  rows: (ctx) =>
    ctx.catalog.objects('default-privileges').flatMap((entry) => {
      const names = {
        schema_name: entry.inSchema === undefined ? null : schemaName(ctx, entry.inSchema),
        object_type: WORDS[entry.objects],
        owner_id: entry.ownerOid,
        owner_name: userName(ctx, entry.ownerOid),
        owner_type: 'user',
      };
      const of = entry.objects === 'tables' ? 'relation' : 'routine';
      return aclRows(ctx, entry, of, entry.acl, names).map(
        ({ identity_id, identity_name, identity_type, ...rest }) => ({
          ...rest,
          grantee_id: identity_id,
          grantee_name: identity_name,
          grantee_type: identity_type,
        }),
      );
    }),
});
