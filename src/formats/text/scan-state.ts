/**
 * The TypeScript twin of the scanner state at the top of src/wasm/runtime/csv.ts: offsets, flags, results, and the
 * functions with which the parse step lays a state out and reads the infos of records. The reading side drives it:
 *
 *   scan -> 1 needs input: copyWithin the tail to the front, read more behind it, set IN_PTR, IN_END, FINAL, scan again
 *        -> 0 rows full: consume COUNT rows (and BAD_COUNT infos), scan again      -> 2 done   -> 3 row over 4 MB
 */
import { COPY_ROW_BYTES_MAX } from '../../common/limits.ts';
import type { TextFormat } from './text-format.ts';

export const SCAN = {
  IN_PTR: 0,
  IN_END: 4,
  FINAL: 8,
  FLAGS: 12,
  DELIM: 16,
  QUOTE: 20,
  NULL_PTR: 24,
  NULL_LEN: 28,
  INV_CHAR: 32,
  SKIP: 36,
  COLUMNS: 40,
  MAX: 44,
  FIELDS: 48,
  NULLS: 52,
  KINDS: 56,
  RECORDS: 60,
  BAD: 64,
  BAD_MAX: 68,
  SCRATCH: 72,
  SCRATCH_END: 76,
  LINE: 80,
  COUNT: 84,
  BAD_COUNT: 88,
  ROW_LIMIT: 92,
  REPLACED: 96,
  /** Of scan_fixed. */
  WIDTHS: 104,
  /** Of scan_json. */
  ROOT: 104,
  NO_CASE: 112,
  BYTES: 160,
} as const;
export const SCAN_RESULT = { FULL: 0, NEED_INPUT: 1, DONE: 2, TOO_LARGE: 3, SCRATCH_SMALL: 4 } as const;
export const INFO = {
  RAW: 0,
  RAW_LENGTH: 4,
  CODE: 8,
  COLUMN: 12,
  POSITION: 16,
  LINE: 20,
  REASON: 24,
  ARG: 28,
  BYTES: 32,
} as const;
/** The input area must be followed by this many addressable bytes. */
export const SCAN_SLACK_BYTES = 64;
/** Bytes of a load error cell (code, reason, position at 0, 4, 8; the rest is working space). */
export const LOAD_ERROR_BYTES = 64;
/** KINDS byte of a column. */
export const COLUMN_KIND = { other: 0, char: 1, varchar: 3, super: 4 } as const;

const FLAG = {
  CSV: 1,
  ESCAPE: 2,
  REMOVEQUOTES: 4,
  BLANKLINES: 8,
  EMPTYASNULL: 16,
  BLANKSASNULL: 32,
  TRIMBLANKS: 64,
  INVCHARS: 128,
  FILLRECORD: 256,
} as const;

export function scanFlags(format: TextFormat): number {
  return (
    (format.kind === 'csv' ? FLAG.CSV : 0) |
    (format.escape ? FLAG.ESCAPE : 0) |
    (format.removeQuotes ? FLAG.REMOVEQUOTES : 0) |
    (format.ignoreBlankLines ? FLAG.BLANKLINES : 0) |
    (format.emptyAsNull ? FLAG.EMPTYASNULL : 0) |
    (format.blanksAsNull ? FLAG.BLANKSASNULL : 0) |
    (format.trimBlanks ? FLAG.TRIMBLANKS : 0) |
    (format.acceptInvChars === undefined ? 0 : FLAG.INVCHARS) |
    (format.fillRecord ? FLAG.FILLRECORD : 0)
  );
}

/** Areas that the caller owns; sizes: see scanAreaBytes. */
export interface ScanAreas {
  readonly state: number;
  readonly fields: number;
  readonly nulls: number;
  readonly kinds: number;
  readonly records: number;
  readonly bad: number;
  readonly nullText: number;
  readonly scratch: number;
}
export interface ScanShape {
  readonly columns: number;
  readonly maxRows: number;
  readonly maxBad: number;
  readonly scratchBytes: number;
}

