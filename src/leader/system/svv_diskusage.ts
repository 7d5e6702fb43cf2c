/**
 * SVV_DISKUSAGE: STV_BLOCKLIST with table names and databases. Columns nobody measures here are NULL and listed
 * in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { blockRows } from './storage-rows.ts';

export default systemView({
  name: 'svv_diskusage',
  schema: 'pg_catalog',
  doc: 'STV_BLOCKLIST with table names and databases.',
  visibleTo: 'superuser',
  columns: columns(`
    db_id integer, name character(72), slice integer, col integer, tbl integer, blocknum integer,
    num_values integer, minvalue bigint, maxvalue bigint, sb_pos integer, pinned integer,
    on_disk integer, modified integer, hdr_modified integer, unsorted integer, tombstone integer,
    preferred_diskno integer, temporary integer, newblock integer
  `),
  unknown: ['sb_pos', 'pinned', 'hdr_modified', 'preferred_diskno'],
  rows: async (ctx) =>
    (await blockRows(ctx)).flatMap((row) => {
      const table = ctx.catalog.relationByOid(Number(row['tbl']));
      return table === undefined ? [] : [{ ...row, db_id: ctx.catalog.database.oid, name: table.name }];
    }),
});
