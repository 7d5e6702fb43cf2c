/**
 * Storage as the slices report it, joined with the catalog: blocks for STV_BLOCKLIST and SVV_DISKUSAGE, totals per table
 * for SVV_TABLE_INFO. Every number is asked from the slices when the view is read.
 */
import type { SliceId, TableId } from '../../common/ids.ts';
import { BLOCK_BYTES_MAX } from '../../common/limits.ts';
import type { TableStorageInfo } from '../../slices/storage.ts';
import type { SystemContext, SystemRow } from './define.ts';

export interface SliceTable {
  readonly slice: SliceId;
  readonly info: TableStorageInfo;
}
/** What each slice holds of each table. */
export async function storageByTable(ctx: SystemContext): Promise<ReadonlyMap<number, readonly SliceTable[]>> {
  const byTable = new Map<number, SliceTable[]>();
  for (const { slice, tables } of await ctx.services.slices.tables(ctx.session.cancelSignal)) {
    for (const info of tables) {
      const list = byTable.get(info.tableId);
      if (list === undefined) byTable.set(info.tableId, [{ slice, info }]);
      else list.push({ slice, info });
    }
  }
  return byTable;
}

/** Column number as STV_BLOCKLIST counts: from 0, the hidden columns (-2, -3, -4) behind the last one. */
export function columnNumber(ctx: SystemContext, tableId: TableId, attnum: number): number | null {
  if (attnum > 0) return attnum - 1;
  const table = ctx.catalog.relationByOid(tableId);
  return table === undefined ? null : table.columns.length - 2 - attnum;
}

export interface NodeStorage {
  readonly node: number;
  /** Blocks. */
  readonly used: number;
  /** Blocks of groups that were removed and that older snapshots still read. */
  readonly tossed: number;
  /** Blocks that its part of the disk holds. */
  readonly capacity: number;
}
/** All nodes lie on one disk: each has an equal part of it. */
export async function nodeStorage(ctx: SystemContext): Promise<readonly NodeStorage[]> {
  const { topology, storage, slices } = ctx.services;
  const capacity = Math.floor(storage.capacityBytes() / topology.nodes / BLOCK_BYTES_MAX);
  const held = await slices.blocks(ctx.session.cancelSignal);
  return Array.from({ length: topology.nodes }, (_, node) => {
    const blocks = held.filter((s) => topology.nodeOf(s.slice) === node).flatMap((s) => s.blocks);
    const tossed = blocks.filter((b) => b.tombstone).length;
    return { node, used: blocks.length - tossed, tossed, capacity };
  });
}

export async function blockRows(ctx: SystemContext): Promise<readonly SystemRow[]> {
  const slices = await ctx.services.slices.blocks(ctx.session.cancelSignal);
  return slices.flatMap(({ slice, blocks }) =>
    blocks.map((b) => {
      const table = ctx.catalog.relationByOid(b.tableId);
      return {
        slice,
        col: columnNumber(ctx, b.tableId, b.attnum),
        tbl: b.tableId,
        blocknum: b.blockNumber,
        num_values: b.rowCount,
        minvalue: b.minValue,
        maxvalue: b.maxValue,
        on_disk: b.onDisk ? 1 : 0,
        modified: b.onDisk ? 0 : 1,
        unsorted: b.sorted ? 0 : 1,
        tombstone: b.tombstone ? 1 : 0,
        newblock: b.onDisk ? 0 : 1,
        temporary: table?.kind === 'table' && table.temporary ? 1 : 0,
      };
    }),
  );
}