/** One allocation holds everything: its size, and the areas inside it when it begins at `base` (8-aligned). */
export function scanLayout(
  format: TextFormat,
  shape: ScanShape,
  base = 0,
): { readonly bytes: number; readonly areas: ScanAreas } {
  let at = base;
  const take = (bytes: number): number => {
    const here = at;
    at += (bytes + 15) & ~15;
    return here;
  };
  const areas: ScanAreas = {
    state: take(SCAN.BYTES),
    fields: take(shape.columns * shape.maxRows * 8),
    nulls: take(shape.columns * shape.maxRows),
    kinds: take(shape.columns),
    records: take((shape.maxRows + 1) * INFO.BYTES),
    bad: take(shape.maxBad * INFO.BYTES),
    nullText: take(Buffer.byteLength(format.nullText ?? '')),
    scratch: take(shape.scratchBytes),
  };
  return { bytes: at - base, areas };
}

/**
 * Writes a fresh state for one source. `kinds[c]` is a COLUMN_KIND. `first`: this source begins at the file's start, so
 * that its header lines are skipped. Input pointers start empty.
 */
export function writeScanState(
  view: DataView,
  bytes: Uint8Array,
  format: TextFormat,
  shape: ScanShape,
  areas: ScanAreas,
  kinds: readonly number[],
  first: boolean,
): void {
  const put = (offset: number, value: number): void => view.setInt32(areas.state + offset, value, true);
  const nullText = Buffer.from(format.nullText ?? '', 'utf8');
  bytes.set(nullText, areas.nullText);
  bytes.set(kinds, areas.kinds);
  bytes.fill(0, areas.state, areas.state + SCAN.BYTES);
  put(SCAN.FLAGS, scanFlags(format));
  put(SCAN.DELIM, format.delimiter);
  put(SCAN.QUOTE, format.quote);
  put(SCAN.NULL_PTR, areas.nullText);
  put(SCAN.NULL_LEN, format.nullText === undefined ? -1 : nullText.length);
  put(SCAN.INV_CHAR, format.acceptInvChars ?? 63);
  put(SCAN.SKIP, first ? format.ignoreHeader : 0);
  put(SCAN.COLUMNS, shape.columns);
  put(SCAN.MAX, shape.maxRows);
  put(SCAN.FIELDS, areas.fields);
  put(SCAN.NULLS, areas.nulls);
  put(SCAN.KINDS, areas.kinds);
  put(SCAN.RECORDS, areas.records);
  put(SCAN.BAD, areas.bad);
  put(SCAN.BAD_MAX, shape.maxBad);
  put(SCAN.SCRATCH, areas.scratch);
  put(SCAN.SCRATCH_END, areas.scratch + shape.scratchBytes);
  put(SCAN.ROW_LIMIT, COPY_ROW_BYTES_MAX);
}

export interface RecordInfo {
  readonly raw: number;
  readonly rawLength: number;
  readonly code: number;
  readonly column: number;
  readonly position: number;
  readonly line: number;
  readonly reason: number;
  readonly arg: number;
  /** Bytes of the value that is bad, which begins `position` in front of `arg`; 0: of no value. */
  readonly valueLength: number;
}
export function readInfo(view: DataView, at: number): RecordInfo {
  const get = (offset: number): number => view.getInt32(at + offset, true);
  const code = get(INFO.CODE);
  // Of those that are about a value, its length stands above the reason.
  const [reason, ofValue] = [get(INFO.REASON), code === 1220 || code === 1218];
  return {
    raw: view.getUint32(at + INFO.RAW, true),
    rawLength: get(INFO.RAW_LENGTH),
    code,
    column: get(INFO.COLUMN),
    position: get(INFO.POSITION),
    line: get(INFO.LINE),
    reason: ofValue ? reason & 255 : reason,
    valueLength: ofValue ? reason >>> 8 : 0,
    arg: view.getUint32(at + INFO.ARG, true),
  };
}
