/**
 * SVV_DATASHARE_PRIVILEGES: privileges granted on datashares.
 */
import { privilegeRows } from './privilege-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_datashare_privileges',
  schema: 'pg_catalog',
  doc: 'privileges granted on datashares.',
  visibleTo: 'accessible',
  columns: columns(`
    datashare_name text, privilege_type text, identity_id integer, identity_name text,
    identity_type text, admin_option boolean
  `),
  rows: (ctx) =>
    ctx.catalog.objects('datashare').flatMap((share) => privilegeRows(ctx, share, { datashare_name: share.name })),
});
