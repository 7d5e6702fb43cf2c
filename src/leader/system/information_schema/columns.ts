/**
 * information_schema.columns: columns of the relations the reader may use. Columns nobody measures here are NULL
 * and listed in `unknown`.
 */
import { collationName } from '../../catalog/column-types.ts';
import { typeFacts, typeName, yesNo } from '../catalog-rows.ts';
import { columns, systemView } from '../define.ts';
import { listedRelations } from '../relation-list.ts';

export default systemView({
  name: 'columns',
  schema: 'information_schema',
  doc: 'columns of the relations the reader may use.',
  visibleTo: 'accessible',
  functions: ['has_table_privilege(oid,text)'],
  columns: columns(`
    table_catalog varchar(128), table_schema varchar(128), table_name varchar(128),
    column_name varchar(128), ordinal_position integer, column_default varchar(4000),
    is_nullable varchar(3), data_type varchar(128), character_maximum_length integer,
    character_octet_length integer, numeric_precision integer, numeric_precision_radix integer,
    numeric_scale integer, datetime_precision integer, interval_type varchar(128),
    interval_precision varchar(128), character_set_catalog varchar(128),
    character_set_schema varchar(128), character_set_name varchar(128), collation_catalog varchar(128),
    collation_schema varchar(128), collation_name varchar(128), domain_catalog varchar(128),
    domain_schema varchar(128), domain_name varchar(128), udt_catalog varchar(128),
    udt_schema varchar(128), udt_name varchar(128), scope_catalog varchar(128),
    scope_schema varchar(128), scope_name varchar(128), maximum_cardinality integer,
    dtd_identifier varchar(128), is_self_referencing varchar(3), is_identity varchar(3),
    identity_generation varchar(16), identity_start varchar(128), identity_increment varchar(128),
    is_generated varchar(16), is_updatable varchar(3)
  `),
  unknown: [
    'interval_type',
    'interval_precision',
    'character_set_catalog',
    'character_set_schema',
    'character_set_name',
    'collation_catalog',
    'collation_schema',
    'domain_catalog',
    'domain_schema',
    'domain_name',
    'scope_catalog',
    'scope_schema',
    'scope_name',
    'maximum_cardinality',
    'identity_generation',
  ],
  rows: (ctx) =>
    listedRelations(ctx).flatMap((r) =>
      r.columns.map((c) => {
        const facts = typeFacts(c.type);
        const identity = /identity"?\(.*'(-?\d+),(-?\d+)'/.exec(c.defaultText ?? '');
        return {
          table_catalog: ctx.catalog.database.name,
          table_schema: r.schema,
          table_name: r.name,
          column_name: c.name,
          ordinal_position: c.position,
          column_default: c.defaultText,
          is_nullable: yesNo(!c.notNull),
          data_type: facts.dataType,
          character_maximum_length: facts.length,
          character_octet_length: facts.length,
          numeric_precision: facts.precision,
          numeric_precision_radix: facts.radix,
          numeric_scale: facts.scale,
          collation_name: collationName(c.type, ctx.catalog.database.collation),
          datetime_precision: facts.datetimePrecision,
          udt_catalog: ctx.catalog.database.name,
          udt_schema: 'pg_catalog',
          udt_name: typeName(c.type),
          dtd_identifier: String(c.position),
          is_self_referencing: 'NO',
          is_identity: yesNo(identity !== null),
          identity_start: identity?.[1] ?? null,
          identity_increment: identity?.[2] ?? null,
          is_generated: 'NEVER',
          is_updatable: yesNo(!r.isView),
        };
      }),
    ),
});
