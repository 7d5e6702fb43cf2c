/**
 * Sorted runs of rows and their merge (wasm/runtime/sort.ts). A run has entries of its next rows in memory: it is tuples that
 * lie in order, entries of tuples that do not, or pages on disk.
 */
import type { RowsPart } from '../breakers/breaker.ts';
import type { BreakerHost } from '../breakers/host.ts';
import type { Partition } from '../breakers/partitions.ts';
import { ENTRY_BYTES, type SortedBlock } from './packed-sort.ts';

const MERGE = { RUNS: 0, PENDING: 4, KEY_OFFSET: 8, HEADER_BYTES: 16, RUN_BYTES: 16 } as const;
const ALL_ENDED = -2;
/** Rows merged at a time, and rows of a run that get entries. */
const MERGE_ROWS = 2048;
const PIECE_ROWS = 8192;
/** Rows merged at a time where comparing two may read from the disk. */
const LONG_MERGE_ROWS = 64;

/** Where tuples have their keys. */
export interface KeyedTuples {
  readonly size: number;
  readonly keyOffset: number;
  /** Some of which are references to long ones. */
  readonly hasLongKeys: boolean;
}

export abstract class Run {
  entries = 0;
  count = 0;
  abstract readonly isAtEnd: boolean;
  /** The next entries; `alone`: they are compared with no others. */
  abstract advance(alone: boolean): void;
  abstract drop(): void;
}

/** Pieces of blocks, one after another. */
export class Pieces {
  private block = 0;
  private done = 0;
  constructor(
    private readonly blocks: readonly SortedBlock[],
    private readonly bytes: number,
    private readonly rowsMax = PIECE_ROWS,
  ) {}
  get isAtEnd(): boolean {
    return this.block >= this.blocks.length;
  }
  next(): SortedBlock {
    const block = this.blocks[this.block]!;
    const rows = Math.min(this.rowsMax, block.rows - this.done);
    const piece = { start: block.start + this.done * this.bytes, rows };
    this.done += rows;
    if (this.done < block.rows) return piece;
    this.block++;
    this.done = 0;
    return piece;
  }
}

/** Tuples in order; whoever made them frees them. */
export class TupleRun extends Run {
  private readonly pieces: Pieces;
  constructor(
    private readonly host: BreakerHost,
    private readonly tuples: KeyedTuples,
    readonly blocks: readonly SortedBlock[],
  ) {
    super();
    this.pieces = new Pieces(blocks, tuples.size);
  }
  get isAtEnd(): boolean {
    return this.pieces.isAtEnd;
  }
  /** Tuples that need no entries. */
  next(): SortedBlock {
    return this.pieces.next();
  }
  advance(): void {
    const { size, keyOffset } = this.tuples;
    const { start, rows } = this.pieces.next();
    if (this.entries === 0) this.entries = this.host.mustAllocate(PIECE_ROWS * ENTRY_BYTES);
    this.host.kernels.make_entries(start, start + rows * size, size, keyOffset, this.entries);
    this.count = rows;
  }
  drop(): void {
    if (this.entries !== 0) this.host.memory.free(this.entries);
    this.entries = 0;
  }
}

/** Entries in order; they go with the run. */
export class EntryRun extends Run {
  private readonly pieces: Pieces;
  constructor(
    private readonly host: BreakerHost,
    private readonly tuples: KeyedTuples,
    private blocks: readonly SortedBlock[],
  ) {
    super();
    this.pieces = new Pieces(blocks, ENTRY_BYTES);
  }
  get isAtEnd(): boolean {
    return this.pieces.isAtEnd;
  }
  advance(alone: boolean): void {
    const { start, rows } = this.pieces.next();
    // Packed keys say nothing about those of another run.
    if (!alone) this.host.kernels.refresh_entries(start, rows, this.tuples.keyOffset);
    this.entries = start;
    this.count = rows;
  }
  drop(): void {
    for (const { start } of this.blocks) this.host.memory.free(start);
    this.blocks = [];
  }
}

/** Pages on disk, one of them in memory. */
export class DiskRun extends Run {
  private page = 0;
  private held = 0;
  constructor(
    private readonly host: BreakerHost,
    private readonly tuples: KeyedTuples,
    private readonly partition: Partition,
    private readonly read: (page: Partition['pages'][number]) => number,
  ) {
    super();
  }
  get isAtEnd(): boolean {
    return this.page >= this.partition.pages.length;
  }
  advance(): void {
    this.drop();
    const { size, keyOffset } = this.tuples;
    const page = this.partition.pages[this.page++]!;
    this.held = this.read(page);
    this.entries = this.host.mustAllocate(page.rows * ENTRY_BYTES);
    this.count = page.rows;
    this.host.kernels.make_entries(this.held, this.held + page.rows * size, size, keyOffset, this.entries);
  }
  drop(): void {
    if (this.held === 0) return;
    this.host.memory.free(this.held);
    this.host.memory.free(this.entries);
    this.held = 0;
    this.entries = 0;
  }
}

/** Rows of runs in order; `free` gives back what merging took, not the runs. */
export interface SortedRows {
  /** The next rows; those of the call before are no longer valid. */
  next(limit: number): RowsPart | undefined;
  free(): void;
}
export function sortedRows(host: BreakerHost, tuples: KeyedTuples, runs: readonly Run[]): SortedRows {
  const [first] = runs;
  if (runs.length > 1 || !(first instanceof TupleRun)) return new Merger(host, runs, tuples);
  const next = (limit: number): RowsPart | undefined => {
    if (first.isAtEnd) return undefined;
    const { start, rows } = first.next();
    return { address: start, rows: Math.min(rows, limit), pointers: false };
  };
  return { next, free: () => undefined };
}

class Merger implements SortedRows {
  private readonly state: number;
  private readonly out: number;
  private readonly rowsMax: number;
  constructor(
    private readonly host: BreakerHost,
    private readonly runs: readonly Run[],
    { keyOffset, hasLongKeys }: KeyedTuples,
  ) {
    this.rowsMax = hasLongKeys ? LONG_MERGE_ROWS : MERGE_ROWS;
    const { memory } = host;
    const bytes = MERGE.HEADER_BYTES + runs.length * (MERGE.RUN_BYTES + 4);
    this.state = host.mustAllocate(Math.max(64, bytes));
    this.out = host.mustAllocate(MERGE_ROWS * 4);
    memory.setU32(this.state + MERGE.RUNS, runs.length);
    memory.setU32(this.state + MERGE.KEY_OFFSET, keyOffset);
    for (const i of runs.keys()) this.supply(i);
    host.kernels.start_merge(this.state);
  }
  private supply(index: number): void {
    const { memory } = this.host;
    const run = this.runs[index]!;
    run.advance(this.runs.length === 1);
    const at = this.state + MERGE.HEADER_BYTES + index * MERGE.RUN_BYTES;
    memory.setU32(at, run.entries);
    memory.setU32(at + 4, run.entries + run.count * ENTRY_BYTES);
    memory.setU32(at + 8, run.isAtEnd ? 1 : 0);
  }
  next(limit: number): RowsPart | undefined {
    const { memory, kernels } = this.host;
    if (this.runs.length === 0) return undefined;
    const pending = memory.view.getInt32(this.state + MERGE.PENDING, true);
    if (pending === ALL_ENDED) return undefined;
    if (pending >= 0) this.supply(pending);
    const rows = kernels.merge_next(this.state, this.out, Math.min(limit, this.rowsMax));
    return rows === 0 ? undefined : { address: this.out, rows, pointers: true };
  }
  free(): void {
    this.host.memory.free(this.state);
    this.host.memory.free(this.out);
  }
}
