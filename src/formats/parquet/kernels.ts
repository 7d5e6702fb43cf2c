/**
 * The kernels that Parquet's columns are read with (src/wasm/runtime/parquet-*.ts), by name.
 */
export interface ParquetKernels {
  crc32_tables(tables: number): void;
  crc32(tables: number, at: number, bytes: number): number;
  hybrid_open(state: number, at: number, end: number, width: number): void;
  hybrid_read(state: number, out: number, n: number): number;
  hybrid_nulls(state: number, out: number, n: number): number;
  delta_open(state: number, at: number, end: number): number;
  delta_read(state: number, out: number, n: number, narrow: number): number;
  delta_end(state: number, at: number, end: number): number;
  plain_strings(at: number, end: number, n: number, out: number): number;
  fixed_strings(at: number, n: number, width: number, out: number): void;
  counted_strings(at: number, end: number, lengths: number, n: number, out: number): number;
  prefixed_bytes(prefixes: number, suffixes: number, n: number, last: number): bigint;
  prefixed_strings(
    at: number,
    end: number,
    prefixes: number,
    suffixes: number,
    n: number,
    last: number,
    room: number,
    out: number,
  ): number;
  uuid_strings(values: number, n: number, room: number): number;
  plain_bits(at: number, from: number, n: number, out: number): void;
  split_streams(at: number, total: number, from: number, n: number, width: number, out: number): void;
  gather_4(dictionary: number, count: number, indices: number, n: number, out: number): number;
  gather_8(dictionary: number, count: number, indices: number, n: number, out: number): number;
  gather_16(dictionary: number, count: number, indices: number, n: number, out: number): number;
  spread_4(values: number, nulls: number, n: number, there: number): void;
  spread_8(values: number, nulls: number, n: number, there: number): void;
  spread_16(values: number, nulls: number, n: number, there: number): void;
  parquet_convert(form: number, from: number, n: number, to: number, argument: bigint): number;
  check_digits(values: number, n: number, wide: number, limitLow: bigint, limitHigh: bigint): number;
  check_strings(values: number, n: number, length: number, single: number, replace: number): bigint;
}
