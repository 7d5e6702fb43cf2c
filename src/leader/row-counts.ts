/**
 * Rows of every table as the leader knows them: read from the slices at start, kept by the changes of each commit. For
 * the optimizer; visible rows of an ALL table count once although every node holds them.
 */
import type { TableId } from '../common/ids.ts';
import type { SliceChange, TableStorageInfo } from '../slices/storage.ts';

export class RowCounts {
  private readonly rows = new Map<TableId, number>();
  /** Set once the slices' counts are loaded; commits replayed before are part of them. */
  ready = false;

  constructor(private readonly copies: (table: TableId) => number) {}

  load(slices: readonly (readonly TableStorageInfo[])[]): void {
    for (const tables of slices) for (const t of tables) this.add(t.tableId, t.rowCount - t.deletedRowCount);
  }
  apply(changes: readonly SliceChange[], drops: readonly TableId[]): void {
    for (const c of changes) if (c.groupsRemoved.length === 0) this.add(c.tableId, c.rowsAdded - c.rowsDeleted);
    for (const d of drops) this.rows.delete(d);
  }
  private add(table: TableId, count: number): void {
    this.rows.set(table, (this.rows.get(table) ?? 0) + count);
  }
  of(table: TableId): number {
    return Math.max(0, Math.round((this.rows.get(table) ?? 0) / this.copies(table)));
  }
}
