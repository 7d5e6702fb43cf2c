/**
 * SVV_REDSHIFT_SCHEMAS: schemas of the current database. Columns nobody measures here are NULL and listed in
 * `unknown`.
 */
import { SCHEMA_RIGHTS, ownedAclText } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svv_redshift_schemas',
  schema: 'pg_catalog',
  doc: 'schemas of the current database.',
  visibleTo: 'everyone',
  columns: columns(`
    database_name varchar(128), schema_name varchar(128), schema_owner integer,
    schema_type varchar(128), schema_acl varchar(128), schema_option varchar(128)
  `),
  unknown: ['schema_option'],
  rows: (ctx) =>
    ctx.catalog.schemas().map((s) => ({
      database_name: ctx.catalog.database.name,
      schema_name: s.name,
      schema_owner: s.ownerOid,
      schema_type: 'local',
      schema_acl: ownedAclText(ctx, s, SCHEMA_RIGHTS),
    })),
});
