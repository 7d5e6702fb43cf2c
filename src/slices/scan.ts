/**
 * A scan over one table's row groups under a snapshot: sorted groups in key order first, then the unsorted region. Groups
 * that the snapshot does not see or that zone maps exclude are passed over; the others come pinned, with a mask of the
 * rows that are deleted for this snapshot.
 */
import { assert } from '../common/assert.ts';
import { featureNotSupported } from '../common/errors/catalogue.ts';
import { CHUNK, PHYS_TAG } from '../encodings/chunk-layout.ts';
import { PHYS_BYTES, physOf } from '../types/sql-type.ts';
import { BlockTally } from './block-tally.ts';
import type { CacheEntry } from './block-cache.ts';
import { DELETE_XID_ATTNUM, ROW_ADDRESS_ATTNUM, groupIsVisible, sees } from './hidden-columns.ts';
import { deletingXid, type Chunk, type DeleteEntry, type Group, type TableState } from './row-group.ts';
import { take, type SliceContext } from './slice-context.ts';
import type {
  BlockCounts,
  GroupScan,
  PinnedGroup,
  ScanStatistics,
  Snapshot,
  StorageTable,
  ZoneRange,
} from './storage.ts';
import { missingChunk } from './missing-chunk.ts';
import { comparedRanges, mayMatch } from './zone-map.ts';

/** Sorted groups by the first sort column's smallest value, then the rest in order of writing. */
export function scanOrder(state: TableState, sortAttnum: number | undefined): Group[] {
  if (state.ordered && state.orderedBy === sortAttnum) return state.ordered;
  const low = (g: Group): bigint | number | undefined => g.chunks.get(sortAttnum!)?.min;
  const compare = (a: Group, b: Group): number => {
    if (a.meta.sorted !== b.meta.sorted) return a.meta.sorted ? -1 : 1;
    if (a.meta.sorted && sortAttnum !== undefined) {
      const x = low(a),
        y = low(b);
      if (x !== y) return x === undefined ? 1 : y === undefined ? -1 : x < y ? -1 : 1;
    }
    return a.place - b.place;
  };
  state.orderedBy = sortAttnum;
  return (state.ordered = [...state.groups].sort(compare));
}

export class SliceScan implements GroupScan {
  readonly statistics: ScanStatistics;
  protected readonly groups: Group[];
  protected readonly tallies: readonly BlockTally[];
  protected last: { readonly group: Group; readonly deletes: readonly DeleteEntry[] } | undefined;
  private readonly ranges: readonly ZoneRange[];
  private next_ = 0;
  protected open = true;

  constructor(
    protected readonly context: SliceContext,
    state: TableState | undefined,
    protected readonly table: StorageTable,
    protected readonly attnums: readonly number[],
    ranges: readonly ZoneRange[],
    private readonly snapshot: Snapshot,
  ) {
    this.ranges = comparedRanges(ranges, table.columns);
    const all = state ? scanOrder(state, table.sortkey[0]) : [];
    this.groups = all.filter((g) => groupIsVisible(g, snapshot));
    this.tallies = attnums.filter((a) => a !== ROW_ADDRESS_ATTNUM).map((a) => new BlockTally(a));
    for (const group of this.groups) {
      group.users++;
      for (const tally of this.tallies) tally.hold(group);
    }
    this.statistics = {
      groupsTotal: this.groups.length,
      groupsSkipped: 0,
      bytesRead: 0,
      rowsRead: 0,
      rowsDeleted: 0,
      rowsInDeletedGroups: 0,
    };
  }
  blocks(): readonly BlockCounts[] {
    return this.tallies.map((t) => t.counts());
  }

