/**
 * PG_COLLATION: collations: that of the database, and both by name. Columns nobody measures here are NULL and listed in
 * `unknown`.
 */
import { COLLATIONS, collationOid, PG_CATALOG_OID } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_collation',
  schema: 'pg_catalog',
  oid: 3456,
  doc: 'collations: that of the database, and both by name.',
  visibleTo: 'everyone',
  columns: columns(`
    collname name, collnamespace oid, collowner oid, collprovider "char", collisdeterministic boolean,
    collencoding integer, collcollate name, collctype name, colliculocale text, collversion text,
    oid oid
  `),
  unknown: ['colliculocale', 'collversion'],
  rows: (ctx) => {
    const own = ctx.catalog.database.collation ?? 'case_sensitive';
    return COLLATIONS.map((collname) => ({
      collname,
      collnamespace: PG_CATALOG_OID,
      collowner: 1,
      collprovider: 'd',
      collisdeterministic: (collname === 'default' ? own : collname) === 'case_sensitive',
      collencoding: -1,
      collcollate: 'C',
      collctype: 'C',
      oid: collationOid(collname),
    }));
  },
});
