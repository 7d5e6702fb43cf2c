/**
 * SVV_COLUMNS: columns of the relations the reader may use. Columns nobody measures here are NULL and listed in
 * `unknown`.
 */
import { collationName } from '../catalog/column-types.ts';
import { typeFacts, yesNo } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';
import { columnsNow, listedRelations } from './relation-list.ts';

export default systemView({
  name: 'svv_columns',
  schema: 'pg_catalog',
  doc: 'columns of the relations the reader may use.',
  visibleTo: 'accessible',
  columns: columns(`
    table_catalog text, table_schema text, table_name text, column_name text, ordinal_position integer,
    column_default text, is_nullable text, data_type text, character_maximum_length integer,
    numeric_precision integer, numeric_precision_radix integer, numeric_scale integer,
    datetime_precision integer, interval_type text, interval_precision text, character_set_catalog text,
    character_set_schema text, character_set_name text, collation_catalog text, collation_schema text,
    collation_name text, domain_name text, remarks text
  `),
  unknown: [
    'interval_type',
    'interval_precision',
    'character_set_catalog',
    'character_set_schema',
    'character_set_name',
    'collation_catalog',
    'collation_schema',
    'domain_name',
  ],
  rows: (ctx) =>
    listedRelations(ctx).flatMap((r) =>
      columnsNow(ctx, r).map((c) => {
        const facts = typeFacts(c.type);
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
          numeric_precision: facts.precision,
          numeric_precision_radix: facts.radix,
          datetime_precision: facts.datetimePrecision,
          numeric_scale: facts.scale,
          collation_name: collationName(c.type, ctx.catalog.database.collation),
          remarks: c.comment,
        };
      }),
    ),
});
