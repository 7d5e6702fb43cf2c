/**
 * A scan in the order of its table's first sort column, for merge joins. It has two runs of row groups: the sorted region
 * as it lies there, and all other rows sorted for this scan alone, in groups of their own (a temporary file, or memory when
 * they are few). Groups of a run come in order and may be asked for again by their number; rows with NULL keys are at the
 * end of a run, or of its groups.
 *
 * A group marked sorted belongs to the region only when its keys follow those of the group before, by the zone maps or, for
 * texts that these cannot tell apart, by the keys themselves: whatever else there is gets sorted, so that the order never
 * hangs on how the groups came about. `prepare` finds that out and sorts, in steps, before the first group is asked for.
 */
import { assert } from '../common/assert.ts';
import { foldCase } from '../types/fold-case.ts';
import { physOf, type SqlType } from '../types/sql-type.ts';
import { BlockSink, type SinkResult } from './block-file.ts';
import { GroupFeeder } from './group-feeder.ts';
import { Group, type TableState } from './row-group.ts';
import { SliceScan } from './scan.ts';
import { take, type SliceContext } from './slice-context.ts';
import type { OrderedGroups, PinnedGroup, Snapshot, Steps, StorageTable, ZoneRange } from './storage.ts';
import { TableWriter } from './writer.ts';

/** Room to decode one row: a value, and as many behind it as a decoder may touch. */
const CELL_BYTES = 1024;
const CELL_NULLS = 512;
/** Pairs of groups whose order was found out by their keys: the groups never change. */
const knownToFollow = new WeakMap<Group, Group>();

export class OrderedScan extends SliceScan implements OrderedGroups {
  private region: readonly Group[] = [];
  private sorted: readonly Group[] = [];
  private file: string | undefined;
  private given = 0;
  /** Visible rows of the second run that no one has been given. */
  private waiting = 0;
  private readonly seen = new Set<Group>();

  constructor(
    context: SliceContext,
    private readonly state: TableState | undefined,
    table: StorageTable,
    attnums: readonly number[],
    ranges: readonly ZoneRange[],
    snapshot: Snapshot,
    private readonly key: number,
    private readonly sortBytesMax: number | undefined,
  ) {
    super(context, state, table, attnums, ranges, snapshot);
    assert(attnums.includes(key), 'an ordered scan reads its key');
  }

  get runs(): readonly [number, number] {
    return [this.region.length, this.sorted.length];
  }
  *prepare(): Steps<void> {
    const statistics = { ...this.statistics };
    const rest = yield* this.split();
    let isDone = rest.length === 0;
    try {
      if (!isDone) yield* this.sortRest(rest);
      isDone = true;
    } finally {
      // It may begin anew when it got no memory.
      if (!isDone) Object.assign(this.statistics, statistics);
    }
  }
  override next(): PinnedGroup | undefined {
    const all = this.region.length + this.sorted.length;
    while (this.open && this.given < all) {
      const at = this.given;
      const pinned = at < this.region.length ? this.pinAt(0, at) : this.pinAt(1, at - this.region.length);
      this.given++;
      if (pinned) return pinned;
    }
    return undefined;
  }
  pinAt(run: 0 | 1, index: number): PinnedGroup | undefined {
    const group = (run === 0 ? this.region : this.sorted)[index]!;
    const isNew = !this.seen.has(group);
    if (run === 0 && !this.inRange(group)) {
      if (isNew) this.statistics.groupsSkipped++;
      this.seen.add(group);
      return undefined;
    }
    const statistics = { ...this.statistics };
    const pinned = this.pin(group, run === 0);
    // Rows are counted where they are read first.
    if (!isNew || run === 1) Object.assign(this.statistics, statistics);
    if (run === 1) this.last = undefined;
    if (isNew && run === 1) this.waiting -= group.rows;
    this.seen.add(group);
    return pinned;
  }
  reaching(run: 0 | 1, from: number, key: bigint): number {
    const groups = run === 0 ? this.region : this.sorted;
    let at = from;
    for (; at < groups.length; at++) {
      const max = groups[at]!.chunks.get(this.key)?.max;
      if (typeof max !== 'bigint' || max >= key) break;
    }
    return at;
  }
  override close(consumed?: number): void {
    if (!this.open) return;
    this.open = false;
    for (const group of this.groups) this.pass(group);
    // What was sorted and not asked for was read all the same.
    this.statistics.rowsInDeletedGroups += Math.max(0, this.waiting);
    if (consumed !== undefined) this.takeBack(consumed);
    const { cache, disk, directory, loader } = this.context;
    for (const group of this.sorted) for (const chunk of group.chunks.values()) cache.drop(chunk);
    if (this.file === undefined) return;
    loader.forget(this.file);
    disk.remove(`${directory}/${this.file}`);
  }
  /** Groups are held until the scan is closed: any of them may be asked for again. */
  protected override letGo(): void {}

  // ------------------------------------------------------------------------------------------------- the sorted region

