/**
 * PG_STATISTIC_INDICATOR: row counts of tables as of their last ANALYZE. Columns nobody measures here are NULL
 * and listed in `unknown`.
 */
import { tablesOf } from './catalog-rows.ts';
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'pg_statistic_indicator',
  schema: 'pg_catalog',
  doc: 'row counts of tables as of their last ANALYZE.',
  visibleTo: 'superuser',
  columns: columns(`
    stairelid oid, stairows real, staiins real, staidels real
  `),
  unknown: ['staiins', 'staidels'],
  rows: (ctx) =>
    tablesOf(ctx).flatMap((t) =>
      t.statistics === undefined ? [] : [{ stairelid: t.oid, stairows: t.statistics.rowCount }],
    ),
});
