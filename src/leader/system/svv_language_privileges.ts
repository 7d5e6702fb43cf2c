/**
 * SVV_LANGUAGE_PRIVILEGES: privileges granted on languages; there are no privileges of languages.
 */
import { columns, emptyView } from './define.ts';

export default emptyView({
  name: 'svv_language_privileges',
  schema: 'pg_catalog',
  doc: 'privileges granted on languages.',
  visibleTo: 'accessible',
  without: 'privileges of languages',
  columns: columns(`
    language_name text, privilege_type text, identity_id integer, identity_name text, identity_type text,
    admin_option boolean
  `),
});
