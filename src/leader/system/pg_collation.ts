/**
 * PG_COLLATION: collations: strings compare bytewise. Columns nobody measures here are NULL and listed in
 * `unknown`.
 */
import { PG_CATALOG_OID } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_collation',
  schema: 'pg_catalog',
  oid: 3456,
  doc: 'collations: strings compare bytewise.',
  visibleTo: 'everyone',
  columns: columns(`
    collname name, collnamespace oid, collowner oid, collprovider "char", collisdeterministic boolean,
    collencoding integer, collcollate name, collctype name, colliculocale text, collversion text,
    oid oid
  `),
  unknown: ['colliculocale', 'collversion'],
  rows: () => [
    {
      collname: 'default',
      collnamespace: PG_CATALOG_OID,
      collowner: 1,
      collprovider: 'd',
      collisdeterministic: true,
      collencoding: -1,
      collcollate: 'C',
      collctype: 'C',
      oid: 100,
    },
  ],
});
