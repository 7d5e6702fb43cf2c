/**
 * Vectors of values as a load format delivers them (Delivery, load-format.ts): the table of addresses that the parse step reads,
 * a vector that is filled value by value, and room for the bytes of its strings. A format that has its values in the right form already
 * points the table at them instead.
 */
import { BATCH_ROWS } from '../../common/limits.ts';
import { PHYS_BYTES, type Phys } from '../../types/sql-type.ts';
import type { LoadHost } from '../load-format.ts';

/** Of the table, for each column: addresses of values and null bytes. */
const ENTRY_BYTES = 8;
const TEXT_BYTES = 64 * 1024;

type Load = Pick<LoadHost, 'memory' | 'allocate'>;

export class VectorTable {
  readonly delivery: { readonly kind: 'vectors'; readonly table: number };
  constructor(
    private readonly load: Load,
    columns: number,
  ) {
    this.delivery = { kind: 'vectors', table: load.allocate(Math.max(1, columns) * ENTRY_BYTES) };
  }
  /** Where a column's part of the next batch lies. */
  point(column: number, values: number, nulls: number): void {
    const at = this.delivery.table + column * ENTRY_BYTES;
    this.load.memory.setU32(at, values);
    this.load.memory.setU32(at + 4, nulls);
  }
}

/** Bytes of the strings of one batch. */
export class TextRoom {
  private readonly areas: { readonly at: number; readonly bytes: number }[] = [];
  private used = 0;
  constructor(private readonly load: Load) {}
  /** Address of so many bytes, which are the caller's to write, until clear(). */
  take(bytes: number): number {
    const last = this.areas[this.areas.length - 1];
    if (last !== undefined && last.bytes - this.used >= bytes) {
      this.used += bytes;
      return last.at + this.used - bytes;
    }
    const room = Math.max(bytes, last === undefined ? TEXT_BYTES : last.bytes * 2);
    const at = this.load.allocate(room);
    this.areas.push({ at, bytes: room });
    this.used = bytes;
    return at;
  }
  /** The string value of a copy of the bytes. */
  copy(bytes: Uint8Array): bigint {
    if (bytes.length === 0) return 0n;
    const at = this.take(bytes.length);
    this.load.memory.bytes.set(bytes, at);
    return stringValue(at, bytes.length);
  }
  /** Keeps the largest area alone. */
  clear(): void {
    while (this.areas.length > 1) this.load.memory.free(this.areas.shift()!.at);
    this.used = 0;
  }
}
export const stringValue = (at: number, length: number): bigint => BigInt(at) | (BigInt(length) << 32n);

/** BATCH_ROWS values of a physical form, set by their number in the batch. */
export class ValueVector {
  readonly values: number;
  readonly nulls: number;
  private readonly view: DataView;
  private readonly bytes: Uint8Array;
  constructor(
    load: Load,
    readonly phys: Phys,
  ) {
    this.values = load.allocate(BATCH_ROWS * PHYS_BYTES[phys]);
    this.nulls = load.allocate(BATCH_ROWS);
    ({ view: this.view, bytes: this.bytes } = load.memory);
  }
  setNull(i: number): void {
    this.bytes[this.nulls + i] = 1;
    // A NULL string is 0; what other NULLs are means nothing.
    if (this.phys === 'str') this.view.setBigInt64(this.values + i * 8, 0n, true);
  }
  setI32(i: number, value: number): void {
    this.bytes[this.nulls + i] = 0;
    this.view.setInt32(this.values + i * 4, value, true);
  }
  /** A bigint, or a string's value. */
  setI64(i: number, value: bigint): void {
    this.bytes[this.nulls + i] = 0;
    this.view.setBigInt64(this.values + i * 8, value, true);
  }
  setI128(i: number, value: bigint): void {
    this.bytes[this.nulls + i] = 0;
    this.view.setBigInt64(this.values + i * 16, BigInt.asIntN(64, value), true);
    this.view.setBigInt64(this.values + i * 16 + 8, value >> 64n, true);
  }
  setF32(i: number, value: number): void {
    this.bytes[this.nulls + i] = 0;
    this.view.setFloat32(this.values + i * 4, value, true);
  }
  setF64(i: number, value: number): void {
    this.bytes[this.nulls + i] = 0;
    this.view.setFloat64(this.values + i * 8, value, true);
  }
}
