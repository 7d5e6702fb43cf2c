/**
 * PG_ATTRIBUTE: columns of every relation; later PostgreSQL columns follow Redshift's own. Columns nobody
 * measures here are NULL and listed in `unknown`.
 */
import { attributeRows } from './class-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_attribute',
  schema: 'pg_catalog',
  oid: 1249,
  doc: "columns of every relation; later PostgreSQL columns follow Redshift's own.",
  visibleTo: 'everyone',
  columns: columns(`
    attrelid oid, attname name, atttypid oid, attstattarget integer, attlen smallint, attnum smallint,
    attndims integer, attcacheoff integer, atttypmod integer, attbyval boolean, attstorage "char",
    attalign "char", attnotnull boolean, atthasdef boolean, attisdropped boolean, attislocal boolean,
    attinhcount integer, attspare1 integer, attisdistkey boolean, attispreloaded boolean,
    attsortkeyord integer, attencodingtype smallint, attencrypttype smallint, attcollation oid,
    attidentity "char", attgenerated "char", atthasmissing boolean, attacl aclitem[], attoptions text[],
    attfdwoptions text[], attcompression "char"
  `),
  unknown: ['attspare1', 'attacl', 'attoptions', 'attfdwoptions', 'attcompression'],
  rows: (ctx) => attributeRows(ctx),
});
