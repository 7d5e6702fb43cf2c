/**
 * What one slice's storage offers, and the values that cross between slice and leader. `slice.ts` implements
 * SliceStorage; the compute side's scan, insert, delete and vacuum steps call it; the leader keeps SliceChange records
 * in its commit log and never looks inside row data.
 *
 * A table's rows on a slice are an ordered list of ROW GROUPS. A group is written by one transaction, never changed,
 * holds at most ROW_GROUP_ROWS rows, and all its rows have one insert_xid. Its columns are CHUNKS (encoded, at most
 * 1 MB); chunks are packed into BLOCKS (at most 1 MB, one column, checksummed) that lie one behind another in a
 * write-once file per (table, transaction, slice). Small writes are groups without blocks: their chunks travel in the
 * commit record and stay in memory ("tail") until compaction or VACUUM writes them. Deleted rows are recorded per group
 * as (row, delete_xid). A group itself has addedXid and removedXid, so VACUUM can replace groups beside readers.
 */
import type { SliceId, TableId, Xid } from '../common/ids.ts';
import type { RowAddresses } from './row-addresses.ts';
import type { Steps } from '../common/steps.ts';
import type { SqlType } from '../types/sql-type.ts';

/** Which transactions a statement sees. An xid counts when it is own, or committed before the snapshot was taken. */
export interface Snapshot {
  /** First xid not seen. */
  readonly xmax: Xid;
  /** Xids below xmax that were running. */
  readonly active: readonly Xid[];
  /** The reader's own transaction, 0 when it has none yet. */
  readonly own: Xid;
  /** Own groups and deletes made by statements with a number >= this are not seen (INSERT INTO t SELECT FROM t). */
  readonly statement: number;
}

/** A column as storage needs it. Hidden columns have negative attnums: insert_xid -2, delete_xid -3, row_id -4. */
export interface StorageColumn {
  readonly attnum: number;
  readonly name: string;
  readonly type: SqlType;
  readonly notNull: boolean;
  /** Declared encoding. */
  readonly encoding: string;
  /** For groups older than the column: value in output text form, null = NULL. */
  readonly missingValue?: string | null;
}
export interface StorageTable {
  readonly tableId: TableId;
  readonly name: string;
  readonly columns: readonly StorageColumn[];
  /** attnums, compound. */
  readonly sortkey: readonly number[];
}

/** Bounds of one column for zone-map pruning, in the comparable form of the type (number for i32, bigint, or string). */
export interface ZoneRange {
  readonly attnum: number;
  readonly low?: bigint | number | string;
  readonly lowInclusive?: boolean;
  readonly high?: bigint | number | string;
  readonly highInclusive?: boolean;
}

