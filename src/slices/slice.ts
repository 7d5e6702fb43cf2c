/**
 * One slice's storage: the facade behind SliceStorage. It keeps every table's row groups, hands out scans and writers,
 * and applies transactions: work in progress is visible to its own xid, commit() makes it permanent, rollback() forgets
 * it. A read-only instance (the other slices of a node, for ALL tables) opens the owner's directory and follows its
 * commits, but never writes. Opened and called by the slice's worker thread only.
 */
import { assert } from '../common/assert.ts';
import type { Xid } from '../common/ids.ts';
import type { Disk } from '../common/disk.ts';
import { corruptBlock } from '../common/errors/catalogue.ts';
import { isSystemError } from '../common/errors/fault.ts';
import type { ColumnSample, EncodingChoice } from '../encodings/choose-encodings.ts';
import { chunkMemory } from '../encodings/encoding.ts';
import type { EncodingKernels } from '../encodings/kernels.ts';
import { BlockCache } from './block-cache.ts';
import { listBlocks, tableInfo } from './block-list.ts';
import { ChunkLoader } from './chunk-loader.ts';
import { deleteRows } from './delete.ts';
import type { GroupMeta } from './disk-layout.ts';
import { EMPTY_IMAGE, Images, imageName } from './images.ts';
import { RegionPool } from '../wasm/region-pool.ts';
import { RowAddresses } from './row-addresses.ts';
import { Group, TableState, type DeleteEntry } from './row-group.ts';
import { bidOnTable, bidOnVectors } from './sample-encodings.ts';
import { sweepFiles } from './sweep-files.ts';
import { SliceScan } from './scan.ts';
import { take, type SliceContext } from './slice-context.ts';
import {
  atOnce,
  type BlockInfo,
  type GroupScan,
  type OrderedGroups,
  type SliceChange,
  type SliceStorage,
  type SliceWriter,
  type Snapshot,
  type Steps,
  type StorageTable,
  type TableStorageInfo,
  type VacuumOptions,
  type VacuumProgress,
  type VacuumReport,
  type ZoneRange,
} from './storage.ts';
import { OrderedScan } from './ordered-scan.ts';
import { readSuperblock, settleSuperblocks, writeSuperblock } from './superblock.ts';
import { mergeTail, moveTailsToBlocks } from './tail.ts';
import { vacuumTable } from './vacuum.ts';
import { TableWriter } from './writer.ts';

export interface SliceStorageOptions {
  readonly slice: number;
  readonly disk: Disk;
  /** Under the disk's root; a replica gives the owner's. */
  readonly directory: string;
  readonly memory: WebAssembly.Memory;
  readonly pool: RegionPool;
  readonly kernels: EncodingKernels;
  /** Identity of the data directory, 16 hex digits. */
  readonly warehouse?: string;
  readonly readOnly?: boolean;
  readonly log?: (message: string) => void;
  /** Bytes a sorted write holds in memory before it writes a run; for tests. */
  readonly sortBytesMax?: number;
  /** Rows of the first group a write makes (forced-paths.ts). */
  readonly firstGroupRows?: number | undefined;
  readonly forcesEncodings?: boolean | undefined;
}

interface Pending {
  readonly groups: { readonly state: TableState; readonly group: Group }[];
  readonly deletes: Map<DeleteEntry, Group>;
  readonly removed: Group[];
}
const CRC_TABLE_BYTES = 8192;
/** Ids of groups merged in memory start here: they are this instance's own and never travel in commit records. */
const MERGED_ID_FIRST = 2 ** 31;

export function openSliceStorage(options: SliceStorageOptions): Slice {
  return new Slice(options);
}

export class Slice implements SliceStorage {
  readonly slice: number;
  readonly context: SliceContext;
  readonly cache: BlockCache;
  checkpointLsn = 0;
  /** Damage that opening could pass over: the log must make up for it. */
  notes: readonly string[] = [];
  private readonly states = new Map<number, TableState>();
  private readonly pending = new Map<number, Pending>();
  /** Removed groups whose files wait for open scans. */
  private doomed: Group[] = [];
  /** Files that nobody needs and the disk has not let go of. */
  private readonly unwanted = new Set<string>();
  private readonly loader: ChunkLoader;
  private nextGroup = 1;
  private nextMerged = MERGED_ID_FIRST;
  private nextFile = 1;
  private oldestXmin = 0;
  private superblockSequence = 0;
  private recovered = false;
  private readonly writers = new Set<TableWriter>();
  private readonly images: Images;

