/**
 * SVV_SCHEMA_PRIVILEGES: privileges granted on schemas.
 */
import { columns, systemView } from './define.ts';
import { privilegeRows, scopedRows } from './privilege-rows.ts';

export default systemView({
  name: 'svv_schema_privileges',
  schema: 'pg_catalog',
  doc: 'privileges granted on schemas.',
  visibleTo: 'accessible',
  columns: columns(`
    namespace_name text, privilege_type text, identity_id integer, identity_name text,
    identity_type text, admin_option boolean, privilege_scope text
  `),
  rows: (ctx) =>
    ctx.catalog
      .schemas()
      .flatMap((s) => [
        ...privilegeRows(ctx, s, { namespace_name: s.name, privilege_scope: 'SCHEMA' }),
        ...scopedRows(ctx, s, { namespace_name: s.name }),
      ]),
});
