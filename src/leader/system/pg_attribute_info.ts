/**
 * PG_ATTRIBUTE_INFO: pg_attribute with column privileges. Columns nobody measures here are NULL and listed in
 * `unknown`.
 */
import { attributeRows } from './class-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_attribute_info',
  schema: 'pg_catalog',
  doc: 'pg_attribute with column privileges.',
  visibleTo: 'everyone',
  columns: columns(`
    attrelid oid, attname name, atttypid oid, attstattarget integer, attlen smallint, attnum smallint,
    attndims integer, attcacheoff integer, atttypmod integer, attbyval boolean, attstorage "char",
    attalign "char", attnotnull boolean, atthasdef boolean, attisdropped boolean, attislocal boolean,
    attinhcount integer, attspare1 integer, attisdistkey boolean, attispreloaded boolean,
    attsortkeyord integer, attencodingtype smallint, attencrypttype smallint, attacl aclitem[],
    attcollation oid, attidentity "char", attgenerated "char", atthasmissing boolean, attoptions text[],
    attfdwoptions text[], attcompression "char"
  `),
  unknown: ['attspare1', 'attacl', 'attoptions', 'attfdwoptions', 'attcompression'],
  rows: (ctx) => attributeRows(ctx),
});
