/**
 * PG_INHERITS: inheritance between tables; there is none.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_inherits',
  schema: 'pg_catalog',
  oid: 2611,
  doc: 'inheritance between tables; there is none.',
  visibleTo: 'everyone',
  columns: columns(`
    inhrelid oid, inhparent oid, inhseqno integer, inhdetachpending boolean
  `),
  rows: () => [],
});
