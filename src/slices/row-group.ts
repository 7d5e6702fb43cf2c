/**
 * Row groups and tables as a running slice holds them: metadata plus what changes over a group's life (committed or not,
 * removed by whom, deleted rows, cached chunks). Built by writers, by commit replay and from superblocks.
 */
import { assert } from '../common/assert.ts';
import { PHYS_TAG } from '../encodings/chunk-layout.ts';
import type { CacheEntry, CacheOwner } from './block-cache.ts';
import { piecesOf, type ChunkMeta, type GroupMeta } from './disk-layout.ts';
import { GroupParts, type PartPlace } from './group-parts.ts';

/** The tail of a column counts as one block that is still open. */
export const OPEN_BLOCK = 'tail';

export class Chunk implements CacheOwner {
  cached: CacheEntry | undefined;
  readonly min: bigint | number | undefined;
  readonly max: bigint | number | undefined;
  /** Made once for what they were made of: every scan asks for them. */
  private keys:
    { readonly meta: ChunkMeta; readonly file: string | null; readonly list: readonly string[] } | undefined;
  constructor(
    readonly group: Group,
    public meta: ChunkMeta,
    /** Stored bytes of a chunk without block. */
    public data: Uint8Array | undefined,
  ) {
    this.min = zone(meta.min);
    this.max = zone(meta.max);
  }
  /** Identities of its blocks among the column's; chunks without one make up the column's open block. */
  get blockKeys(): readonly string[] {
    const { meta, group } = this;
    if (this.keys?.meta !== meta || this.keys.file !== group.file)
      this.keys = { meta, file: group.file, list: blockKeysOf(meta, group.file) };
    return this.keys.list;
  }
  /** Strings have bigint zones too, but theirs are only prefixes. `address` is where the chunk is pinned. */
  isIntegerLike(memory: Uint8Array, address: number): boolean {
    return memory[address + 1] !== PHYS_TAG.str;
  }
}
export const blockKeysOf = (meta: ChunkMeta, file: string | null): readonly string[] =>
  meta.block < 0 ? [OPEN_BLOCK] : piecesOf(meta).map(({ block }) => `${file}:${block}`);
const zone = (value: string | number | undefined): bigint | number | undefined =>
  typeof value === 'string' ? BigInt(value) : value;

/** Entries of deleted rows that every snapshot sees, from which on they become one. */
const SETTLED_DELETES_MAX = 64;

/** Rows deleted by one statement, ascending; or by many, long ago. */
export interface DeleteEntry {
  /** The newest one's. */
  readonly xid: number;
  readonly statement: number;
  readonly rows: Uint32Array;
  /** Of many transactions: each row's. */
  readonly xids?: Float64Array | undefined;
  committed: boolean;
}
/** Every snapshot sees it. */
export const isSettled = (entry: DeleteEntry, oldestXmin: number): boolean =>
  entry.committed && entry.xid < oldestXmin;
export const deletingXid = (entry: DeleteEntry, index: number): number => entry.xids?.[index] ?? entry.xid;

export class Group implements CacheOwner {
  /** Mask of all deletes, valid while `maskVersion` is `deletesVersion`. */
  cached: CacheEntry | undefined;
  maskVersion = 0;
  maskCount = 0;
  /** Moves with every row that is deleted, or not any more. */
  deletesVersion = 0;
  readonly chunks = new Map<number, Chunk>();
  /** The groups merged into this one. */
  readonly parts: GroupParts | undefined;
  deletes: DeleteEntry[] = [];
  committed = false;
  /** 0 = not removed. */
  removedXid = 0;
  removedStatement = 0;
  removedCommitted = false;
  /** Open scans, and a merge between two of its steps, that may still read it. */
  users = 0;
  /** Together with its neighbour it was too large for one group. */
  mergesNoMore = false;
  /** In which tail buffer-less file the blocks are. */
  file: string | null;
  private deletedRows: Uint8Array | undefined;

  readonly meta: Omit<GroupMeta, 'parts'>;

  constructor({ parts, ...meta }: GroupMeta, tail: Uint8Array | undefined) {
    this.meta = meta;
    this.parts = parts && new GroupParts(parts);
    this.file = meta.file;
    for (const chunk of meta.chunks) {
      const data = meta.file === null ? tail!.slice(chunk.position, chunk.position + chunk.storedBytes) : undefined;
      assert(data === undefined || data.length === chunk.storedBytes, 'tail is too short');
      this.chunks.set(chunk.attnum, new Chunk(this, chunk, data));
    }
  }
  get id(): number {
    return this.meta.id;
  }
  get rows(): number {
    return this.meta.rows;
  }
  /** Place among unsorted groups: a merged group stands where its first part stood. */
  get place(): number {
    return this.parts?.firstId ?? this.id;
  }
  /** Committed, and not removed by a committed transaction. */
  get live(): boolean {
    return this.committed && !this.removedCommitted;
  }
  get deletedCount(): number {
    return this.deletes.reduce((sum, d) => sum + (d.committed ? d.rows.length : 0), 0);
  }
  get hasPendingDeletes(): boolean {
    return this.deletes.some((d) => !d.committed);
  }
  get storedBytes(): number {
    let sum = 0;
    for (const chunk of this.chunks.values()) sum += chunk.meta.storedBytes;
    return sum;
  }
  isDeleted(row: number): boolean {
    return this.deletedRows !== undefined && (this.deletedRows[row >> 3]! & (1 << (row & 7))) !== 0;
  }
  /** The transaction that deleted the row, committed or not; undefined when none did. */
  deletedBy(row: number): number | undefined {
    if (!this.isDeleted(row)) return undefined;
    for (const entry of this.deletes) {
      const index = indexOf(entry.rows, row);
      if (index !== undefined) return deletingXid(entry, index);
    }
    return undefined;
  }
  addDelete(entry: DeleteEntry): void {
    this.deletes.push(entry);
    this.deletesVersion++;
    this.deletedRows ??= new Uint8Array((this.rows + 7) >> 3);
    for (const row of entry.rows) this.deletedRows[row >> 3]! |= 1 << (row & 7);
  }
  removeDelete(entry: DeleteEntry): void {
    this.deletes.splice(this.deletes.indexOf(entry), 1);
    this.deletesVersion++;
    for (const row of entry.rows) this.deletedRows![row >> 3]! &= ~(1 << (row & 7));
  }
  /** Many deletes that every snapshot sees become one entry: what is seen stays the same. */
  settleDeletes(oldestXmin: number): void {
    if (this.deletes.length <= SETTLED_DELETES_MAX) return;
    const settled = this.deletes.filter((d) => isSettled(d, oldestXmin));
    if (settled.length <= SETTLED_DELETES_MAX) return;
    const others = this.deletes.filter((d) => !isSettled(d, oldestXmin));
    this.deletes = [joinDeletes(settled.map((entry) => ({ entry, start: 0 }))), ...others];
  }
  /** The groups this one was merged from, or itself, by their ids as written. */
  placesAsWritten(): Iterable<PartPlace> {
    return this.parts ?? [{ id: this.id, start: 0, rows: this.rows }];
  }
}

