/**
 * What a step's runtime (run.ts in its folder) is on a participant, and all it may ask of what is around it there:
 * the query it runs in (StepHost), its segment (SegmentHost), the participant. The execution library implements these;
 * steps never see more of it.
 */
import type { ForcedPaths } from '../common/forced-paths.ts';
import type { QueryId, SliceId, Xid } from '../common/ids.ts';
import type { BoundExpr } from '../expressions/bound.ts';
import type { Doorbells, LateBytes } from '../interconnect/ring.ts';
import type { GroupScan, SliceChange, SliceStorage, SliceWriter, Snapshot, StorageTable } from '../slices/storage.ts';
import type { RowAddresses } from '../slices/row-addresses.ts';
import type { TupleLayout } from '../types/tuple-layout.ts';
import type { SegmentLayout } from './segment-code.ts';
import type { Breaker, Work } from './breakers/breaker.ts';
import type { BreakerHost } from './breakers/host.ts';
import type { LongValues } from './long-values.ts';
import type { EdgeSpec, SegmentSpec } from './spec.ts';

/** What one end of an edge moved to or from one participant (the leader's number is sliceCount). */
export interface EdgeCount {
  readonly peer: number;
  rows: number;
  bytes: number;
  packets: number;
  /** The receiver wanted no more before the sender's end: what was sent then need not have arrived. */
  isCut: boolean;
}
export const edgeCount = (peer: number): EdgeCount => ({ peer, rows: 0, bytes: 0, packets: 0, isCut: false });

/** busy: something was done, but there is no input yet. */
export type Supply = 'ready' | 'busy' | 'wait' | 'done';
export interface Source {
  /** Gives the segment its next input by writing the input fields of its state (setInput). */
  next(): Supply;
  /** next() may be called again when it got no memory. */
  readonly mayRetry?: true;
  /** One per sender. */
  readonly edges?: readonly EdgeCount[];
  /** COPY: a record that could not be converted. */
  refuse?(row: number, column: number, cell: number): void;
  /** Partition by partition: the rows of one are through; true when another one begins. */
  advance?(): boolean;
  /** Rows of further partitions will still meet this table. */
  isBetween?(table: Breaker): boolean;
  close(): void;
}
/** A transform that the code of its segment asks for something while it runs. */
export interface Transform {
  deleteRows?(addresses: number, rows: number): boolean;
  /** The code has left because it wants something of it before it goes on: then that is what `supply` is for, not the source. */
  readonly asks?: boolean;
  supply?(): Supply;
  /** It reads a table beside the source. */
  readonly scan?: Pick<GroupScan, 'statistics' | 'blocks'>;
  readonly isRangeRestricted?: boolean;
  close?(): void;
}
export interface Sink {
  /** Called once before the first run. */
  open(): void;
  /** Input has ended; true when everything is handed on. */
  finish(): boolean;
  /** When finish() gave false: it has work left that waits for nobody. */
  readonly goesOn: boolean;
  readonly bytesOut: number;
  readonly packetsOut: number;
  /** One per receiver. */
  readonly edges?: readonly EdgeCount[];
  /** Where the rows stay: the first is asked for help by the code, and holds the arena. */
  readonly breakers: readonly Breaker[];
  /** The segment's code is needed when it has ended. */
  readonly keepsState: boolean;
  distFlush?(target: number, need: number): boolean;
  outputFlush?(need: number): boolean;
  /** 2: what it took has to be written before more comes. */
  insertRows?(rows: number): 1 | 2;
  /** It has work left that waits for nobody, and its next step. */
  readonly hasWork?: boolean;
  step?(): void;
}

/** Node memory as a step uses it. */
export interface StepMemory {
  readonly bytes: Uint8Array;
  readonly view: DataView;
  /** For many little things; never freed alone. */
  small(size: number): number;
  /** Such a thing goes to the next that wants one of its size. */
  recycle(at: number, size: number): void;
  /** Address of `size` bytes, contents undefined; 0 when there are none. */
  allocate(size: number): number;
  /** Copies bytes for good; the string value. */
  string(value: Uint8Array): bigint;
  /** Bytes the query may use before its breakers spill. */
  readonly grant: number;
  readonly usedBytes: number;
  /** What the query may still take, grant or not. */
  readonly leftBytes: number;
  isOver(extra?: number): boolean;
  free(at: number): void;
  zero(at: number, size: number): void;
  u32(at: number): number;
  setU32(at: number, value: number): void;
  i64(at: number): bigint;
  setI64(at: number, value: bigint): void;
}
/** Feeds a COPY's parse source: has the next records read. */
export interface LoadFeed {
  /** Records that the parse area of the segment's state now names; 0 = no more, 'wait' = their bytes are on the way. */
  fill(): number | 'wait';
  /** A record of the batch that the stage could not convert; `cell` is its load error cell. Throws when the load fails. */
  refuse(row: number, column: number, cell: number): void;
  /** Per-file results for the leader. */
  result(): unknown;
  /** How far it has come. */
  progress(): unknown;
  close(): void;
}
/** Takes an UNLOAD's lines. */
export interface UnloadTarget {
  /** False: not all of them yet; the same lines, unchanged, come again. */
  write(lines: Uint8Array, rows: number): boolean;
  /** The same for one line, in pieces. */
  writeLong(pieces: readonly (Uint8Array | LateBytes)[]): boolean;
  /** What was written; undefined: not all of it yet. */
  finish(): unknown;
  abort(): void;
}

