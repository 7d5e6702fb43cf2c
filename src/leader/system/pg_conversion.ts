/**
 * PG_CONVERSION: encoding conversions; there are none.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_conversion',
  schema: 'pg_catalog',
  oid: 2607,
  doc: 'encoding conversions; there are none.',
  visibleTo: 'everyone',
  columns: columns(`
    conname name, connamespace oid, conowner integer, conforencoding integer, contoencoding integer,
    conproc regproc, condefault boolean, oid oid
  `),
  rows: () => [],
});
