/**
 * SVV_COLUMN_PRIVILEGES: privileges granted on columns.
 */
import { liveColumns } from '../catalog/objects.ts';
import { schemaName } from './catalog-rows.ts';
import { aclRows } from './privilege-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_column_privileges',
  schema: 'pg_catalog',
  doc: 'privileges granted on columns.',
  visibleTo: 'accessible',
  columns: columns(`
    namespace_name text, relation_name text, column_name text, privilege_type text, identity_id integer,
    identity_name text, identity_type text
  `),
  rows: (ctx) =>
    ctx.catalog.relations().flatMap((r) =>
      liveColumns(r).flatMap((column) => {
        const names = {
          namespace_name: schemaName(ctx, r.schemaOid),
          relation_name: r.name,
          column_name: column.name,
        };
        return aclRows(ctx, r, 'relation', column.acl ?? [], names, 'no option');
      }),
    ),
});
