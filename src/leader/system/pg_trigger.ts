/**
 * PG_TRIGGER: triggers; there are none.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_trigger',
  schema: 'pg_catalog',
  oid: 2620,
  doc: 'triggers; there are none.',
  visibleTo: 'everyone',
  columns: columns(`
    tgrelid oid, tgname name, tgfoid oid, tgtype smallint, tgenabled "char", tgisconstraint boolean,
    tgconstrname name, tgconstrrelid oid, tgdeferrable boolean, tginitdeferred boolean,
    tgnargs smallint, tgattr int2vector, tgargs text, oid oid, tgisinternal boolean, tgparentid oid,
    tgconstraint oid, tgconstrindid oid
  `),
  rows: () => [],
});
