/**
 * SVV_LANGUAGE_PRIVILEGES: privileges granted on languages.
 */
import { privilegeRows } from './privilege-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_language_privileges',
  schema: 'pg_catalog',
  doc: 'privileges granted on languages.',
  visibleTo: 'accessible',
  columns: columns(`
    language_name text, privilege_type text, identity_id integer, identity_name text, identity_type text,
    admin_option boolean
  `),
  rows: (ctx) => ctx.catalog.objects('language').flatMap((l) => privilegeRows(ctx, l, { language_name: l.name })),
});
