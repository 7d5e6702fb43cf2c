/**
 * SLICEHOUSE_BLOCK_READS: the blocks of each column that a scan met on each slice: held when it began, decoded, and
 * passed over (zone maps, deleted rows, a LIMIT that was satisfied). A view of our own: Redshift has no counter of blocks
 * that were skipped.
 */
import { columnNumber } from './storage-rows.ts';
import { columns, systemView } from './define.ts';
import { scanRows } from './step-rows.ts';

export default systemView({
  name: 'slicehouse_block_reads',
  schema: 'pg_catalog',
  doc: 'blocks of each column that a scan met on each slice: held, read and skipped.',
  visibleTo: 'own-rows',
  columns: columns(`
    userid integer, query integer, slice integer, segment integer, step integer, tbl integer, col integer,
    blocks_held integer, blocks_read integer, blocks_skipped integer
  `),
  rows: (ctx) =>
    scanRows(ctx, ({ blocks }, { tableId }) =>
      blocks.map((b) => ({
        col: columnNumber(ctx, tableId, b.attnum),
        blocks_held: b.held,
        blocks_read: b.read,
        blocks_skipped: b.skipped,
      })),
    ),
});
