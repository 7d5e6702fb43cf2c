/**
 * SVV_RELATION_PRIVILEGES: privileges granted on tables and views.
 */
import { schemaName } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';
import { privilegeRows } from './privilege-rows.ts';

export default systemView({
  name: 'svv_relation_privileges',
  schema: 'pg_catalog',
  doc: 'privileges granted on tables and views.',
  visibleTo: 'accessible',
  columns: columns(`
    namespace_name text, relation_name text, privilege_type text, identity_id integer,
    identity_name text, identity_type text, admin_option boolean
  `),
  rows: (ctx) =>
    ctx.catalog
      .relations()
      .flatMap((r) => privilegeRows(ctx, r, { namespace_name: schemaName(ctx, r.schemaOid), relation_name: r.name })),
});
