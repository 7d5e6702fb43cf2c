/**
 * STV_BLOCKLIST: every block of every slice, the open tail of small writes as one block per column (newblock 1,
 * on_disk 0). Columns nobody measures here are NULL and listed in `unknown`.
 */
import { columns, systemView } from './define.ts';
import { blockRows } from './storage-rows.ts';

export default systemView({
  name: 'stv_blocklist',
  schema: 'pg_catalog',
  doc:
    'every block of every slice, the open tail of small writes as one block per column (newblock 1, ' + 'on_disk 0).',
  visibleTo: 'superuser',
  columns: columns(`
    slice integer, col integer, tbl integer, blocknum integer, num_values integer,
    extended_limits integer, minvalue bigint, maxvalue bigint, sb_pos integer, pinned integer,
    on_disk integer, modified integer, hdr_modified integer, unsorted integer, tombstone integer,
    preferred_diskno integer, temporary integer, newblock integer, num_readers integer, flags integer
  `),
  unknown: ['extended_limits', 'sb_pos', 'pinned', 'hdr_modified', 'preferred_diskno', 'num_readers', 'flags'],
  rows: (ctx) => blockRows(ctx),
});