  constructor(private readonly options: SliceStorageOptions) {
    this.slice = options.slice;
    const { disk, directory, pool, slice, warehouse = '0'.repeat(16) } = options;
    const memory = chunkMemory(options.memory, options.kernels);
    this.cache = new BlockCache(pool);
    const crcTables = take({ pool }, CRC_TABLE_BYTES);
    options.kernels.crc32c_init(crcTables);
    this.loader = new ChunkLoader({ slice, warehouse, disk, directory, memory, pool, cache: this.cache, crcTables });
    this.context = {
      slice,
      warehouse,
      disk,
      directory,
      memory,
      pool,
      cache: this.cache,
      loader: this.loader,
      crcTables,
      firstGroupRows: options.firstGroupRows,
      forcesEncodings: options.forcesEncodings === true,
      log: options.log ?? ((): void => {}),
      nextGroupId: () => this.nextGroup++,
      nextFileNumber: () => this.nextFile++,
    };
    this.images = new Images(this.context);
    if (!options.readOnly) disk.makeDirectory(directory);
    this.open();
  }

  private open(): void {
    if (!this.options.readOnly) {
      settleSuperblocks(this.context);
      this.images.open();
    }
    const { newest: root, notes } = readSuperblock(this.context);
    this.notes = notes;
    for (const name of this.context.disk.list(this.context.directory)) {
      const number = /-(\d+)\.(?:blk|tmp)$/.exec(name);
      if (number) this.nextFile = Math.max(this.nextFile, Number(number[1]) + 1);
    }
    if (root === undefined) return;
    this.checkpointLsn = root.lsn;
    this.superblockSequence = root.sequence;
    this.nextGroup = root.nextGroup;
    this.nextMerged = root.nextMerged;
    for (const state of root.tables) this.states.set(state.tableId, state);
  }

  /**
   * Call once after the commit log was replayed: files that no committed group names are removed when they are leftovers of
   * this slice, and reported otherwise, as are files that are missing. `images`: those that the leader keeps.
   */
  finishRecovery(images: readonly number[] = []): readonly string[] {
    if (this.recovered || this.options.readOnly) return [];
    this.recovered = true;
    this.images.keepOnly(images);
    return sweepFiles(this.context, this.states.values(), (file) => this.images.pins(file));
  }

  scan(table: StorageTable, attnums: readonly number[], ranges: readonly ZoneRange[], snapshot: Snapshot): GroupScan {
    return new SliceScan(this.context, this.states.get(table.tableId), table, attnums, ranges, snapshot);
  }

  orderedScan(
    table: StorageTable,
    attnums: readonly number[],
    ranges: readonly ZoneRange[],
    snapshot: Snapshot,
    key: number,
  ): OrderedGroups {
    const state = this.states.get(table.tableId);
    return new OrderedScan(this.context, state, table, attnums, ranges, snapshot, key, this.options.sortBytesMax);
  }

  openWriter(
    table: StorageTable,
    xid: number,
    statement: number,
    options: { readonly sortRows: boolean },
  ): SliceWriter {
    this.writable();
    const writer = new TableWriter(this.context, this.state(table.tableId), table, {
      xid,
      statement,
      sortRows: options.sortRows,
      hidden: false,
      mode: 'auto',
      nextId: this.context.nextGroupId,
      sortBytesMax: this.options.sortBytesMax,
    });
    this.writers.add(writer);
    const slice = this.slice;
    const stage = (c: SliceChange): void => this.stage(c);
    const writers = this.writers;
    function* finishSteps(): Steps<SliceChange> {
      const { groups, tail, blocks } = yield* writer.finishSteps();
      writers.delete(writer);
      const change: SliceChange = {
        slice,
        tableId: table.tableId,
        xid,
        statement,
        groupsAdded: groups,
        groupsRemoved: [],
        deletes: [],
        tail,
        rowsAdded: writer.rows,
        rowsDeleted: 0,
        blocksAdded: blocks,
        sortedRowsAdded: groups.reduce((n, g) => n + (g.sorted ? g.rows : 0), 0),
      };
      stage(change);
      return change;
    }
    return {
      append: (columns, rowCount) => writer.append(columns, rowCount),
      get hasWork() {
        return writer.hasWork;
      },
      step: () => writer.step(),
      finish: () => atOnce(finishSteps()),
      finishSteps,
      abort: () => {
        this.writers.delete(writer);
        writer.abort();
      },
    };
  }

