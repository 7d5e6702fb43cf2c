/**
 * Entry file of the kernels module: everything exported here is an export of build/kernels.wasm.
 */
export * from './alloc.ts';
export * from './strings-core.ts';
export * from './int128.ts';
export * from './numeric.ts';
export * from './float-text.ts';
export * from './datetime-text.ts';
export * from './timezone.ts';
export * from './keys.ts';
export * from './sort.ts';
export * from './encodings.ts';
export * from './datetime-parse.ts';
export * from './casts.ts';
export * from './string-functions.ts';
export * from './like.ts';
export * from './regex.ts';
export * from './regex-functions.ts';
export * from './tuples.ts';
export * from './hyperloglog.ts';
export * from './spill.ts';
export * from './datetime-functions.ts';
export * from './interval.ts';
export * from './interval-parse.ts';
export * from './math-functions.ts';
export * from './random.ts';
export * from './hash-functions.ts';
export * from './to-char-datetime.ts';
export * from './to-char-number.ts';
export * from './csv.ts';
export * from './sha2.ts';
export * from './aggregate-finals.ts';
export * from './text-state.ts';
export * from './wire-text.ts';
export * from './array-send.ts';
export * from './value-list.ts';
