/**
 * PG_POLICY: row-level security policies; there are none.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_policy',
  schema: 'pg_catalog',
  oid: 3256,
  doc: 'row-level security policies; there are none.',
  visibleTo: 'everyone',
  columns: columns(`
    polname name, polrelid oid, polcmd "char", polpermissive boolean, polroles oid[], polqual text,
    polwithcheck text, oid oid
  `),
  rows: () => [],
});