  next(): PinnedGroup | undefined {
    while (this.open && this.next_ < this.groups.length) {
      const group = this.groups[this.next_++]!;
      const inRange = this.inRange(group);
      const pinned = inRange ? this.pinOrAgain(group) : undefined;
      if (pinned) return pinned;
      if (!inRange) this.statistics.groupsSkipped++;
      this.pass(group);
    }
    return undefined;
  }
  /** A group that there is no memory for stays the next one. */
  private pinOrAgain(group: Group): PinnedGroup | undefined {
    try {
      return this.pin(group);
    } catch (error) {
      this.next_--;
      throw error;
    }
  }
  close(consumed?: number): void {
    if (!this.open) return;
    this.open = false;
    while (this.next_ < this.groups.length) this.pass(this.groups[this.next_++]!);
    if (consumed !== undefined) this.takeBack(consumed);
  }
  protected pass(group: Group): void {
    group.users--;
    for (const tally of this.tallies) tally.pass(group);
  }
  /** Only the first `consumed` rows of the last group were looked at. */
  protected takeBack(consumed: number): void {
    if (this.last === undefined || consumed >= this.last.group.rows) return;
    const { group, deletes } = this.last;
    const { statistics } = this;
    statistics.rowsRead -= group.rows - consumed;
    statistics.bytesRead += this.decodedBytes(group, consumed) - this.decodedBytes(group, group.rows);
    for (const entry of deletes) for (const row of entry.rows) if (row >= consumed) statistics.rowsDeleted--;
  }

  protected inRange(group: Group): boolean {
    return this.ranges.every((range) => {
      const chunk = group.chunks.get(range.attnum);
      return chunk === undefined || mayMatch(chunk, group.rows, range);
    });
  }

  /** The scan is through with a group that was pinned. */
  protected letGo(group: Group): void {
    group.users--;
  }
  /** `isTables`: the group is one of the table's, not made for this scan. */
  protected pin(group: Group, isTables = true): PinnedGroup | undefined {
    const deletes = group.deletes.filter((d) => sees(this.snapshot, d.xid, d.statement));
    const mask = deletes.length > 0 ? this.mask(group, deletes) : undefined;
    const visible = group.rows - (mask?.count ?? 0);
    this.statistics.rowsRead += group.rows;
    this.statistics.rowsDeleted += group.rows - visible;
    if (visible === 0) {
      this.statistics.rowsInDeletedGroups += group.rows;
      mask?.release();
      return undefined;
    }
    const entries: (CacheEntry | undefined)[] = [];
    const temporary: number[] = [];
    const unpin = (): void => {
      for (const entry of entries) if (entry) this.context.cache.unpin(entry);
      for (const address of temporary) this.context.pool.free(address);
      mask?.release();
    };
    const addresses: number[] = [];
    const chunks = this.attnums.map((a) => group.chunks.get(a));
    try {
      for (const [i, chunk] of chunks.entries()) {
        if (this.attnums[i] === DELETE_XID_ATTNUM && deletes.length > 0) {
          temporary.push(this.deleteXids(group, deletes));
          addresses.push(temporary[temporary.length - 1]!);
          continue;
        }
        if (chunk === undefined && this.attnums[i]! < 0) {
          // The address of a row is no stored column.
          addresses.push(0);
          continue;
        }
        if (chunk === undefined) {
          temporary.push(this.missing(this.attnums[i]!, group.rows));
          addresses.push(temporary[temporary.length - 1]!);
          continue;
        }
        const entry = this.context.loader.pin(chunk);
        entries.push(entry);
        this.requireForm(this.attnums[i]!, entry.address);
        addresses.push(entry.address);
      }
    } catch (error) {
      unpin();
      this.statistics.rowsRead -= group.rows;
      this.statistics.rowsDeleted -= group.rows - visible;
      throw error;
    }
    this.last = { group, deletes };
    this.statistics.bytesRead += this.decodedBytes(group, group.rows);
    if (isTables) for (const tally of this.tallies) tally.decode(group);
    let released = false;
    const integer = (chunk: Chunk | undefined, i: number, zone: 'min' | 'max'): bigint | undefined => {
      const value = chunk?.[zone];
      return typeof value === 'bigint' && chunk!.isIntegerLike(this.context.memory.bytes, addresses[i]!)
        ? value
        : undefined;
    };
    return {
      groupId: group.id,
      rowCount: group.rows,
      chunks: addresses,
      hasNulls: chunks.map((c, i) => (c ? c.meta.nullCount > 0 : this.isMissingNull(this.attnums[i]!))),
      min: chunks.map((c, i) => integer(c, i, 'min')),
      max: chunks.map((c, i) => integer(c, i, 'max')),
      invisible: mask?.address ?? 0,
      visibleRowCount: visible,
      sorted: group.meta.sorted,
      release: () => {
        if (released) return;
        released = true;
        unpin();
        this.letGo(group);
      },
    };
  }

