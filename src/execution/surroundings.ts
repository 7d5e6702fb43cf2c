/**
 * What a participant (a slice, or the leader for its own segments) offers to the segments it runs: what steps see of it
 * (steps/host.ts), and what the execution library needs besides.
 */
import type { LoadFeed, Participant, UnloadTarget } from '../steps/host.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { RegionPool } from '../wasm/region-pool.ts';
import type { LoadWork, UnloadWork } from './messages.ts';
import type { TupleKernels } from '../steps/breakers/host.ts';
import type { TempDisk } from '../steps/breakers/temp-disk.ts';
import type { QueryRun } from './query-run.ts';

export interface HostCall {
  readonly name: string;
  /** A function of src/spatial, which every participant has. */
  readonly spatial?: string;
  readonly args: readonly SqlType[];
  readonly returns: SqlType;
}

export interface Surroundings extends Participant {
  readonly memory: WebAssembly.Memory;
  readonly pool: RegionPool;
  /** Exports of the kernels module, for import objects. */
  readonly kernelExports: WebAssembly.Exports;
  readonly kernels: TupleKernels;
  readonly temp: TempDisk;
  /** Tests only (forced-paths.ts). */
  readonly spillRows?: number | undefined;
  readonly inlineBytesMax?: number | undefined;
  /** Tables that a segment probes are on disk: asks the leader for the segment in parts. */
  wantParts(run: QueryRun, segment: number, joins: readonly number[]): void;
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
