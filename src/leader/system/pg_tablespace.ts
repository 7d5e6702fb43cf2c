/**
 * PG_TABLESPACE: tablespaces; there is only the default one. Columns nobody measures here are NULL and listed in
 * `unknown`.
 */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_tablespace',
  schema: 'pg_catalog',
  oid: 1213,
  doc: 'tablespaces; there is only the default one.',
  visibleTo: 'everyone',
  columns: columns(`
    spcname name, spcowner integer, spclocation text, spcacl aclitem[], oid oid, spcoptions text[]
  `),
  unknown: ['spcacl', 'spcoptions'],
  rows: () => [
    { spcname: 'pg_default', spcowner: 1, spclocation: '', oid: 1663 },
    { spcname: 'pg_global', spcowner: 1, spclocation: '', oid: 1664 },
  ],
});
