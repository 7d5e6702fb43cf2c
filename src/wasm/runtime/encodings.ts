/**
 * The storage kernels: everything a slice does to whole chunks. Decoding is called by generated scans through
 * chunk_decode; the encode, sort, merge, checksum and LZO functions are called by the host code of src/encodings and
 * src/slices. None of them allocates: every address comes from the caller. The byte layout of a chunk is drawn in
 * src/encodings/chunk-layout.ts, whose numbers encodings-layout.ts repeats (a test keeps them equal).
 */
export { chunk_decode } from './encodings-decode.ts';
export {
  column_stats, values_pack, nulls_pack, strings_pack, strings_total, strings_append, dictionary_build,
  dictionary_pack, runs_build, runs_bytes, gather_values, gather_picks, chunk_copy, chunk_fill, mask_rows,
  strings_to_planes, strings_from_planes,
} from './encodings-encode.ts';
export { sort_begin, sort_merge, sort_prefixes, merge_runs } from './encodings-sort.ts';
export { crc32c_init, crc32c } from './encodings-checksum.ts';
export { lzo_compress, lzo_decompress } from './lzo.ts';
export * from './encodings-range.ts';
