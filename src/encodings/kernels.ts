/**
 * The kernel exports that encodings and slices call (src/wasm/runtime/encodings.ts). Addresses and counts are i32.
 */
export interface EncodingKernels {
  chunk_decode(chunk: number, start: number, count: number, out: number, nulls: number): number;
  column_stats(values: number, nulls: number, rows: number, phys: number, out: number): void;
  values_pack(
    values: number,
    nulls: number,
    rows: number,
    phys: number,
    baseLow: bigint,
    width: number,
    out: number,
  ): void;
  nulls_pack(nulls: number, rows: number, out: number): void;
  strings_pack(values: number, nulls: number, rows: number, ends: number, bytes: number): void;
  strings_total(values: number, nulls: number, rows: number): number;
  strings_append(
    values: number,
    nulls: number,
    rows: number,
    out: number,
    heap: number,
    room: number,
    used: number,
  ): number;
  strings_to_planes(ends: number, rows: number, tmp: number): void;
  strings_from_planes(ends: number, rows: number, tmp: number): void;
  dictionary_build(
    values: number,
    nulls: number,
    rows: number,
    phys: number,
    table: number,
    firsts: number,
    codes: number,
  ): number;
  dictionary_pack(values: number, firsts: number, entries: number, phys: number, out: number): number;
  runs_build(
    values: number,
    nulls: number,
    rows: number,
    phys: number,
    runsMax: number,
    ends: number,
    firsts: number,
  ): number;
  runs_bytes(values: number, firsts: number, runs: number): number;
  gather_values(from: number, index: number, count: number, width: number, out: number): void;
  gather_picks(bases: number, picks: number, count: number, width: number, out: number): void;
  chunk_copy(from: number, to: number, bytes: number): void;
  chunk_fill(at: number, value: number, bytes: number): void;
  mask_rows(mask: number, rows: number, count: number): number;
  sort_prefixes(key: number, rows: number, out: number): void;
  sort_begin(key: number, columns: number, prefixes: number, start: number, end: number, index: number): number;
  sort_merge(
    key: number,
    columns: number,
    prefixes: number,
    rows: number,
    from: number,
    to: number,
    width: number,
    start: number,
    end: number,
  ): void;
  merge_runs(cursors: number, runs: number, columns: number, picks: number, max: number): number;
  crc32c_init(tables: number): void;
  crc32c(tables: number, at: number, bytes: number): number;
  lzo_compress(from: number, bytes: number, out: number, table: number): number;
  lzo_decompress(from: number, bytes: number, out: number, room: number): number;
}