  deleteRows(
    table: StorageTable,
    addresses: RowAddresses | readonly bigint[],
    xid: number,
    statement: number,
  ): SliceChange {
    this.writable();
    const rows = addresses instanceof RowAddresses ? addresses : RowAddresses.of(addresses);
    const { change, entries } = deleteRows(this.slice, this.state(table.tableId), rows, xid, statement);
    const pending = this.pendingOf(xid);
    for (const { group, entry } of entries) {
      group.addDelete(entry);
      pending.deletes.set(entry, group);
    }
    return change;
  }

  *vacuum(table: StorageTable, options: VacuumOptions): Steps<VacuumReport> {
    this.writable();
    this.oldestXmin = Math.max(this.oldestXmin, options.oldestXmin);
    const state = this.state(table.tableId);
    state.inSteps = true;
    try {
      const tell = (progress: VacuumProgress): void => void this.vacuuming.set(options.xid, progress);
      const report = yield* vacuumTable(this.context, state, table, options, this.options.sortBytesMax, tell);
      this.stage(report.change);
      return report;
    } finally {
      this.vacuuming.delete(options.xid);
      state.inSteps = false;
    }
  }
  private readonly vacuuming = new Map<Xid, VacuumProgress>();
  vacuums(): readonly VacuumProgress[] {
    return [...this.vacuuming.values()];
  }

  /** COMPUPDATE: the best encoding for vectors in node memory. */
  chooseEncodings(samples: readonly ColumnSample[]): readonly EncodingChoice[] {
    return bidOnVectors(this.context, samples);
  }
  /** ANALYZE COMPRESSION: the best encoding per column from at most `rowsMax` visible rows. */
  sampleEncodings(table: StorageTable, snapshot: Snapshot, rowsMax: number): readonly EncodingChoice[] {
    return bidOnTable(this.context, this.state(table.tableId), table, snapshot, rowsMax);
  }

  /** Applies work of a running transaction: made here, or (replicas of ALL tables) told by the owner. */
  stage(change: SliceChange): void {
    this.apply(change, false);
  }

  commit(xid: number, lsn: number, changes: readonly SliceChange[]): void {
    if (lsn <= this.checkpointLsn) return;
    const pending = this.pending.get(xid);
    if (pending === undefined) {
      for (const change of changes) this.apply(change, true);
      return;
    }
    this.pending.delete(xid);
    for (const { group } of pending.groups) group.committed = true;
    for (const entry of pending.deletes.keys()) entry.committed = true;
    for (const group of pending.removed) group.removedCommitted = true;
    // A replica may have been told of some statements only.
    for (const change of changes) this.apply(change, true);
  }

  rollback(xid: number): void {
    const pending = this.pending.get(xid);
    if (pending === undefined) return;
    this.pending.delete(xid);
    for (const [entry, group] of pending.deletes) {
      group.removeDelete(entry);
      this.cache.drop(group);
    }
    for (const group of pending.removed) group.removedXid = group.removedStatement = 0;
    const states = new Set(pending.groups.map((g) => g.state));
    for (const state of states) state.remove(pending.groups.flatMap((g) => (g.state === state ? [g.group] : [])));
    this.discard(
      pending.groups.map((g) => g.group),
      states,
    );
  }

  dropTable(tableId: number): void {
    const state = this.states.get(tableId);
    if (state === undefined) return;
    this.states.delete(tableId);
    const { groups } = state;
    state.remove(groups);
    this.discard(groups, []);
  }

