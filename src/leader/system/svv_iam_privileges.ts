/**
 * SVV_IAM_PRIVILEGES: ASSUMEROLE grants; there are no privileges of IAM roles.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_iam_privileges',
  schema: 'pg_catalog',
  doc: 'ASSUMEROLE grants.',
  visibleTo: 'accessible',
  without: 'privileges of IAM roles',
  columns: columns(`
    iam_arn text, command_type text, identity_id integer, identity_name text,
    identity_type text
  `),
});
