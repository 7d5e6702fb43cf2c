/**
 * Fixed layouts inside a node's WebAssembly.Memory that emitted segments, AssemblyScript kernels and the host share.
 * Kernels repeat these numbers in src/wasm/runtime/layout.ts; a test keeps the two equal.
 *
 * Execution context ("ctx"), one per running segment, passed to every kernel that allocates, fails or reads the
 * session:
 *
 *   +0   ERROR_CODE   i32   0 = none; a code of common/errors/runtime-errors.ts
 *   +4   ERROR_ARG    i32   address of the error's argument text
 *   +8   ERROR_LEN    i32   its length
 *   +12  RET_NULL     i32   set to 1 by a kernel that returns SQL NULL
 *   +16  RET_HI       i64   high word of an i128 result
 *   +24  SCRATCH_CUR  i32   bump pointer for values of the current row; with SCRATCH_END one position (i64)
 *   +28  SCRATCH_END  i32
 *   +32  ARENA_CUR    i32   bump pointer for data that lives until the segment's output is dropped (hash rows, groups)
 *   +36  ARENA_END    i32
 *   +40  NOW          i64   transaction timestamp, us since 2000-01-01 UTC
 *   +48  STMT_NOW     i64   statement timestamp
 *   +56  TZ_TABLE     i32   address of the session zone's transition table (see CTX), 0 = UTC
 *   +60  FLOAT_DIGITS i32   extra_float_digits
 *   +64  DATE_STYLE   i32   0 ISO, 1 SQL, 2 German, 3 Postgres; +16 when DMY, +32 when YMD
 *   +68  SELF         i32   slot for the host (index of the running segment)
 *   +72  IDENTITY_*   i64   next identity value and step, of INSERT and COPY
 *   +88  ZONES        i32   address of the table of named zones met so far (see CTX), 0 = none yet
 *   +92  INLINE_MAX   i32   longest string that rows hold themselves; +96 LONG_ROW, +100 LONG_PAIR (steps/long-values.ts)
 *   +104 REGEX_PROGRAMS compiled patterns; +112 .._LAST newest allocations; +120 CHECKED_.. lists of them, for tests
 *   +128 RANDOM_FIRST i64   first state of the segment's random stream; +136 RANDOM its state now
 *
 * When SCRATCH or ARENA runs out a kernel calls env.grow(ctx, which, bytes) (which 0 scratch, 1 arena): the host moves CUR and
 * END to a region with `bytes` free and returns 1, or sets ERROR_CODE and returns 0. KERNELS.md tells the discipline of scratch.
 *
 * A string value is one i64: low 32 bits address, high 32 bits length in bytes; in a tuple perhaps a reference to a long one.
 *
 * Tuple (row form, used by hash tables, group tables, worktables and exchange frames): a fixed-size record made by
 * tuple-layout.ts: optional header, one null byte per nullable field (1 = NULL), then fields at their natural
 * alignment. String fields are i64 as above.
 */
export const CTX = {
  ERROR_CODE: 0,
  ERROR_ARG: 4,
  ERROR_LEN: 8,
  RET_NULL: 12,
  RET_HI: 16,
  SCRATCH_CUR: 24,
  SCRATCH_END: 28,
  ARENA_CUR: 32,
  ARENA_END: 36,
  NOW: 40,
  STMT_NOW: 48,
  /**
   * Time zone transition table: u32 count, u32 cyclic, then count x { i64 from (us since 2000 UTC), i64 offset us },
   * ascending, the first entry's `from` is the minimum i64. Cyclic 1: what holds in the 400 years before the last entry
   * repeats for ever behind it (the Gregorian calendar repeats with its weekdays after 400 years).
   *
   * Named zones: 16 x { u64 key, u32 table, u32 pad }, direct-mapped; a kernel that misses asks the import
   * env.zone(ctx, name, length, kind): address of the zone's table, 0 when there is no such zone. Kind: 0 AT TIME ZONE,
   * 1 CONVERT_TIMEZONE (POSIX zones too), 2 a word in the text of a timestamp.
   */
  TZ_TABLE: 56,
  FLOAT_DIGITS: 60,
  DATE_STYLE: 64,
  SELF: 68,
  /** Identity values of an INSERT or COPY: an IDENTITY_ENTRY a column, ended by one whose attnum is 0; 0 without. */
  IDENTITY: 72,
  ZONES: 88,
  INLINE_MAX: 92,
  /** i32: count rows, and pairs of a row, whose long values are no longer needed (execution/fetched-values.ts). */
  LONG_ROW: 96,
  LONG_PAIR: 100,
  REGEX_PROGRAMS: 104,
  SCRATCH_LAST: 112,
  ARENA_LAST: 116,
  CHECKED_SCRATCH: 120,
  CHECKED_ARENA: 124,
  RANDOM_FIRST: 128,
  RANDOM: 136,
  /** i32: bytes of the longest text that a function may give, and of a string in a SUPER value; 0 = 16,000,000. */
  STRING_MAX: 144,
  BYTES: 160,
} as const;
/** The sequence of one identity column in a segment on a slice; BEYOND is the error when no values are left. */
export const IDENTITY_ENTRY = { ATTNUM: 0, BEYOND: 4, NEXT: 8, STRIDE: 16, LEFT: 24, BYTES: 32 } as const;

/** What the kernels import to keep long values, for a host that keeps no rows. */
export const NO_LONG_VALUES = {
  long_keep: (): bigint => 0n,
  long_first: (): bigint => 0n,
  long_order: (): number => 0,
  long_common: (): number => 0,
} as const;