  reclaim(oldestXmin: number, nextXid: number): void {
    atOnce(this.reclaimSteps(oldestXmin, nextXid));
  }
  *reclaimSteps(oldestXmin: number, nextXid: number): Steps<void> {
    this.oldestXmin = Math.max(this.oldestXmin, oldestXmin);
    for (const state of this.states.values()) {
      state.forget(this.oldestXmin, nextXid);
      const gone = state.groups.filter((g) => g.removedCommitted && g.removedXid < this.oldestXmin);
      if (gone.length > 0) {
        state.remove(gone);
        this.discard(gone, [state]);
      }
      for (const group of state.groups) group.settleDeletes(this.oldestXmin);
    }
    const waiting = this.doomed;
    this.doomed = [];
    this.discard(waiting, this.states.values());
    const refused = this.removeUnwanted();
    for (const state of [...this.states.values()]) yield* this.mergeTail(state);
    if (refused !== undefined) throw refused;
  }
  private *mergeTail(state: TableState): Steps<void> {
    // Groups that work in steps goes on reading stay what they are.
    if (state.inSteps || state.isMerging) return;
    state.isMerging = true;
    try {
      yield* mergeTail(this.context, state, {
        oldestXmin: this.oldestXmin,
        nextId: () => this.nextMerged++,
        moved: (from, to, group) => {
          const { deletes } = this.pendingOf(from.xid);
          deletes.delete(from);
          deletes.set(to, group);
        },
      });
    } finally {
      state.isMerging = false;
    }
  }

  checkpoint(lsn: number): void {
    this.writable();
    this.finishRecovery();
    const tables = [...this.states.values()];
    const moves = moveTailsToBlocks(this.context, tables);
    try {
      writeSuperblock(this.context, {
        slice: this.slice,
        warehouse: this.context.warehouse,
        lsn,
        sequence: this.superblockSequence + 1,
        nextGroup: this.nextGroup,
        nextMerged: this.nextMerged,
        tables,
      });
    } catch (error) {
      moves.undo();
      throw error;
    }
    this.superblockSequence++;
    this.checkpointLsn = lsn;
    moves.done();
    this.images.checkpointed();
  }

  keepImage(image: number, lsn: number): readonly string[] {
    this.writable();
    const { warehouse } = this.context;
    const { slice, nextGroup, nextMerged } = this;
    const tables = [...this.states.values()];
    return this.images.write(image, { slice, warehouse, lsn, sequence: 1, nextGroup, nextMerged, tables });
  }
  dropImage(image: number): void {
    this.writable();
    this.removeFiles(this.images.drop(image), this.states.values());
  }
  restoreImage(image: number, lsn: number): void {
    if (lsn <= this.checkpointLsn) return;
    const root = image === EMPTY_IMAGE ? undefined : this.images.read(image);
    if (typeof root === 'string') throw corruptBlock(`${imageName(image)}: ${root}`, `slice: ${this.slice}`);
    for (const xid of [...this.pending.keys()]) this.rollback(xid);
    const groups = [...this.states.values()].flatMap((state) => state.groups);
    this.states.clear();
    for (const state of root?.tables ?? []) this.states.set(state.tableId, state);
    this.nextGroup = Math.max(this.nextGroup, root?.nextGroup ?? 0);
    this.nextMerged = Math.max(this.nextMerged, root?.nextMerged ?? 0);
    this.discard(groups, this.states.values());
  }

  blocks(tableId?: number): readonly BlockInfo[] {
    const states = tableId === undefined ? [...this.states.values()] : [this.states.get(tableId)];
    return states.flatMap((state) => (state ? listBlocks(this.context, state) : []));
  }
  tables(): readonly TableStorageInfo[] {
    return [...this.states.values()].map(tableInfo);
  }
  close(): void {
    for (const writer of this.writers) writer.abort();
    for (const state of this.states.values()) this.dropCached(state.groups);
    this.loader.close();
    this.context.pool.free(this.context.crcTables);
  }

  private state(tableId: number): TableState {
    let state = this.states.get(tableId);
    if (state === undefined) this.states.set(tableId, (state = new TableState(tableId)));
    return state;
  }
  private pendingOf(xid: number): Pending {
    let pending = this.pending.get(xid);
    if (pending === undefined) this.pending.set(xid, (pending = { groups: [], deletes: new Map(), removed: [] }));
    return pending;
  }
  private writable(): void {
    assert(!this.options.readOnly, 'a replica reader does not write');
  }