/** Bounds of a series by its number; a series with a NULL among them has none, and no rows. */
export interface SeriesBounds {
  readonly rows: number;
  readonly start: bigint;
  readonly stop: bigint;
  readonly step: bigint;
}

/** The slice, or the leader for its own segments. */
export interface Participant {
  /** Forces a variant of the code (forced-paths.ts). */
  readonly codeVariant?: ForcedPaths['codeVariant'] | undefined;
  /** Slice number; the leader is sliceCount. */
  readonly participant: number;
  readonly sliceCount: number;
  readonly slicesPerNode: number;
  readonly doorbells: Doorbells;
  /** Own rows; undefined on the leader. */
  readonly storage: SliceStorage | undefined;
  /** ALL tables of the node, readable on every slice. */
  readonly replica: SliceStorage | undefined;
}
export interface StepHost extends BreakerHost {
  readonly surroundings: Participant;
  readonly longs: LongValues;
  readonly start: {
    readonly query: QueryId;
    readonly xid: Xid;
    readonly statement: number;
    readonly snapshot: Snapshot;
    readonly series: readonly SeriesBounds[];
  };
  /** Changes to storage that this query made here. */
  readonly changes: SliceChange[];
  /** Undone when the query fails. */
  readonly writers: Set<Pick<SliceWriter, 'abort'>>;
  /** What unload targets and COMPUPDATE samples give. */
  readonly unloadResults: unknown[];
  outOfMemory(): never;
  /** Ends the query with a runtime error. */
  fail(code: number): never;
  /** The breaker of a store; the first segment that fills it makes it. */
  openBreaker<B extends Breaker>(id: number, make: () => B): B;
  breaker(id: number): Breaker;
  edge(id: number): { readonly spec: EdgeSpec; readonly buffer: SharedArrayBuffer };
  /** Row addresses to delete when all segments are done. */
  deletesOf(table: StorageTable): RowAddresses;
  openLoad(load: number, segment: number): LoadFeed;
  openUnload(unload: number): UnloadTarget;
  /** Leader only: rows for a `rows` source; undefined while they are being made, null at the end. */
  nextRows(rows: number): readonly (readonly unknown[])[] | undefined | null;
  /** Leader only: takes result bytes; false = not now. */
  takeOutput(bytes: Uint8Array, rows: number): boolean;
}
export interface SegmentHost {
  /** Address of the segment's state. */
  readonly state: number;
  readonly fragment: {
    readonly spec: SegmentSpec;
    readonly layout: SegmentLayout;
    readonly distinctStores: readonly TupleLayout[];
    readonly hasFast: boolean;
  };
  /** Its code takes rows that were set aside back into the sink: groups, or values of a distinct set. */
  takeBack(code: 'merge' | `apply${number}`, address: number, rows: number): Work;
  /** The arena was emptied. */
  readonly forgetArena: () => void;
  bytesIn: number;
  packetsIn: number;
  /** Of long values that it has written to the temporary disk. */
  longBytes: number;
  isRangeRestricted: boolean;
  /** What a scan counts while it reads. */
  scan: Pick<GroupScan, 'statistics' | 'blocks'> | undefined;
  /** Value of a literal or parameter by its index (negative: literal). */
  parameterValue(index: number): unknown;
  /** LIMIT and OFFSET: a literal or parameter; undefined for NULL (no limit). */
  evaluateCount(expr: BoundExpr): number | undefined;
}

export interface SourceRuntime<S> {
  open(host: StepHost, segment: SegmentHost, spec: S): Source;
  /** The participants read copies of the same rows, and must draw the same random numbers for them. */
  readsCopies?(spec: S): boolean;
}
export interface TransformRuntime<T> {
  open(host: StepHost, segment: SegmentHost, spec: T): Transform;
}
export interface SinkRuntime<S> {
  open(host: StepHost, segment: SegmentHost, spec: S): Sink;
}

/** Owner slice of a node's ALL copies. */
export const ownerOf = (slice: SliceId, slicesPerNode: number): SliceId => slice - (slice % slicesPerNode);
