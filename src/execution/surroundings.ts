/**
 * What a participant (a slice, or the leader for its own segments) offers to the segments it runs. Sources and sinks
 * that need more than memory and rings come from here.
 */
import type { ForcedPaths } from '../common/forced-paths.ts';
import type { SliceId } from '../common/ids.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { SliceStorage } from '../slices/storage.ts';
import type { RegionPool } from '../wasm/region-pool.ts';
import type { Doorbells } from '../interconnect/ring.ts';
import type { LoadWork, UnloadWork } from './messages.ts';
import type { TupleKernels } from './store.ts';
import type { QueryRun } from './query-run.ts';

/** Feeds a COPY's parse source: finds the fields of the next records. */
export interface LoadFeed {
  /** Records whose fields the parse area of the segment's state now names; 0 = no more. */
  fill(): number;
  /** A record of the batch that the stage could not convert; `cell` is its load error cell. Throws when the load fails. */
  refuse(row: number, column: number, cell: number): void;
  /** Per-file results for the leader. */
  result(): unknown;
  close(): void;
}
/** Takes an UNLOAD's lines. */
export interface UnloadTarget {
  write(lines: Uint8Array, rows: number): void;
  finish(): unknown;
  abort(): void;
}
export interface HostCall {
  readonly name: string;
  readonly args: readonly SqlType[];
  readonly returns: SqlType;
}

export interface Surroundings {
  /** Forces a variant of the code (forced-paths.ts). */
  readonly codeVariant?: ForcedPaths['codeVariant'] | undefined;
  /** Slice number; the leader is sliceCount. */
  readonly participant: number;
  readonly sliceCount: number;
  readonly slicesPerNode: number;
  readonly memory: WebAssembly.Memory;
  readonly pool: RegionPool;
  readonly doorbells: Doorbells;
  /** Exports of the kernels module, for import objects. */
  readonly kernelExports: WebAssembly.Exports;
  readonly kernels: TupleKernels;
  /** Own rows; undefined on the leader. */
  readonly storage: SliceStorage | undefined;
  /** ALL tables of the node, readable on every slice. */
  readonly replica: SliceStorage | undefined;
  nowMicros(): bigint;
  /** The node is out of service: nothing may run on its memory or leave it. */
  isCondemned(): boolean;
  /** Tests only: a segment with steps of these kinds is about to run. */
  passPoint?(kinds: readonly string[]): void;
  openLoad?(work: LoadWork, run: QueryRun, segment: number): LoadFeed;
  openUnload?(work: UnloadWork, run: QueryRun): UnloadTarget;
  /** Leader only: calls a host function with JS values. */
  callHost?(call: HostCall, args: readonly unknown[], run: QueryRun): unknown;
  /** Leader only: rows for a `rows` source; undefined while they are being made, null at the end. */
  nextRows?(rows: number, run: QueryRun): readonly (readonly unknown[])[] | undefined | null;
  /** Leader only: takes result bytes; false = not now. */
  takeOutput?(run: QueryRun, bytes: Uint8Array, rows: number): boolean;
}

/** Owner slice of a node's ALL copies. */
export const ownerOf = (slice: SliceId, slicesPerNode: number): SliceId => slice - (slice % slicesPerNode);