  /** Brings a change into the tables; what is there already (replayed, or staged before) stays as it is. */
  private apply(change: SliceChange, committed: boolean): void {
    const state = this.state(change.tableId);
    const pending = committed ? undefined : this.pendingOf(change.xid);
    for (const meta of change.groupsAdded as readonly GroupMeta[]) {
      this.nextGroup = Math.max(this.nextGroup, meta.id < MERGED_ID_FIRST ? meta.id + 1 : 0);
      if (state.find(meta.id) !== undefined) continue;
      const group = new Group(meta, change.tail);
      group.committed = committed;
      state.add(group);
      pending?.groups.push({ state, group });
    }
    this.applyRemovals(state, change, committed, pending);
    for (const { groupId, rows } of change.deletes) {
      this.applyDelete(state, groupId, rows, change, committed, pending);
    }
  }
  private applyDelete(
    state: TableState,
    id: number,
    rows: Uint32Array,
    change: SliceChange,
    committed: boolean,
    pending?: Pending,
  ): void {
    const place = state.find(id);
    if (place === undefined) {
      this.context.log(`table ${change.tableId}: deleted rows of row group ${id}, which is gone`);
      return;
    }
    const { group, start } = place;
    const fresh = rows.filter((row) => !group.isDeleted(row + start));
    if (fresh.length === 0) return;
    const shifted = fresh.map((row) => row + start);
    const entry: DeleteEntry = { xid: change.xid, statement: change.statement, rows: shifted, committed };
    group.addDelete(entry);
    pending?.deletes.set(entry, group);
  }
  /** A removed group may be part of a merged one here: its rows are then deleted, unless all parts go. */
  private applyRemovals(state: TableState, change: SliceChange, committed: boolean, pending?: Pending): void {
    const removed = new Set(change.groupsRemoved);
    const done = new Set<Group>();
    for (const id of removed) {
      const place = state.find(id);
      if (place === undefined || done.has(place.group)) continue;
      const { group } = place;
      if (group.parts && ![...group.parts].every((p) => removed.has(p.id))) {
        const rows = new Uint32Array(place.rows).map((_, i) => i);
        this.applyDelete(state, id, rows, change, committed, pending);
        continue;
      }
      done.add(group);
      group.removedXid = change.xid;
      group.removedStatement = change.statement;
      group.removedCommitted ||= committed;
      pending?.removed.push(group);
    }
  }

  /** Frees memory of groups that left their table, and their files once no group and no scan needs them. */
  private discard(groups: readonly Group[], states: Iterable<TableState>): void {
    const busy = groups.filter((g) => g.users > 0);
    this.doomed.push(...busy);
    const gone = groups.filter((g) => g.users === 0);
    this.dropCached(gone);
    if (this.options.readOnly) return;
    this.removeFiles(new Set(gone.flatMap((g) => (g.file === null ? [] : [g.file]))), states);
  }
  /** Of these files, those that no group, no scan and no image needs. */
  private removeFiles(candidates: ReadonlySet<string>, states: Iterable<TableState>): void {
    if (candidates.size === 0) return;
    const needed = new Set<string | null>(this.doomed.map((g) => g.file));
    for (const state of states) for (const group of state.groups) needed.add(group.file);
    for (const name of candidates) {
      if (needed.has(name) || this.images.pins(name)) continue;
      this.loader.forget(name);
      this.unwanted.add(name);
    }
    this.removeUnwanted();
  }
  /** What the disk refuses to remove stays, to be tried again; gives the first such error. */
  private removeUnwanted(): unknown {
    let refused: unknown;
    for (const name of this.unwanted) {
      try {
        this.context.disk.remove(`${this.context.directory}/${name}`);
        this.unwanted.delete(name);
      } catch (error) {
        if (!isSystemError(error)) throw error;
        refused ??= error;
      }
    }
    return refused;
  }
  private dropCached(groups: readonly Group[]): void {
    for (const group of groups) {
      this.cache.drop(group);
      for (const chunk of group.chunks.values()) this.cache.drop(chunk);
    }
  }
}
