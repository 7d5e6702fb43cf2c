/**
 * SVV_TABLE_INFO: tables that hold rows: distribution, sort key, size in blocks, sortedness, skew, statistics.
 * Columns nobody measures here are NULL and listed in `unknown`.
 */
import { BLOCK_BYTES_MAX } from '../../common/limits.ts';
import type { SliceTable } from './storage-rows.ts';
import type { TableObject } from '../catalog/objects.ts';
import type { SystemRow, SystemContext } from './define.ts';
import { diststyleText } from '../catalog/ddl-text.ts';
import { liveColumns } from '../catalog/objects.ts';
import { schemaName, tablesOf } from './catalog-rows.ts';
import { columns, scaled, systemView } from './define.ts';
import { max, sum } from './step-rows.ts';
import { storageByTable } from './storage-rows.ts';

/** Blocks of each column: 'table.attnum'. */
async function blocksPerColumn(ctx: SystemContext): Promise<ReadonlyMap<string, number>> {
  const counts = new Map<string, number>();
  for (const { blocks } of await ctx.services.slices.blocks(ctx.session.cancelSignal)) {
    for (const b of blocks) {
      const key = `${b.tableId}.${b.attnum}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
  }
  return counts;
}

function sortkeyText(table: TableObject): string | null {
  const first = table.columns.find((c) => c.attnum === table.sortkey[0])?.name;
  if (table.sortkeyStyle === 'interleaved') return 'INTERLEAVED';
  if (table.sortkeyStyle === 'auto') return first === undefined ? 'AUTO(SORTKEY)' : `AUTO(SORTKEY(${first}))`;
  return first ?? null;
}

function encodedText(table: TableObject): string {
  if (table.encodeAuto) return 'Y, AUTO(ENCODE)';
  return liveColumns(table).some((c) => c.encoding !== 'raw') ? 'Y' : 'N';
}

/** Largest other column against the first sort column, in blocks. */
function sortkeySkew(table: TableObject, blocks: ReadonlyMap<string, number>): number | null {
  const key = table.sortkey[0];
  const keyBlocks = key === undefined ? 0 : (blocks.get(`${table.oid}.${key}`) ?? 0);
  if (keyBlocks === 0) return null;
  const others = liveColumns(table)
    .filter((c) => c.attnum !== key)
    .map((c) => blocks.get(`${table.oid}.${c.attnum}`) ?? 0);
  return max(others) / keyBlocks;
}

function tableRow(
  ctx: SystemContext,
  table: TableObject,
  held: readonly SliceTable[],
  one: readonly SliceTable[],
  blocks: ReadonlyMap<string, number>,
  capacityBytes: number,
): SystemRow {
  const rows = sum(one.map((h) => h.info.rowCount));
  const deleted = sum(one.map((h) => h.info.deletedRowCount));
  const sorted = sum(one.map((h) => h.info.sortedRowCount));
  const perSlice = one.map((h) => h.info.rowCount).filter((n) => n > 0);
  const sliceRows = table.effectiveDiststyle === 'all' ? [] : perSlice;
  const statistics = table.statistics;
  const stale = statistics === undefined ? 100 : (statistics.modifiedRows / Math.max(1, statistics.rowCount)) * 100;
  const lengths = liveColumns(table)
    .filter((c) => c.type.name === 'varchar')
    .map((c) => c.type.length ?? 0);
  const sortEncoding = table.columns.find((c) => c.attnum === table.sortkey[0])?.encoding;
  return {
    database: ctx.catalog.database.name,
    schema: schemaName(ctx, table.schemaOid),
    table_id: table.oid,
    table: table.name,
    encoded: encodedText(table),
    diststyle: diststyleText(table),
    sortkey1: sortkeyText(table),
    max_varchar: max(lengths),
    sortkey1_enc: sortEncoding === 'raw' ? 'none' : (sortEncoding ?? null),
    sortkey_num: table.sortkey.length,
    size: sum(held.map((h) => h.info.blockCount)),
    pct_used: scaled((sum(held.map((h) => h.info.blockCount * BLOCK_BYTES_MAX)) / capacityBytes) * 100, 4),
    unsorted: table.sortkey.length === 0 ? null : scaled(((rows - sorted) / rows) * 100, 2),
    stats_off: scaled(Math.min(100, stale), 2),
    tbl_rows: BigInt(rows),
    skew_sortkey1: scaled(sortkeySkew(table, blocks), 2),
    skew_rows: sliceRows.length < 2 ? null : scaled(max(sliceRows) / Math.min(...sliceRows), 2),
    estimated_visible_rows: BigInt(rows - deleted),
    create_time: table.createdAtMicros,
  };
}

export default systemView({
  name: 'svv_table_info',
  schema: 'pg_catalog',
  doc: 'tables that hold rows: distribution, sort key, size in blocks, sortedness, skew, statistics.',
  visibleTo: 'superuser',
  columns: columns(`
    database text, schema text, table_id oid, table text, encoded text, diststyle text, sortkey1 text,
    max_varchar integer, sortkey1_enc character(32), sortkey_num integer, size bigint,
    pct_used numeric(10,4), empty bigint, unsorted numeric(5,2), stats_off numeric(5,2),
    tbl_rows numeric(38,0), skew_sortkey1 numeric(19,2), skew_rows numeric(19,2),
    estimated_visible_rows numeric(38,0), risk_event text, vacuum_sort_benefit numeric(12,2),
    create_time timestamp
  `),
  unknown: ['empty', 'risk_event', 'vacuum_sort_benefit'],
  rows: async (ctx) => {
    const storage = await storageByTable(ctx);
    const columnBlocks = await blocksPerColumn(ctx);
    const capacity = ctx.services.storage.capacityBytes();
    return tablesOf(ctx).flatMap((table) => {
      const held = storage.get(table.oid) ?? [];
      const one = table.effectiveDiststyle === 'all' ? held.slice(0, 1) : held;
      const rows = sum(one.map((h) => h.info.rowCount));
      return rows === 0 ? [] : [tableRow(ctx, table, held, one, columnBlocks, capacity)];
    });
  },
});
