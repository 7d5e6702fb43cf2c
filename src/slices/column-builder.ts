/**
 * Collects one column's values of a write in pool memory: a growing vector, null bytes once the first vector with nulls
 * comes, and string bytes in segments that never move (so that string values may point into them). Owned by a writer.
 */
import { PHYS_BYTES, physOf, type Phys, type SqlType } from '../types/sql-type.ts';
import { take, taken, type SliceContext } from './slice-context.ts';
import type { Steps } from './storage.ts';

const FIRST_ROWS = 1024;
const SEGMENT_FIRST_BYTES = 16 * 1024;
const SEGMENT_BYTES = 1024 * 1024;

export class ColumnBuilder {
  readonly phys: Phys;
  readonly width: number;
  rows = 0;
  values = 0;
  /** 0 until a vector with null bytes was appended. */
  nulls = 0;
  stringBytes = 0;
  private capacity = 0;
  private readonly segments: number[] = [];
  private segmentBytes = 0;
  private segmentUsed = 0;
  private used = 0;

  constructor(
    private readonly context: SliceContext,
    readonly attnum: number,
    readonly type: SqlType,
  ) {
    this.phys = physOf(type);
    this.width = PHYS_BYTES[this.phys];
  }
  /** Pool bytes held, for the writer's budget. */
  get heldBytes(): number {
    return this.capacity * (this.width + (this.nulls ? 1 : 0)) + this.stringBytes;
  }

  append(values: number, nulls: number, rows: number): void {
    const { kernels } = this.context.memory;
    this.reserve(this.rows + rows);
    if (nulls !== 0 && this.nulls === 0) {
      this.nulls = take(this.context, this.capacity);
      kernels.chunk_fill(this.nulls, 0, this.rows);
    }
    if (this.nulls !== 0) {
      if (nulls !== 0) kernels.chunk_copy(nulls, this.nulls + this.rows, rows);
      else kernels.chunk_fill(this.nulls + this.rows, 0, rows);
    }
    if (this.phys === 'str') this.appendStrings(values, nulls, rows);
    else kernels.chunk_copy(values, this.values + this.rows * this.width, rows * this.width);
    this.rows += rows;
  }

  private appendStrings(values: number, nulls: number, rows: number): void {
    const { kernels, view } = this.context.memory;
    if (this.used === 0) this.used = take(this.context, 8);
    let done = 0;
    for (;;) {
      const from = values + done * 8;
      const heap = (this.segments[this.segments.length - 1] ?? 0) + this.segmentUsed;
      const room = this.segmentBytes - this.segmentUsed;
      const out = this.values + (this.rows + done) * 8;
      done += kernels.strings_append(from, nulls && nulls + done, rows - done, out, heap, room, this.used);
      const used = view.getUint32(this.used, true);
      this.segmentUsed += used;
      this.stringBytes += used;
      if (done === rows) return;
      this.addSegment(view.getUint32(values + done * 8 + 4, true));
    }
  }
  private addSegment(atLeast: number): void {
    const next = this.segments.length === 0 ? SEGMENT_FIRST_BYTES : Math.min(SEGMENT_BYTES, this.segmentBytes * 4);
    const least = Math.max(SEGMENT_FIRST_BYTES, atLeast);
    let segment = 0;
    for (let bytes = Math.max(next, atLeast); segment === 0; bytes = Math.max(least, bytes >> 1)) {
      segment = bytes > least ? this.context.pool.allocate(bytes) : take(this.context, least);
      this.segmentBytes = bytes;
    }
    this.segments.push(segment);
    this.segmentUsed = 0;
  }

  private reserve(rows: number): void {
    if (rows <= this.capacity) return;
    const capacity = Math.max(FIRST_ROWS, rows, this.capacity * 2);
    this.values = this.move(this.values, this.rows * this.width, capacity * this.width);
    if (this.nulls !== 0) this.nulls = this.move(this.nulls, this.rows, capacity);
    this.capacity = capacity;
  }
  private move(from: number, bytes: number, room: number): number {
    const to = take(this.context, room);
    if (from !== 0) {
      this.context.memory.kernels.chunk_copy(from, to, bytes);
      this.context.pool.free(from);
    }
    return to;
  }

  /** Puts the rows into the order of `index` (u32 each). */
  *permute(index: number): Steps<void> {
    const { kernels } = this.context.memory;
    const sorted = yield* taken(this.context, this.capacity * this.width);
    kernels.gather_values(this.values, index, this.rows, this.width, sorted);
    this.context.pool.free(this.values);
    this.values = sorted;
    if (this.nulls === 0) return;
    const nulls = yield* taken(this.context, this.capacity);
    kernels.gather_values(this.nulls, index, this.rows, 1, nulls);
    this.context.pool.free(this.nulls);
    this.nulls = nulls;
  }

  /** Forgets the rows; keeps the vector memory when it is of ordinary size. */
  clear(): void {
    for (const segment of this.segments) this.context.pool.free(segment);
    this.segments.length = 0;
    this.segmentBytes = this.segmentUsed = this.stringBytes = 0;
    this.rows = 0;
    if (this.nulls !== 0) this.context.pool.free(this.nulls);
    this.nulls = 0;
  }
  free(): void {
    this.clear();
    if (this.values !== 0) this.context.pool.free(this.values);
    if (this.used !== 0) this.context.pool.free(this.used);
    this.values = this.used = this.capacity = 0;
  }
}
