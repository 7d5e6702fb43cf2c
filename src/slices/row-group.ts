/**
 * Row groups and tables as a running slice holds them: metadata plus what changes over a group's life (committed or not,
 * removed by whom, deleted rows, cached chunks). Built by writers, by commit replay and from superblocks.
 */
import { assert } from '../common/assert.ts';
import { PHYS_TAG } from '../encodings/chunk-layout.ts';
import type { CacheEntry, CacheOwner } from './block-cache.ts';
import type { ChunkMeta, GroupMeta } from './disk-layout.ts';

/** The tail of a column counts as one block that is still open. */
export const OPEN_BLOCK = 'tail';

export class Chunk implements CacheOwner {
  cached: CacheEntry | undefined;
  readonly min: bigint | number | undefined;
  readonly max: bigint | number | undefined;
  constructor(
    readonly group: Group,
    public meta: ChunkMeta,
    /** Stored bytes of a chunk without block. */
    public data: Uint8Array | undefined,
  ) {
    this.min = zone(meta.min);
    this.max = zone(meta.max);
  }
  /** Identity of the block among the column's; chunks without one make up the column's open block. */
  get blockKey(): string {
    return this.meta.block < 0 ? OPEN_BLOCK : `${this.group.file}:${this.meta.block}`;
  }
  /** Strings have bigint zones too, but theirs are only prefixes. `address` is where the chunk is pinned. */
  isIntegerLike(memory: Uint8Array, address: number): boolean {
    return memory[address + 1] !== PHYS_TAG.str;
  }
}
const zone = (value: string | number | undefined): bigint | number | undefined =>
  typeof value === 'string' ? BigInt(value) : value;

/** Rows deleted by one statement, ascending. */
export interface DeleteEntry {
  readonly xid: number;
  readonly statement: number;
  readonly rows: Uint32Array;
  committed: boolean;
}

export class Group implements CacheOwner {
  /** Mask of all deletes, valid while `maskDeletes` is the number of delete entries. */
  cached: CacheEntry | undefined;
  maskDeletes = 0;
  maskCount = 0;
  readonly chunks = new Map<number, Chunk>();
  readonly deletes: DeleteEntry[] = [];
  committed = false;
  /** 0 = not removed. */
  removedXid = 0;
  removedStatement = 0;
  removedCommitted = false;
  /** Open scans that may still read it. */
  users = 0;
  /** In which tail buffer-less file the blocks are. */
  file: string | null;
  private deletedRows: Uint8Array | undefined;

  constructor(
    readonly meta: GroupMeta,
    tail: Uint8Array | undefined,
  ) {
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
    return this.meta.parts?.[0] ?? this.id;
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
    return this.deletes.find((d) => d.rows.includes(row))?.xid;
  }
  addDelete(entry: DeleteEntry): void {
    this.deletes.push(entry);
    this.deletedRows ??= new Uint8Array((this.rows + 7) >> 3);
    for (const row of entry.rows) this.deletedRows[row >> 3]! |= 1 << (row & 7);
  }
  removeDelete(entry: DeleteEntry): void {
    this.deletes.splice(this.deletes.indexOf(entry), 1);
    for (const row of entry.rows) this.deletedRows![row >> 3]! &= ~(1 << (row & 7));
  }
  /** Ids of the groups merged into this one, with their first row here; itself when it was not merged. */
  *parts(): Generator<{ readonly id: number; readonly start: number; readonly rows: number }> {
    const parts = this.meta.parts;
    if (parts === undefined) {
      yield { id: this.id, start: 0, rows: this.rows };
      return;
    }
    let start = 0;
    for (let i = 0; i < parts.length; i += 3) {
      for (let n = 0; n < parts[i + 1]!; n++) {
        yield { id: parts[i]! + n, start, rows: parts[i + 2]! };
        start += parts[i + 2]!;
      }
    }
  }
}

export class TableState {
  groups: Group[] = [];
  private readonly byId = new Map<number, Group>();
  /** Merged-away group id to where its rows are now. */
  readonly redirects = new Map<number, { readonly group: Group; readonly start: number; readonly rows: number }>();
  /** Groups in scan order, rebuilt after a change. */
  ordered: Group[] | undefined;
  orderedBy: number | undefined;
  /** A VACUUM is between two of its steps. The table's lock lets only one run. */
  inSteps = false;
  constructor(readonly tableId: number) {}

  add(group: Group): void {
    this.groups.push(group);
    this.byId.set(group.id, group);
    this.ordered = undefined;
    if (group.meta.parts) {
      for (const part of group.parts()) this.redirects.set(part.id, { group, start: part.start, rows: part.rows });
    }
  }
  remove(group: Group): void {
    this.groups = this.groups.filter((g) => g !== group);
    this.byId.delete(group.id);
    this.ordered = undefined;
    if (group.meta.parts) {
      for (const part of group.parts())
        if (this.redirects.get(part.id)?.group === group) this.redirects.delete(part.id);
    }
  }
  find(id: number): Group | undefined {
    return this.byId.get(id);
  }
}
