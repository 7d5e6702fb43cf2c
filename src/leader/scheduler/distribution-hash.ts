/**
 * The distribution hash of constants, by the same kernels that emitted code calls (steps/value-code.ts): a row that the
 * leader places lies where a segment would have placed it.
 */
import { assert } from '../../common/assert.ts';
import { sliceOutOfMemory } from '../../common/errors/catalogue.ts';
import { identityOf } from '../../types/identity.ts';
import type { ColumnValues } from '../../types/packed-rows.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { RegionPool } from '../../wasm/region-pool.ts';

interface HashKernels {
  hash_i64(value: bigint): number;
  hash_f64(value: number): number;
  hash_i128(low: bigint, high: bigint): number;
  hash_str(text: bigint): number;
  hash_folded(text: bigint): number;
  hash_varbyte(bytes: bigint): number;
}
/** Bytes for the longest VARCHAR. */
const TEXT_BYTES = 64 * 1024;
const TWO_32 = 2 ** 32;

/** Intervals are compared by a span that only emitted code computes. */
export const canHash = (type: SqlType): boolean => identityOf(type) !== 'interval';

export class DistributionHash {
  private readonly kernels: HashKernels;
  /** Where texts are put for the kernel; 0 before the first. */
  private scratch = 0;

  constructor(
    exports: WebAssembly.Exports,
    private readonly memory: WebAssembly.Memory,
    private readonly pool: RegionPool,
  ) {
    this.kernels = exports as unknown as HashKernels;
  }
  /** Which of `targets` receivers a row goes to, by its value of one column. */
  target(column: ColumnValues, row: number, targets: number): number {
    const hash = column.isNull(row) ? 0 : this.hash(column, row) >>> 0;
    return Math.floor((hash * targets) / TWO_32);
  }
  private hash(column: ColumnValues, row: number): number {
    const { kernels } = this;
    const identity = identityOf(column.type);
    if (identity === 'string') return kernels.hash_str(this.place(column.textOf(row)));
    if (identity === 'folded') return kernels.hash_folded(this.place(column.textOf(row)));
    if (identity === 'bytes') return kernels.hash_varbyte(this.place(column.textOf(row)));
    if (identity === 'float') return kernels.hash_f64(column.double(row));
    assert(identity !== 'interval', 'intervals are hashed by segments');
    const [low, high] = column.words(row);
    return high === low >> 63n ? kernels.hash_i64(low) : kernels.hash_i128(low, high);
  }
  private place(text: Uint8Array): bigint {
    if (this.scratch === 0) this.scratch = this.pool.allocate(TEXT_BYTES);
    if (this.scratch === 0) throw sliceOutOfMemory();
    assert(text.length <= TEXT_BYTES, 'a distribution key is a short text');
    new Uint8Array(this.memory.buffer).set(text, this.scratch);
    return BigInt(this.scratch) | (BigInt(text.length) << 32n);
  }
}
