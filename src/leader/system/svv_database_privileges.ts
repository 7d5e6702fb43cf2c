/** SVV_DATABASE_PRIVILEGES: privileges granted on databases. */
import { privilegeRows, scopedRows } from './privilege-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_database_privileges',
  schema: 'pg_catalog',
  doc: 'privileges granted on databases.',
  visibleTo: 'accessible',
  columns: columns(`
    database_name text, privilege_type text, identity_id integer, identity_name text, identity_type text,
    admin_option boolean, privilege_scope text
  `),
  rows: (ctx) =>
    ctx.catalog
      .databases()
      .flatMap((d) => [
        ...privilegeRows(ctx, d, { database_name: d.name, privilege_scope: 'DATABASE' }),
        ...scopedRows(ctx, d, { database_name: d.name }),
      ]),
});