  /** Finds the region; gives the other groups. */
  private *split(): Steps<readonly Group[]> {
    const region: Group[] = [];
    const nulls: Group[] = [];
    const rest: Group[] = [];
    let last: Group | undefined;
    for (const group of this.groups.toSorted(this.byZones)) {
      const chunk = group.chunks.get(this.key);
      if (chunk !== undefined && chunk.meta.nullCount === group.rows) nulls.push(group);
      else if (!group.meta.sorted || chunk?.min === undefined) rest.push(group);
      else if (last === undefined || this.follow(last, group)) region.push((last = group));
      else rest.push(group);
      yield;
    }
    this.region = [...region, ...nulls];
    return rest.toSorted((a, b) => a.place - b.place);
  }
  private readonly byZones = (a: Group, b: Group): number => {
    const [x, y] = [a.chunks.get(this.key), b.chunks.get(this.key)];
    const order = (p: bigint | number | undefined, q: bigint | number | undefined): number =>
      p === q ? 0 : p === undefined ? 1 : q === undefined ? -1 : p < q ? -1 : 1;
    return order(x?.min, y?.min) || order(x?.max, y?.max) || a.place - b.place;
  };
  /** No key of `group` comes before a key of `last`. */
  private follow(last: Group, group: Group): boolean {
    const [high, low] = [last.chunks.get(this.key)!.max!, group.chunks.get(this.key)!.min!];
    if (high < low) return true;
    if (physOf(this.keyType) !== 'str') return high === low;
    if (high > low) return false;
    if (knownToFollow.get(last) === group) return true;
    const nulls = last.chunks.get(this.key)!.meta.nullCount;
    const [before, first] = [this.textAt(last, last.rows - nulls - 1), this.textAt(group, 0)];
    const follows = Buffer.compare(before, first) <= 0;
    if (follows) knownToFollow.set(last, group);
    return follows;
  }
  private get keyType(): SqlType {
    return this.table.columns.find((c) => c.attnum === this.key)!.type;
  }
  /** The key of a row as it is compared: without blanks at its end, folded under case_insensitive. */
  private textAt(group: Group, row: number): Uint8Array {
    const { cache, loader, memory, pool } = this.context;
    const cell = take(this.context, CELL_BYTES);
    const entry = loader.pin(group.chunks.get(this.key)!);
    try {
      memory.kernels.chunk_decode(entry.address, row, 1, cell, cell + CELL_NULLS);
      const at = memory.view.getUint32(cell, true);
      let end = at + memory.view.getUint32(cell + 4, true);
      while (end > at && memory.bytes[end - 1] === 0x20) end--;
      const text = memory.bytes.slice(at, end);
      return this.keyType.collation !== undefined ? Buffer.from(foldCase(Buffer.from(text).toString())) : text;
    } finally {
      cache.unpin(entry);
      pool.free(cell);
    }
  }

  // ------------------------------------------------------------------------------------------------------ all other rows

  private *sortRest(groups: readonly Group[]): Steps<void> {
    const columns = this.attnums.map((attnum) => {
      const column = this.table.columns.find((c) => c.attnum === attnum);
      assert(column !== undefined, 'an ordered scan reads stored columns');
      return { ...column, encoding: 'raw' };
    });
    const file = `run-${this.context.nextFileNumber()}.tmp`;
    const sink = new BlockSink(this.context, 0, 0, file, 'auto');
    let id = 0;
    const writer = new TableWriter(
      this.context,
      this.state!,
      { ...this.table, columns, sortkey: [this.key] },
      {
        xid: 0,
        statement: 0,
        sortRows: true,
        sorted: true,
        hidden: false,
        mode: 'auto',
        nextId: () => ++id,
        sortBytesMax: this.sortBytesMax,
        sink,
      },
    );
    let feeder: GroupFeeder | undefined;
    let result: SinkResult | undefined;
    try {
      feeder = new GroupFeeder(this.context, columns);
      for (const group of groups) yield* this.feed(group, feeder, writer);
      yield* writer.finishSteps();
      result = sink.finish(false);
    } finally {
      writer.abort();
      feeder?.free();
      if (result === undefined) sink.abort();
    }
    if (result.groups.some((g) => g.file !== null)) this.file = file;
    this.sorted = result.groups.map((meta) => new Group(meta, result.tail));
    for (const group of this.sorted) this.waiting += group.rows;
  }
  private *feed(group: Group, feeder: GroupFeeder, writer: TableWriter): Steps<void> {
    if (!this.inRange(group)) {
      this.statistics.groupsSkipped++;
      return;
    }
    const pinned = this.pin(group);
    this.last = undefined;
    if (pinned === undefined) return;
    // Deleted rows stay behind, as if their group had been passed over.
    this.statistics.rowsInDeletedGroups += pinned.rowCount - pinned.visibleRowCount;
    const { memory } = this.context;
    const { invisible } = pinned;
    const drops = invisible === 0 ? undefined : (row: number): boolean => memory.bytes[invisible + row] !== 0;
    try {
      yield* feeder.feedSteps(group, writer, { drops });
    } finally {
      pinned.release();
    }
  }
}