  /** Decimals of 19 digits were once stored in one word: such a chunk is refused by name, never read as something else. */
  private requireForm(attnum: number, address: number): void {
    const column = this.table.columns.find((c) => c.attnum === attnum);
    if (column?.type.name !== 'numeric') return;
    if (this.context.memory.bytes[address + CHUNK.PHYS] === PHYS_TAG[physOf(column.type)]) return;
    throw featureNotSupported(
      `column ${column.name} holds decimals in a form of an earlier version: load the table again`,
    );
  }

  /** Bytes of the group's first `rows` rows; texts in proportion when that is not all. */
  private decodedBytes(group: Group, rows: number): number {
    let bytes = 0;
    for (const { attnum } of this.tallies) {
      const column = this.table.columns.find((c) => c.attnum === attnum);
      const phys = column === undefined ? 'i64' : physOf(column.type);
      if (phys !== 'str') {
        bytes += rows * PHYS_BYTES[phys];
        continue;
      }
      const meta = group.chunks.get(attnum)?.meta;
      const text = meta ? (meta.textBytes ?? meta.memoryBytes) : (column?.missingValue?.length ?? 0) * group.rows;
      bytes += Math.round((text * rows) / group.rows);
    }
    return bytes;
  }

  /** Bytes that are 1 for each deleted row; kept in the cache when they hold every delete of the group. */
  private mask(group: Group, deletes: readonly DeleteEntry[]): { address: number; count: number; release(): void } {
    const { cache, pool } = this.context;
    const all = deletes.length === group.deletes.length && group.deletes.every((d) => d.committed);
    if (all) {
      if (group.maskVersion !== group.deletesVersion) cache.drop(group);
      let entry = cache.pin(group);
      if (entry === undefined) {
        const address = take(this.context, group.rows);
        group.maskCount = this.fillMask(address, group.rows, deletes);
        group.maskVersion = group.deletesVersion;
        entry = cache.insert(group, address, group.rows);
      }
      const pinned = entry;
      return { address: pinned.address, count: group.maskCount, release: () => cache.unpin(pinned) };
    }
    const address = take(this.context, group.rows);
    const count = this.fillMask(address, group.rows, deletes);
    return { address, count, release: () => pool.free(address) };
  }
  private fillMask(address: number, rows: number, deletes: readonly DeleteEntry[]): number {
    const mask = this.context.memory.bytes.subarray(address, address + rows);
    mask.fill(0);
    let count = 0;
    for (const entry of deletes) {
      for (const row of entry.rows) {
        count += 1 - mask[row]!;
        mask[row] = 1;
      }
    }
    return count;
  }

  /** A column that is younger than the group: one value for all rows. */
  private missing(attnum: number, rows: number): number {
    const column = this.table.columns.find((c) => c.attnum === attnum);
    assert(column, `column ${attnum} of table ${this.table.tableId} is unknown`);
    const chunk = missingChunk(column.type, column.missingValue ?? null, rows);
    const address = take(this.context, chunk.length);
    this.context.memory.bytes.set(chunk, address);
    return address;
  }
  private isMissingNull(attnum: number): boolean {
    return attnum >= 0 && (this.table.columns.find((c) => c.attnum === attnum)?.missingValue ?? null) === null;
  }

  /** The delete_xid column as this snapshot sees it: a raw chunk made for the occasion. */
  private deleteXids(group: Group, deletes: readonly DeleteEntry[]): number {
    const { view, bytes } = this.context.memory;
    const address = take(this.context, 64 + group.rows * 8);
    bytes.fill(0, address, address + 64 + group.rows * 8);
    bytes[address] = 1;
    bytes[address + 1] = 1;
    bytes[address + 2] = 8;
    view.setUint32(address + 4, group.rows, true);
    view.setUint32(address + 16, 64, true);
    view.setUint32(address + 28, 64 + group.rows * 8, true);
    for (const entry of deletes) {
      entry.rows.forEach((row, i) => view.setBigInt64(address + 64 + row * 8, BigInt(deletingXid(entry, i)), true));
    }
    return address;
  }
}
