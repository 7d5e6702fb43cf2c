/**
 * SVV_ALL_COLUMNS: columns of the relations the reader may use.
 */
import { typeFacts, yesNo } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';
import { userRelations } from './relation-list.ts';

export default systemView({
  name: 'svv_all_columns',
  schema: 'pg_catalog',
  doc: 'columns of the relations the reader may use.',
  visibleTo: 'accessible',
  columns: columns(`
    database_name varchar(128), schema_name varchar(128), table_name varchar(128),
    column_name varchar(128), ordinal_position integer, column_default varchar(4000),
    is_nullable varchar(3), data_type varchar(128), character_maximum_length integer,
    numeric_precision integer, numeric_scale integer, remarks varchar(256)
  `),
  rows: (ctx) =>
    userRelations(ctx).flatMap((r) =>
      r.columns.map((c) => {
        const facts = typeFacts(c.type);
        return {
          database_name: ctx.catalog.database.name,
          schema_name: r.schema,
          table_name: r.name,
          column_name: c.name,
          ordinal_position: c.position,
          column_default: c.defaultText,
          is_nullable: yesNo(!c.notNull),
          data_type: facts.dataType,
          character_maximum_length: facts.length,
          numeric_precision: facts.precision,
          numeric_scale: facts.scale,
          remarks: c.comment,
        };
      }),
    ),
});
