/**
 * The kernels that ORC's columns are read with (src/wasm/runtime/orc-*.ts, and what they share with Parquet's), by name.
 */
export interface OrcKernels {
  orc_open(state: number, at: number, end: number, last: number, signed: number, version: number): void;
  orc_integers(state: number, out: number, n: number): number;
  orc_bytes(state: number, out: number, n: number): number;
  orc_bits(state: number, out: number, n: number, flip: number): number;
  orc_is_broken(state: number): number;
  orc_count(nulls: number, n: number): number;
  orc_narrow(from: number, n: number, to: number, low: bigint, high: bigint, by: bigint): number;
  orc_widen(from: number, n: number, to: number, signed: number): void;
  orc_timestamps(seconds: number, nanos: number, n: number, out: number, base: bigint, table: number): number;
  orc_wide(at: number, end: number, n: number, out: number, next: number): number;
  orc_rescale(values: number, scales: number, n: number, scale: number): number;
  orc_decimals(values: number, n: number, precision: number, narrow: number): number;
  orc_to_wide(values: number, n: number): void;
  orc_sum(lengths: number, n: number, most: bigint): bigint;
  orc_indices(from: number, n: number, to: number, count: number): number;
  counted_strings(at: number, end: number, lengths: number, n: number, out: number): number;
  gather_8(dictionary: number, count: number, indices: number, n: number, out: number): number;
  spread_4(values: number, nulls: number, n: number, there: number): void;
  spread_8(values: number, nulls: number, n: number, there: number): void;
  spread_16(values: number, nulls: number, n: number, there: number): void;
  check_strings(values: number, n: number, length: number, single: number, replace: number): bigint;
}
