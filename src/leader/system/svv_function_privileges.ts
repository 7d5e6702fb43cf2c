/**
 * SVV_FUNCTION_PRIVILEGES: privileges granted on functions and procedures.
 */
import { signatureOf } from '../catalog/classes/routine.ts';
import { schemaName } from './catalog-rows.ts';
import { privilegeRows } from './privilege-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_function_privileges',
  schema: 'pg_catalog',
  doc: 'privileges granted on functions and procedures.',
  visibleTo: 'accessible',
  columns: columns(`
    namespace_name text, function_name text, argument_types text, privilege_type text, identity_id integer,
    identity_name text, identity_type text, admin_option boolean
  `),
  rows: (ctx) =>
    ctx.catalog.objects('routine').flatMap((routine) =>
      privilegeRows(ctx, routine, {
        namespace_name: schemaName(ctx, routine.schemaOid),
        function_name: routine.name,
        argument_types: signatureOf(routine),
      }),
    ),
});
