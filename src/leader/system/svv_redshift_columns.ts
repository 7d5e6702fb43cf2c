/**
 * SVV_REDSHIFT_COLUMNS: columns of the relations the reader may use, with encoding and keys. Columns nobody
 * measures here are NULL and listed in `unknown`.
 */
import { formatType } from '../../types/sql-type.ts';
import { yesNo } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';
import { userRelations } from './relation-list.ts';

export default systemView({
  name: 'svv_redshift_columns',
  schema: 'pg_catalog',
  doc: 'columns of the relations the reader may use, with encoding and keys.',
  visibleTo: 'accessible',
  columns: columns(`
    database_name varchar(128), schema_name varchar(128), table_name varchar(128),
    column_name varchar(128), ordinal_position integer, data_type varchar(32),
    column_default varchar(4000), is_nullable varchar(3), encoding varchar(128), distkey boolean,
    sortkey integer, column_acl varchar(128), remarks varchar(256)
  `),
  unknown: ['column_acl'],
  rows: (ctx) =>
    userRelations(ctx).flatMap((r) =>
      r.columns.map((c) => ({
        database_name: ctx.catalog.database.name,
        schema_name: r.schema,
        table_name: r.name,
        column_name: c.name,
        ordinal_position: c.position,
        data_type: formatType(c.type),
        column_default: c.defaultText,
        is_nullable: yesNo(!c.notNull),
        encoding: c.encoding === 'raw' ? 'none' : c.encoding,
        distkey: c.distkey,
        sortkey: c.sortkey,
        remarks: c.comment,
      })),
    ),
});
