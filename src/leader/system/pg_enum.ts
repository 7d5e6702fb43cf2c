/**
 * PG_ENUM: enum values; there are no enum types.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_enum',
  schema: 'pg_catalog',
  oid: 3501,
  doc: 'enum values; there are no enum types.',
  visibleTo: 'everyone',
  columns: columns(`
    enumtypid oid, enumlabel name, enumsortorder real, oid oid
  `),
  rows: () => [],
});
