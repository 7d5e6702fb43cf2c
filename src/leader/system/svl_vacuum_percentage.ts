/** SVL_VACUUM_PERCENTAGE: what a VACUUM left of the blocks of a table, in percent. */
import { columns, systemView } from './define.ts';

export default systemView({
  name: 'svl_vacuum_percentage',
  schema: 'pg_catalog',
  doc: 'what a VACUUM left of the blocks of a table, in percent.',
  visibleTo: 'superuser',
  columns: columns(`
    xid bigint, table_id integer, percentage bigint
  `),
  rows: (ctx) =>
    ctx.services.history
      .read('vacuumRuns')
      .flatMap(({ xid, tableId, before, after }) =>
        before === undefined || after === undefined || before.blocks === 0
          ? []
          : [{ xid, table_id: tableId, percentage: Math.round((after.blocks / before.blocks) * 100) }],
      ),
});
