/**
 * SVV_DATASHARE_PRIVILEGES: share grants; users have none beside owners.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_datashare_privileges',
  schema: 'pg_catalog',
  doc: 'share grants.',
  visibleTo: 'accessible',
  without: 'privileges of users on datashares',
  columns: columns(`
    datashare_name text, privilege_type text, identity_id integer, identity_name text,
    identity_type text, admin_option boolean
  `),
});