/** One group pinned for a scan: addresses in the node's memory, valid until release(). */
export interface PinnedGroup {
  readonly groupId: number;
  readonly rowCount: number;
  /** Address of each asked column's chunk, order as asked; a column younger than the group has one made from missingValue. */
  readonly chunks: readonly number[];
  /** Per asked column: chunk has NULLs. */
  readonly hasNulls: readonly boolean[];
  /** Per asked column for integer-like types: min and max of the chunk (undefined when all NULL or not integer-like). */
  readonly min: readonly (bigint | undefined)[];
  readonly max: readonly (bigint | undefined)[];
  /** Address of rowCount bytes, 1 = row not visible; 0 when every row is. */
  readonly invisible: number;
  readonly visibleRowCount: number;
  /** Sorted region member. */
  readonly sorted: boolean;
  release(): void;
}
/** Blocks of one column under one scan: held = read + skipped once the scan has ended. */
export interface BlockCounts {
  readonly attnum: number;
  readonly held: number;
  readonly read: number;
  readonly skipped: number;
}
export interface ScanStatistics {
  groupsTotal: number;
  /** Excluded by zone maps. */
  groupsSkipped: number;
  /** Rows of the other groups, as far as they were consumed: deleted ones too. */
  rowsRead: number;
  /** Those of them that the snapshot sees deleted. */
  rowsDeleted: number;
  /** Those of them that no one was given: in groups whose every row is deleted, or left behind where rows were sorted. */
  rowsInDeletedGroups: number;
  /** Decoded bytes of rowsRead in the asked columns: widths of fixed types, texts themselves. */
  bytesRead: number;
}
export interface GroupScan {
  /** Next group that may hold visible rows inside the ranges, or undefined at the end. Synchronous disk reads. */
  next(): PinnedGroup | undefined;
  readonly statistics: ScanStatistics;
  /** Per asked column that is stored; complete after close(). */
  blocks(): readonly BlockCounts[];
  /** `consumed`: rows of the group given last that were looked at, when not all were. */
  close(consumed?: number): void;
}
/** A scan in the order of the first sort column: run 0 is the sorted region, run 1 all other rows, sorted for it. */
export interface OrderedGroups extends GroupScan {
  /** Has to have ended before anything else is asked for. Whoever ends it early says so by `return`. */
  prepare(): Steps<void>;
  /** Groups of each run. */
  readonly runs: readonly [number, number];
  /** A group of a run, again if need be; undefined when it holds no visible row inside the ranges. */
  pinAt(run: 0 | 1, index: number): PinnedGroup | undefined;
  /** The first group of a run, from `from` on, whose keys may reach this one (of an integer column). */
  reaching(run: 0 | 1, from: number, key: bigint): number;
}

/** Column-wise rows handed to a writer: vectors in node memory (widths by phys), nulls one byte a row or address 0. */
export interface ColumnVector {
  readonly attnum: number;
  readonly values: number;
  readonly nulls: number;
}
export { atOnce, type Steps } from '../common/steps.ts';

export interface SliceWriter {
  /** Copies the rows out; the vectors may be reused after the call. */
  append(columns: readonly ColumnVector[], rowCount: number): void;
  /** Rows that came are being written: whoever wants short turns takes steps before more come. */
  readonly hasWork: boolean;
  step(): void;
  /** Closes groups, writes and syncs blocks (unless small) and returns the change; the rows are visible to the own xid. */
  finish(): SliceChange;
  finishSteps(): Steps<SliceChange>;
  /** Drops everything appended. */
  abort(): void;
}

/** What one statement changed on one slice; goes into the commit record as it is. JSON-able but for `tail`. */
export interface SliceChange {
  readonly slice: SliceId;
  readonly tableId: TableId;
  readonly xid: Xid;
  readonly statement: number;
  /** Metadata of added groups (storage's own form), with block addresses. */
  readonly groupsAdded: readonly unknown[];
  readonly groupsRemoved: readonly number[];
  readonly deletes: readonly { readonly groupId: number; readonly rows: Uint32Array }[];
  /** Encoded chunks of added groups that have no blocks, in one buffer. */
  readonly tail: Uint8Array;
  readonly rowsAdded: number;
  readonly rowsDeleted: number;
  readonly blocksAdded: number;
  /** How many more rows are in the sorted region, or fewer; none when it is not said. */
  readonly sortedRowsAdded?: number;
}

export interface VacuumOptions {
  readonly xid: Xid;
  /** Rows deleted by transactions below this xid are gone for everyone. */
  readonly oldestXmin: Xid;
  readonly mode: 'full' | 'sort only' | 'delete only' | 'reindex' | 'recluster';
  /** 0..100; skip sorting when at least this share is sorted. */
  readonly threshold: number;
}
export interface TableTotals {
  /** Deleted rows too. */
  readonly rows: number;
  readonly sortedRows: number;
  /** The tail is one block per column. */
  readonly blocks: number;
  /** Rows that are marked as deleted. */
  readonly deletedRows: number;
}
/** How far a VACUUM that runs has come on a slice. */
export interface VacuumProgress {
  readonly tableId: TableId;
  readonly xid: Xid;
  readonly phase: 'sort' | 'delete';
  /** To be written anew, and read so far. */
  readonly rows: number;
  readonly rowsDone: number;
}
export interface VacuumReport {
  readonly change: SliceChange;
  /** The table on this slice when VACUUM began, and as its commit leaves it. */
  readonly before: TableTotals;
  readonly after: TableTotals;
  readonly groupsRewritten: number;
  readonly groupsKept: number;
}