/** Where a row stands in an ascending list. */
function indexOf(rows: Uint32Array, row: number): number | undefined {
  let low = 0,
    high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (rows[middle]! < row) low = middle + 1;
    else high = middle;
  }
  return rows[low] === row ? low : undefined;
}

/** Entries of committed deletes as one; the rows of each are moved by `start`. */
export function joinDeletes(parts: readonly { readonly entry: DeleteEntry; readonly start: number }[]): DeleteEntry {
  const count = parts.reduce((sum, { entry }) => sum + entry.rows.length, 0);
  const unordered = new Float64Array(count);
  /** Row and place in `unordered` in one number. */
  const order = new Float64Array(count);
  let at = 0;
  for (const { entry, start } of parts) {
    entry.rows.forEach((row, i) => {
      unordered[at] = deletingXid(entry, i);
      order[at] = (row + start) * count + at;
      at++;
    });
  }
  order.sort();
  const rows = Uint32Array.from(order, (o) => Math.floor(o / count));
  const xids = order.map((o) => unordered[o % count]!);
  const xid = xids.reduce((a, b) => Math.max(a, b), 0);
  return { xid, statement: 0, rows, xids: xids.every((x) => x === xid) ? undefined : xids, committed: true };
}

/** Where the rows of a group are now: its first row in `group`, and how many. */
export interface RowPlace {
  readonly group: Group;
  readonly start: number;
  readonly rows: number;
}
/**
 * A merged group that was merged again; whoever began below `until` may have read addresses with its id. Undefined: until the
 * next reclaim says which transactions there are by then.
 */
interface FormerGroup extends RowPlace {
  readonly until: number | undefined;
}

export class TableState {
  groups: Group[] = [];
  private readonly byId = new Map<number, Group>();
  private readonly merged = new Set<Group>();
  private readonly former = new Map<number, FormerGroup>();
  /** Groups in scan order, rebuilt after a change. */
  ordered: Group[] | undefined;
  orderedBy: number | undefined;
  /** A VACUUM is between two of its steps. The table's lock lets only one run. */
  inSteps = false;
  /** A merge of its tail is. */
  isMerging = false;
  constructor(readonly tableId: number) {}

  add(group: Group): void {
    this.groups.push(group);
    this.byId.set(group.id, group);
    if (group.parts) this.merged.add(group);
    this.ordered = undefined;
  }
  remove(groups: readonly Group[]): void {
    const gone = new Set(groups);
    this.groups = this.groups.filter((g) => !gone.has(g));
    for (const group of groups) {
      this.byId.delete(group.id);
      this.merged.delete(group);
    }
    for (const [id, place] of this.former) if (gone.has(place.group)) this.former.delete(id);
    this.ordered = undefined;
  }
  has(group: Group): boolean {
    return this.byId.get(group.id) === group;
  }
  /** `merged` takes the place of `groups`, whose rows it holds in this order. */
  merge(groups: readonly Group[], merged: Group): void {
    const starts = new Map<Group, number>();
    let rows = 0;
    for (const group of groups) {
      starts.set(group, rows);
      rows += group.rows;
    }
    for (const [id, place] of this.former) {
      const start = starts.get(place.group);
      if (start !== undefined) this.former.set(id, { ...place, group: merged, start: place.start + start });
    }
    for (const [group, start] of starts) {
      if (group.parts) this.former.set(group.id, { group: merged, start, rows: group.rows, until: undefined });
    }
    this.remove(groups);
    this.add(merged);
  }
  /** No statement that began below `oldestXmin` runs any more; whoever has read addresses so far began below `nextXid`. */
  forget(oldestXmin: number, nextXid: number): void {
    for (const [id, place] of this.former) {
      const until = place.until ?? nextXid;
      if (until <= oldestXmin) this.former.delete(id);
      else if (place.until === undefined) this.former.set(id, { ...place, until });
    }
  }
  /** By the id that the group was written with, or one that scans gave. */
  find(id: number): RowPlace | undefined {
    const group = this.byId.get(id);
    if (group !== undefined) return { group, start: 0, rows: group.rows };
    const former = this.former.get(id);
    if (former !== undefined) return former;
    for (const holder of this.merged) {
      const part = holder.parts!.find(id);
      if (part !== undefined) return { group: holder, start: part.start, rows: part.rows };
    }
    return undefined;
  }
}
