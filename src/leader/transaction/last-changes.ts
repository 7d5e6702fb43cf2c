/**
 * Which commit changed a table's rows last, and which one put them out of reach of older snapshots. Of committed tables
 * only; used by transaction-manager.ts.
 */
import type { TableId, Xid } from '../../common/ids.ts';
import type { LogRecord } from './log-record.ts';

export interface LastChange {
  readonly lsn: number;
  readonly xid: Xid;
}
export interface TableChange extends LastChange {
  readonly tableId: TableId;
}

export class LastChanges {
  private changes = new Map<TableId, LastChange>();
  /** For running transactions only: nothing of them is kept over a restart. */
  private readonly rewrites = new Map<TableId, LastChange>();

  of(tableId: TableId): LastChange | undefined {
    return this.changes.get(tableId);
  }
  rewriteOf(tableId: TableId): LastChange | undefined {
    return this.rewrites.get(tableId);
  }
  /** Older snapshots cannot read the tables any more. */
  rewrote(tables: Iterable<TableId>, change: LastChange): void {
    for (const tableId of tables) this.rewrites.set(tableId, change);
  }
  note({ slices, drops, xid }: Pick<LogRecord, 'slices' | 'drops' | 'xid'>, lsn: number): void {
    for (const { tableId } of slices) this.changes.set(tableId, { lsn, xid });
    for (const tableId of drops) this.changes.set(tableId, { lsn, xid });
  }
  forget(tableId: TableId): void {
    this.changes.delete(tableId);
    this.rewrites.delete(tableId);
  }
  all(): readonly TableChange[] {
    return [...this.changes].map(([tableId, change]) => ({ tableId, ...change }));
  }
  replace(changes: readonly TableChange[]): void {
    this.changes = new Map(changes.map(({ tableId, lsn, xid }) => [tableId, { lsn, xid }]));
  }
}
