/**
 * SVV_IAM_PRIVILEGES: which IAM roles were granted for which commands (ASSUMEROLE).
 */
import { privilegeRows } from './privilege-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_iam_privileges',
  schema: 'pg_catalog',
  doc: 'which IAM roles were granted for which commands (ASSUMEROLE).',
  visibleTo: 'accessible',
  columns: columns(`
    iam_arn text, command_type text, identity_id integer, identity_name text,
    identity_type text
  `),
  rows: (ctx) =>
    ctx.catalog.objects('iam-role').flatMap((role) =>
      privilegeRows(ctx, role, {}, 'no option').map(({ privilege_type, ...identity }) => ({
        iam_arn: role.name,
        command_type: privilege_type,
        ...identity,
      })),
    ),
});
