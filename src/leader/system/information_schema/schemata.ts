/**
 * information_schema.schemata: schemas the reader owns or may use. Columns nobody measures here are NULL and
 * listed in `unknown`.
 */
import { userName } from '../catalog-rows.ts';
import { columns, systemView } from '../define.ts';

export default systemView({
  name: 'schemata',
  schema: 'information_schema',
  doc: 'schemas the reader owns or may use.',
  visibleTo: 'accessible',
  functions: ['has_schema_privilege(oid,text)'],
  columns: columns(`
    catalog_name varchar(128), schema_name varchar(128), schema_owner varchar(128),
    default_character_set_catalog varchar(128), default_character_set_schema varchar(128),
    default_character_set_name varchar(128), sql_path varchar(256)
  `),
  unknown: [
    'default_character_set_catalog',
    'default_character_set_schema',
    'default_character_set_name',
    'sql_path',
  ],
  rows: (ctx) =>
    ctx.catalog.schemas().map((s) => ({
      catalog_name: ctx.catalog.database.name,
      schema_name: s.name,
      schema_owner: userName(ctx, s.ownerOid),
    })),
});
