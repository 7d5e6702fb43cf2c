/**
 * The record scanner of COPY's FIXEDWIDTH: lines whose fields have so many characters each. State, infos and results are those of
 * csv.ts; besides +104 WIDTHS, the address of a u32 for each field. Blanks at a line's end may be missing.
 */
import { all_blank, check_nul, check_utf8, fill_record, find_byte, has_high, note_record, put_field, skip_header } from './csv-scan.ts';
import { skipChars } from './utf8.ts';

const WIDTHS: usize = 104;
const W_SCRATCH: usize = 100;
const F_BLANKLINES: i32 = 8;
const F_FILLRECORD: i32 = 256;

const FULL: i32 = 0;
const NEED_INPUT: i32 = 1;
const DONE: i32 = 2;
const TOO_LARGE: i32 = 3;
const SCRATCH_SMALL: i32 = 4;

/** Reasons of load-reason.ts. */
const NO_NEWLINE: i32 = 19;
const MISSING_COLUMNS: i32 = 1203;
const INVALID_LINE: i32 = 1216;
const NUL_AMONG_BYTES: i32 = 1218;

/** The fields of the line [start, end) into `row`. Rows added, or -1: scratch too small. */
function line(state: usize, row: i32, start: usize, end: usize): i32 {
  const columns = load<i32>(state, 40);
  const max = load<i32>(state, 44);
  const flags = load<i32>(state, 12);
  const nullBytes = load<i32>(state, 28);
  const kinds = <usize>load<u32>(state, 56);
  const widths = <usize>load<u32>(state, WIDTHS);
  const isWide = has_high(start, end);
  let from = start;
  for (let c = 0; c < columns; c++) {
    if (from >= end && (c > 0 || start == end)) {
      if ((flags & F_FILLRECORD) == 0) {
        note_record(state, row, start, end, MISSING_COLUMNS, c, <i32>(end - start), 0);
        return 0;
      }
      fill_record(state, row, c);
      break;
    }
    const width = load<i32>(widths + (<usize>c << 2));
    const to = isWide ? <usize>skipChars(<i32>from, <i32>end, width) : min(from + <usize>width, end);
    const n = <i32>(to - from);
    // NULL's text stands in front of blanks.
    const isPadded = nullBytes > 0 && n > nullBytes && all_blank(from + nullBytes, to);
    const text = <i64>from | (<i64>n << 32);
    put_field(state, <usize>(c * max + row), <i32>load<u8>(kinds + c), flags, text, from, isPadded ? nullBytes : n);
    from = to;
  }
  if (from < end) {
    note_record(state, row, start, end, INVALID_LINE, -1, <i32>(from - start), NO_NEWLINE);
    return 0;
  }
  const info = <usize>load<u32>(state, 60) + (<usize>row << 5);
  if (check_nul(state, row, info) != 0) {
    note_record(state, row, start, end, NUL_AMONG_BYTES, 0, 0, 0);
    return 0;
  }
  const bad = isWide ? check_utf8(state, row, info) : 0;
  if (bad < 0) return -1;
  note_record(state, row, start, end, bad > 0 ? 1220 : 0, 0, 0, 0);
  return bad > 0 ? 0 : 1;
}

export function scan_fixed(state_: i32): i32 {
  const state = <usize>state_;
  store<i32>(state, 0, 84);
  store<i32>(state, 0, 88);
  store<i32>(state, 0, 96);
  store<u32>(state, load<u32>(state, 72), W_SCRATCH);
  const isFinal = load<i32>(state, 8) != 0;
  if (!skip_header(state)) return isFinal ? DONE : NEED_INPUT;
  const end = <usize>load<u32>(state, 4);
  const max = load<i32>(state, 44);
  const limit = <usize>load<u32>(state, 92);
  let p = <usize>load<u32>(state, 0);
  let row = 0;
  let result = FULL;
  while (row < max && load<i32>(state, 88) < load<i32>(state, 68)) {
    if (p >= end) {
      result = isFinal ? DONE : NEED_INPUT;
      break;
    }
    const feed = find_byte(p, end, 10);
    if (feed - p > limit) {
      result = TOO_LARGE;
      break;
    }
    if (feed >= end && !isFinal) {
      result = NEED_INPUT;
      break;
    }
    const stop = feed > p && feed < end && load<u8>(feed - 1) == 13 ? feed - 1 : feed;
    store<i32>(state, load<i32>(state, 80) + 1, 80);
    const isBlank = p == stop && (load<i32>(state, 12) & F_BLANKLINES) != 0;
    const added = isBlank ? 0 : line(state, row, p, stop);
    if (added < 0) {
      store<i32>(state, load<i32>(state, 80) - 1, 80);
      result = SCRATCH_SMALL;
      break;
    }
    row += added;
    p = feed < end ? feed + 1 : end;
  }
  store<u32>(state, <u32>p, 0);
  store<i32>(state, row, 84);
  return result;
}
