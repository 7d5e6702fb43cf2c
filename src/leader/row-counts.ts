/**
 * Rows of every table as the leader knows them: read from the slices at start, kept by the changes of each commit. For
 * the optimizer; visible rows of an ALL table count once although every node holds them. How many lie in the sorted region
 * is counted with the deleted ones, as SVV_TABLE_INFO does.
 */
import type { TableId } from '../common/ids.ts';
import type { SliceChange, TableStorageInfo } from '../slices/storage.ts';

interface Counts {
  visible: number;
  /** Deleted ones too. */
  all: number;
  sorted: number;
}

export class RowCounts {
  private readonly tables = new Map<TableId, Counts>();
  /** Set once the slices' counts are loaded; commits replayed before are part of them. */
  ready = false;

  constructor(private readonly copies: (table: TableId) => number) {}

  load(slices: readonly (readonly TableStorageInfo[])[]): void {
    this.tables.clear();
    for (const tables of slices)
      for (const t of tables) this.add(t.tableId, t.rowCount - t.deletedRowCount, t.rowCount, t.sortedRowCount);
  }
  apply(changes: readonly SliceChange[], drops: readonly TableId[]): void {
    for (const c of changes) {
      const sorted = c.sortedRowsAdded ?? 0;
      // VACUUM: rows that it does not carry over were deleted before.
      if (c.groupsRemoved.length > 0) this.add(c.tableId, 0, -c.rowsDeleted, sorted);
      else this.add(c.tableId, c.rowsAdded - c.rowsDeleted, c.rowsAdded, sorted);
    }
    for (const d of drops) this.tables.delete(d);
  }
  private add(table: TableId, visible: number, all: number, sorted: number): void {
    const counts = this.tables.get(table) ?? { visible: 0, all: 0, sorted: 0 };
    this.tables.set(table, counts);
    counts.visible += visible;
    counts.all += all;
    counts.sorted += sorted;
  }
  of(table: TableId): number {
    return Math.max(0, Math.round((this.tables.get(table)?.visible ?? 0) / this.copies(table)));
  }
  /** Share of the rows outside the sorted region, 0 to 1. */
  unsortedShareOf(table: TableId): number {
    const { all, sorted } = this.tables.get(table) ?? { all: 0, sorted: 0 };
    return all <= 0 ? 0 : Math.min(1, Math.max(0, 1 - sorted / all));
  }
}
