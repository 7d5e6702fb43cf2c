/**
 * What a breaker needs from the query it belongs to: memory, kernels, a place on the temporary disk.
 */
import type { TempDisk } from './temp-disk.ts';
import type { StepMemory } from '../host.ts';

/** Kernel functions over tuples (wasm/runtime: tuples.ts, spill.ts, sort.ts, sort-packed.ts, window.ts). */
export interface TupleKernels {
  link_tuples(start: number, end: number, size: number, heads: number, mask: number): void;
  key_range(
    start: number,
    end: number,
    size: number,
    offset: number,
    isWide: number,
    nullOffset: number,
    out: number,
  ): void;
  link_dense(
    start: number,
    end: number,
    size: number,
    offset: number,
    isWide: number,
    nullOffset: number,
    heads: number,
    base: bigint,
  ): void;
  filter_dense(
    start: number,
    end: number,
    size: number,
    offset: number,
    isWide: number,
    nullOffset: number,
    bits: number,
    base: bigint,
  ): void;
  filter_hashed(start: number, end: number, size: number, bits: number, mask: number): void;
  list_marked(start: number, end: number, size: number, out: number): void;
  list_pointers(list: number, rows: number, out: number): void;
  list_tuples(start: number, end: number, size: number, out: number): number;
  unmatched_tuples(start: number, end: number, size: number, out: number, limit: number, next: number): number;
  pack_tuples(
    list: number,
    from: number,
    count: number,
    size: number,
    fields: number,
    fieldCount: number,
    headers: number,
    shift: number,
    mask: number,
    out: number,
  ): number;
  relocate_tuples(start: number, rows: number, size: number, fields: number, fieldCount: number, end: number): void;
  sort_entries(entries: number, count: number, tmp: number, keyOffset: number, same: number): void;
  make_entries(start: number, end: number, size: number, keyOffset: number, out: number): number;
  refresh_entries(entries: number, count: number, keyOffset: number): void;
  begin_plan(plan: number, keyOffset: number, from: number, isEntry: number): void;
  survey_records(plan: number, start: number, end: number, size: number): void;
  plan_keys(plan: number): void;
  pack_records(plan: number, start: number, end: number, size: number, width: number, bins: number): void;
  count_records(start: number, end: number, size: number, done: number, width: number, bins: number): void;
  deal_records(start: number, end: number, size: number, done: number, width: number, bins: number): void;
  list_records(start: number, end: number, size: number, keyOffset: number, out: number): number;
  gather_tuples(entries: number, count: number, size: number, out: number): void;
  sort_packed(plan: number, from: number, to: number, count: number, done: number, stays: number, work: number): void;
  mark_entries(
    plan: number,
    entries: number,
    count: number,
    packed: number,
    levels: number,
    levelCount: number,
    previous: number,
    size: number,
    out: number,
  ): void;
  mark_groups(list: number, rows: number, keyOffset: number, levels: number, count: number, previous: number): void;
  start_merge(merge: number): void;
  merge_next(merge: number, out: number, limit: number): number;
}

export interface BreakerHost {
  readonly memory: StepMemory;
  readonly kernels: TupleKernels;
  readonly temp: TempDisk;
  /** Tests only: rows in memory after which a breaker spills (forced-paths.ts). */
  readonly spillRows: number | undefined;
  /** Longest string that rows hold themselves; they refer to others (steps/long-values.ts). */
  readonly inlineBytesMax: number;
  /** Address of memory that must be there; ends the query with Out Of Memory otherwise. */
  mustAllocate(bytes: number): number;
  outOfMemory(): never;
}