/** A block as STV_BLOCKLIST shows it. */
export interface BlockInfo {
  readonly tableId: TableId;
  readonly attnum: number;
  readonly blockNumber: number;
  readonly rowCount: number;
  readonly bytes: number;
  readonly minValue: bigint;
  readonly maxValue: bigint;
  readonly sorted: boolean;
  readonly onDisk: boolean;
  readonly encoding: string;
  readonly file: string;
  readonly offset: number;
  readonly tombstone: boolean;
}
export interface TableStorageInfo {
  readonly tableId: TableId;
  /** Includes deleted rows not yet vacuumed. */
  readonly rowCount: number;
  readonly deletedRowCount: number;
  readonly sortedRowCount: number;
  readonly blockCount: number;
  readonly tailRowCount: number;
  readonly tailBytes: number;
}

export interface SliceStorage {
  readonly slice: SliceId;
  scan(table: StorageTable, attnums: readonly number[], ranges: readonly ZoneRange[], snapshot: Snapshot): GroupScan;
  /** `key`: the first sort column; it is one of `attnums`, all of which are stored. */
  orderedScan(
    table: StorageTable,
    attnums: readonly number[],
    ranges: readonly ZoneRange[],
    snapshot: Snapshot,
    key: number,
  ): OrderedGroups;
  /** sortBatch: rows of this write are sorted by the table's sort key before groups are cut. */
  openWriter(table: StorageTable, xid: Xid, statement: number, options: { readonly sortRows: boolean }): SliceWriter;
  /** rows are addresses groupId * 2^20 + row, as the scan of ROW_ADDRESS_ATTNUM gives them. Already deleted rows are skipped and not counted. */
  deleteRows(
    table: StorageTable,
    addresses: RowAddresses | readonly bigint[],
    xid: Xid,
    statement: number,
  ): SliceChange;
  vacuum(table: StorageTable, options: VacuumOptions): Steps<VacuumReport>;
  /** Those that run. */
  vacuums(): readonly VacuumProgress[];
  /** Work of a running transaction that another instance made (ALL tables); visible to that transaction only. */
  stage(change: SliceChange): void;
  /** Makes the changes of a committed transaction permanent (or applies them at recovery). */
  commit(xid: Xid, lsn: number, changes: readonly SliceChange[]): void;
  rollback(xid: Xid): void;
  /** Removes all data of a table (DROP, TRUNCATE committed). */
  dropTable(tableId: TableId): void;
  /**
   * Groups and files removed before this xid that no snapshot needs any more are deleted, small groups merged. Every
   * transaction that may have read addresses so far is below `nextXid`. Throws when the disk refuses.
   */
  reclaim(oldestXmin: Xid, nextXid: Xid): void;
  reclaimSteps(oldestXmin: Xid, nextXid: Xid): Steps<void>;
  /** Writes a superblock naming everything committed up to lsn. */
  checkpoint(lsn: number): void;
  /** Keeps what is committed up to lsn under this number; gives the names of the files that make it up. */
  keepImage(image: number, lsn: number): readonly string[];
  dropImage(image: number): void;
  /** Commit number lsn: the slice is what the image says; work of transactions that run is forgotten. */
  restoreImage(image: number, lsn: number): void;
  /** LSN of the newest valid superblock, 0 for a new slice. */
  readonly checkpointLsn: number;
  blocks(tableId?: TableId): readonly BlockInfo[];
  tables(): readonly TableStorageInfo[];
  close(): void;
}
