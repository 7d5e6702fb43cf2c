/**
 * The record scanner of COPY: splits bytes of delimited text or CSV into rows and fields, column by column, resumable
 * at any record boundary. Also the door of the load and unload kernels (re-exported below), so that index.ts needs
 * one line. No allocation: everything lies where the state says. src/formats/text/scan-state.ts mirrors this layout.
 *
 *   +0  IN_PTR     first unread byte, advanced          +4  IN_END    end of the bytes (64 more must be addressable)
 *   +8  FINAL      1 = nothing follows IN_END           +12 FLAGS     bits below
 *   +16 DELIM      byte          +20 QUOTE byte          +24 NULL_PTR  +28 NULL_LEN  the NULL AS string (len -1: none)
 *   +32 INV_CHAR   ACCEPTINVCHARS byte                  +36 SKIP      lines still to ignore (IGNOREHEADER)
 *   +40 COLUMNS    fields of a record                   +44 MAX       rows per call = stride of FIELDS and NULLS
 *   +48 FIELDS     COLUMNS x MAX i64 (address | length << 32)   +52 NULLS  COLUMNS x MAX bytes, 1 = NULL
 *   +56 KINDS      COLUMNS bytes: 1 CHAR or VARCHAR, 2 VARCHAR  +60 RECORDS  MAX infos of good rows
 *   +64 BAD        BAD_MAX infos of refused records      +68 BAD_MAX   +72 SCRATCH, +76 SCRATCH_END (as big as the input)
 *   +80 LINE       physical lines read so far            +84 COUNT     out: good rows     +88 BAD_COUNT out
 *   +92 ROW_LIMIT  bytes of one record                   +96 REPLACED  out: rows with replaced characters
 *   +100 .. +160 working space of one record (W_* below)
 * Info, 32 bytes: +0 raw address, +4 raw length, +8 error code, +12 column, +16 position, +20 line, +24 reason, +28 arg.
 * Returns 0 rows full, 1 needs input (move the tail [IN_PTR, IN_END) to the front and refill), 2 all done, 3 row too
 * large, 4 scratch too small. Field addresses stay valid until the input area or the scratch is written again.
 */
export {
  load_bool, load_char, load_int2, load_int4, load_int8, load_not_null, load_numeric, load_numeric_64, load_varchar,
} from './csv-load.ts';
export { load_float4, load_float8 } from './csv-float.ts';
export { load_date, load_time, load_timestamp, load_timestamptz } from './csv-time.ts';
export {
  unload_field_csv,
  unload_field_json,
  unload_field_text,
  unload_pad,
  unload_partition,
} from './csv-unload.ts';
import {
  all_blank, check_nul, check_utf8, count_lines, fill_record, find_byte, has_high, note_record, put_field, skip_header,
} from './csv-scan.ts';

const F_CSV: i32 = 1;
const F_ESCAPE: i32 = 2;
const F_REMOVEQUOTES: i32 = 4;
const F_BLANKLINES: i32 = 8;
const F_FILLRECORD: i32 = 256;

// Working space: the scratch cursor, where the block mask stands, and the record and field being read.
const W_SCRATCH: usize = 100;
const W_MASK: usize = 104;
const W_BASE: usize = 112;
/** Content of the current field when it is quoted: [open, close); open 0 = not quoted. */
const W_OPEN: usize = 116;
const W_CLOSE: usize = 120;
/** 1 doubled quotes, 2 backslashes to take out. */
const W_HOW: usize = 124;
const W_CODE: usize = 128;
const W_COLUMN: usize = 132;
const W_POSITION: usize = 136;
const W_LINES: usize = 140;
const W_FIELDS: usize = 144;
const W_LINE_END: usize = 148;
const W_LAST_EMPTY: usize = 152;
const W_THIRD: usize = 156;

const FULL: i32 = 0;
const NEED_INPUT: i32 = 1;
const DONE: i32 = 2;
const TOO_LARGE: i32 = 3;
const SCRATCH_SMALL: i32 = 4;
const NUL_AMONG_BYTES: i32 = 1218;
/** Internal: 1214 with the CSV quote text (reason 1). */
const BAD_CSV_QUOTE: i32 = 12140;
/** Internal: 1214 for a REMOVEQUOTES field without its closing quote. */
const BAD_PLAIN_QUOTE: i32 = 12141;

/** Bits of the 64 bytes at `base` that equal one of three bytes. */
// @ts-ignore: decorator
@inline
function special_mask(base: usize, d: v128, n: v128, s: v128): u64 {
  const a = v128.load(base);
  const b = v128.load(base, 16);
  const c = v128.load(base, 32);
  const e = v128.load(base, 48);
  const ma = <u64>(<u32>i8x16.bitmask(v128.or(v128.or(i8x16.eq(a, d), i8x16.eq(a, n)), i8x16.eq(a, s))));
  const mb = <u64>(<u32>i8x16.bitmask(v128.or(v128.or(i8x16.eq(b, d), i8x16.eq(b, n)), i8x16.eq(b, s))));
  const mc = <u64>(<u32>i8x16.bitmask(v128.or(v128.or(i8x16.eq(c, d), i8x16.eq(c, n)), i8x16.eq(c, s))));
  const me = <u64>(<u32>i8x16.bitmask(v128.or(v128.or(i8x16.eq(e, d), i8x16.eq(e, n)), i8x16.eq(e, s))));
  return ma | (mb << 16) | (mc << 32) | (me << 48);
}

/** End of a quoted CSV field that opened before `p`: address | 1 << 63 when doubled quotes occur; 0 = not in [p, end). */
function close_quote(p: usize, end: usize, quote: i32, final: i32): u64 {
  let doubled: u64 = 0;
  while (true) {
    p = find_byte(p, end, quote);
    if (p >= end) return 0;
    if (p + 1 >= end) return final ? <u64>p | doubled : 0;
    if (load<u8>(p + 1) != <u8>quote) return <u64>p | doubled;
    doubled = 1 << 63;
    p += 2;
  }
}

/** Closing quote of a REMOVEQUOTES field opened before `p`: it stands before a delimiter, line end or the end. 0 = none. */
function close_plain(p: usize, end: usize, quote: i32, delim: i32, escape: bool): usize {
  while (p < end) {
    const c = <i32>load<u8>(p);
    if (c == 10) return 0;
    if (escape && c == 92) {
      p += 2;
      continue;
    }
    if (c == quote) {
      if (p + 1 >= end) return p;
      const n = <i32>load<u8>(p + 1);
      if (n == delim || n == 10 || (n == 13 && (p + 2 >= end || load<u8>(p + 2) == 10))) return p;
    }
    p++;
  }
  return p >= end ? <usize>-1 : 0;
}

/** Copies a field to scratch without its doubled quotes (mode 0) or backslashes (mode 1); 0 when scratch is too small. */
function unescape(state: usize, from: usize, end: usize, mode: i32, quote: i32): i64 {
  const out = <usize>load<u32>(state, W_SCRATCH);
  let o = out;
  if (o + (end - from) + 8 > <usize>load<u32>(state, 76)) return 0;
  while (from < end) {
    let c = load<u8>(from++);
    if (mode == 0) {
      if (<i32>c == quote) from++;
    } else if (c == 92 && from < end) c = load<u8>(from++);
    store<u8>(o++, c);
  }
  store<u32>(state, <u32>((o + 7) & ~7), W_SCRATCH);
  return <i64>out | (<i64>(o - out) << 32);
}

/** Notes the record that ends at `end`, as a good one or with its error. */
function finish(state: usize, row: i32, start: usize, end: usize, code: i32, column: i32, pos: i32): void {
  const reason = code == BAD_CSV_QUOTE ? 1 : code == BAD_PLAIN_QUOTE ? 2 : 0;
  note_record(state, row, start, end, reason == 0 ? code : 1214, column, pos, reason);
}

/** Whole-record checks after its last field. Returns the error code (0 = good row), -1 = scratch too small. */
function check_record(state: usize, row: i32, fields: i32, start: usize, end: usize, emptyLast: bool): i32 {
  const columns = load<i32>(state, 40);
  const flags = load<i32>(state, 12);
  if (start == end && columns > 1) return flags & F_FILLRECORD ? (fill_record(state, row, 0), 0) : 1211;
  if (fields > columns && !(fields == columns + 1 && emptyLast && (flags & F_CSV) == 0)) return 1202;
  if (fields < columns) {
    if ((flags & F_FILLRECORD) == 0) return 1214;
    fill_record(state, row, fields);
  }
  const info = <usize>load<u32>(state, 60) + (<usize>row << 5);
  if (check_nul(state, row, info) != 0) return NUL_AMONG_BYTES;
  if (!has_high(start, end)) return 0;
  const bad = check_utf8(state, row, info);
  return bad == 0 ? 0 : bad < 0 ? -1 : 1220;
}

/** Puts the block mask at `p`. */
function reposition(state: usize, p: usize): void {
  const base = p & ~63;
  const d = i8x16.splat(<i8>load<i32>(state, 16));
  const third = i8x16.splat(<i8>load<i32>(state, W_THIRD));
  store<u32>(state, <u32>base, W_BASE);
  store<u64>(state, special_mask(base, d, i8x16.splat(10), third) & (<u64>-1 << (<u64>p & 63)), W_MASK);
}

function set_error(state: usize, code: i32, column: i32, position: usize): void {
  if (load<i32>(state, W_CODE) != 0) return;
  store<i32>(state, code, W_CODE);
  store<i32>(state, column, W_COLUMN);
  store<i32>(state, <i32>position, W_POSITION);
}

/** A REMOVEQUOTES field begins at `at`. False when the input ends inside it. */
function plain_quote(state: usize, start: usize, at: usize, column: i32): bool {
  const q = <i32>load<u8>(at);
  if (q != 34 && q != 39) return true;
  const escape = (load<i32>(state, 12) & F_ESCAPE) != 0;
  const end = <usize>load<u32>(state, 4);
  const close = close_plain(at + 1, end, q, load<i32>(state, 16), escape);
  if (close == <usize>-1 && load<i32>(state, 8) == 0) return false;
  if (close == 0 || close == <usize>-1) {
    set_error(state, BAD_PLAIN_QUOTE, column, at - start);
    return true;
  }
  store<u32>(state, <u32>(at + 1), W_OPEN);
  store<u32>(state, <u32>close, W_CLOSE);
  if (escape && find_byte(at + 1, close, 92) < close) store<i32>(state, 2, W_HOW);
  reposition(state, close + 1);
  return true;
}

/** A CSV quote outside quotes stands at `q`. False when the input ends before its field does. */
function csv_quote(state: usize, start: usize, fieldStart: usize, q: usize, column: i32): bool {
  if (load<i32>(state, W_CODE) != 0) return true;
  if (load<u32>(state, W_OPEN) != 0) {
    set_error(state, BAD_CSV_QUOTE, column, q - start);
    return true;
  }
  // A quote inside an unquoted field is an ordinary byte.
  if (!all_blank(fieldStart, q)) return true;
  const end = <usize>load<u32>(state, 4);
  const final = load<i32>(state, 8);
  const closing = close_quote(q + 1, end, load<i32>(state, 20), final);
  if (closing == 0) {
    if (!final) return false;
    set_error(state, BAD_CSV_QUOTE, column, q - start);
    store<u64>(state, 0, W_MASK);
    store<u32>(state, <u32>(end & ~63), W_BASE);
    return true;
  }
  const close = <usize>(<u32>closing);
  store<u32>(state, <u32>(q + 1), W_OPEN);
  store<u32>(state, <u32>close, W_CLOSE);
  store<i32>(state, <i32>(closing >> 63), W_HOW);
  store<i32>(state, load<i32>(state, W_LINES) + count_lines(q + 1, close), W_LINES);
  reposition(state, close + 1);
  return true;
}

/** A backslash stands at `q`: the next byte is not special. False when the input ends before it. */
function escape_at(state: usize, q: usize): bool {
  if (q + 1 >= <usize>load<u32>(state, 4)) return load<i32>(state, 8) != 0;
  store<i32>(state, 2, W_HOW);
  if (load<u8>(q + 1) == 10) store<i32>(state, load<i32>(state, W_LINES) + 1, W_LINES);
  reposition(state, q + 2);
  return true;
}

/** Stores the field [from, to). False when scratch is too small. */
// @ts-ignore: decorator
@inline
function end_field(state: usize, start: usize, from: usize, to: usize, column: i32, slot: usize, kind: i32, flags: i32): bool {
  const open = <usize>load<u32>(state, W_OPEN);
  const how = load<i32>(state, W_HOW);
  if (open == 0 && how == 0) {
    put_field(state, slot, kind, flags, <i64>from | (<i64>(to - from) << 32), from, <i32>(to - from));
    return true;
  }
  return end_special(state, start, from, to, column, slot, kind, flags);
}
function end_special(state: usize, start: usize, from: usize, to: usize, column: i32, slot: usize, kind: i32, flags: i32): bool {
  const open = <usize>load<u32>(state, W_OPEN);
  const how = load<i32>(state, W_HOW);
  let end = to;
  if (open != 0) {
    const close = <usize>load<u32>(state, W_CLOSE);
    if (!all_blank(close + 1, to)) set_error(state, BAD_CSV_QUOTE, column, close + 1 - start);
    from = open;
    end = close;
  }
  let s = <i64>from | (<i64>(end - from) << 32);
  if (how != 0) s = unescape(state, from, end, how - 1, load<i32>(state, 20));
  if (s == 0) return false;
  put_field(state, slot, kind, flags, s, from, <i32>(end - from));
  store<u32>(state, 0, W_OPEN);
  store<i32>(state, 0, W_HOW);
  return true;
}

/** The usual quoted field: its closing quote among the specials left in this block, nothing doubled, no line feed. 0 = look again. */
// @ts-ignore: decorator
@inline
function near_quote(mask: u64, base: usize, quote: i32, end: usize): usize {
  while (mask != 0) {
    const t = base + <usize>ctz(mask);
    const c = <i32>load<u8>(t);
    if (t + 1 >= end || c == 10) return 0;
    if (c == quote) return load<u8>(t + 1) == <u8>quote ? 0 : t;
    mask &= mask - 1;
  }
  return 0;
}

/** Whether [from, q) ends with a carriage return that belongs to the line's end: an escaped one is a character. */
// @ts-ignore: decorator
@inline
function ends_with_return(from: usize, q: usize, flags: i32): bool {
  if (q <= from || load<u8>(q - 1) != 13) return false;
  if ((flags & F_ESCAPE) == 0) return true;
  let p = q - 1;
  while (p > from && load<u8>(p - 1) == 92) p--;
  return ((q - 1 - p) & 1) == 0;
}

/** Reads one record from `start` into `row`. Returns the position behind it, 0 = input ends inside, 1 = scratch too small. */
function scan_one(state: usize, row: i32, start: usize): usize {
  const end = <usize>load<u32>(state, 4);
  const flags = load<i32>(state, 12);
  const delim = load<i32>(state, 16);
  const columns = load<i32>(state, 40);
  const max = load<i32>(state, 44);
  const kinds = <usize>load<u32>(state, 56);
  const vd = i8x16.splat(<i8>delim);
  const vs = i8x16.splat(<i8>load<i32>(state, W_THIRD));
  let base = <usize>load<u32>(state, W_BASE);
  let mask = load<u64>(state, W_MASK);
  let fieldStart = start;
  let c = 0;
  while (true) {
    if (flags & F_REMOVEQUOTES && fieldStart < end && load<u32>(state, W_OPEN) == 0 && load<i32>(state, W_HOW) == 0) {
      store<u64>(state, mask, W_MASK);
      store<u32>(state, <u32>base, W_BASE);
      if (!plain_quote(state, start, fieldStart, c)) return 0;
      base = <usize>load<u32>(state, W_BASE);
      mask = load<u64>(state, W_MASK);
    }
    while (mask == 0) {
      base += 64;
      if (base >= end) break;
      mask = special_mask(base, vd, i8x16.splat(10), vs);
    }
    // Bits may stand behind the end, where old bytes lie.
    const q = mask == 0 ? end : min(base + <usize>ctz(mask), end);
    let ch = 10;
    if (q < end) {
      mask &= mask - 1;
      ch = <i32>load<u8>(q);
    } else if (load<i32>(state, 8) == 0) return 0;
    if (ch != delim && ch != 10) {
      const near = q == fieldStart && flags & F_CSV ? near_quote(mask, base, ch, end) : 0;
      if (near != 0) {
        store<u32>(state, <u32>(q + 1), W_OPEN);
        store<u32>(state, <u32>near, W_CLOSE);
        mask &= <u64>-2 << (<u64>near & 63);
        continue;
      }
      store<u64>(state, mask, W_MASK);
      store<u32>(state, <u32>base, W_BASE);
      if (!(flags & F_CSV ? csv_quote(state, start, fieldStart, q, c) : escape_at(state, q))) return 0;
      base = <usize>load<u32>(state, W_BASE);
      mask = load<u64>(state, W_MASK);
      continue;
    }
    // A field ends here.
    const e = ch == 10 && ends_with_return(fieldStart, q, flags) ? q - 1 : q;
    if (ch == 10) store<i32>(state, fieldStart == e && load<u32>(state, W_OPEN) == 0 ? 1 : 0, W_LAST_EMPTY);
    if (c < columns && load<i32>(state, W_CODE) == 0) {
      if (!end_field(state, start, fieldStart, e, c, <usize>(c * max + row), <i32>load<u8>(kinds + c), flags)) return 1;
    } else {
      store<u32>(state, 0, W_OPEN);
      store<i32>(state, 0, W_HOW);
    }
    c++;
    if (ch == 10) {
      store<u64>(state, mask, W_MASK);
      store<u32>(state, <u32>base, W_BASE);
      store<i32>(state, c, W_FIELDS);
      store<u32>(state, <u32>e, W_LINE_END);
      return q >= end ? end : q + 1;
    }
    fieldStart = q + 1;
  }
  return 0;
}

/** Judges the record that scan_one read: good, bad or a blank line. Returns rows added, or -1 = scratch too small. */
function close_record(state: usize, row: i32, start: usize): i32 {
  const lineEnd = <usize>load<u32>(state, W_LINE_END);
  const fields = load<i32>(state, W_FIELDS);
  const line = load<i32>(state, 80) + 1;
  store<i32>(state, line, 80);
  if (start == lineEnd && load<i32>(state, 12) & F_BLANKLINES) return 0;
  let code = load<i32>(state, W_CODE);
  if (code == 0) code = check_record(state, row, fields, start, lineEnd, load<i32>(state, W_LAST_EMPTY) != 0);
  if (code < 0) return -1;
  if (code == 1202) set_error(state, code, load<i32>(state, 40), lineEnd - start);
  else if (code == 1214) set_error(state, code, fields - 1, lineEnd - start);
  finish(state, row, start, lineEnd, code, load<i32>(state, W_COLUMN), load<i32>(state, W_POSITION));
  store<i32>(state, line + load<i32>(state, W_LINES) - 1, 80);
  return code == 0 ? 1 : 0;
}

export function scan_records(state: usize): i32 {
  store<i32>(state, 0, 84);
  store<i32>(state, 0, 88);
  store<i32>(state, 0, 96);
  store<u32>(state, load<u32>(state, 72), W_SCRATCH);
  if (!skip_header(state)) return load<i32>(state, 8) ? DONE : NEED_INPUT;
  const end = <usize>load<u32>(state, 4);
  const flags = load<i32>(state, 12);
  const max = load<i32>(state, 44);
  const limit = <usize>load<u32>(state, 92);
  store<i32>(state, flags & F_CSV ? load<i32>(state, 20) : flags & F_ESCAPE ? 92 : load<i32>(state, 16), W_THIRD);
  let p = <usize>load<u32>(state, 0);
  reposition(state, p);
  let row = 0;
  let result = FULL;
  while (row < max && load<i32>(state, 88) < load<i32>(state, 68)) {
    if (p >= end) {
      result = load<i32>(state, 8) ? DONE : NEED_INPUT;
      break;
    }
    store<u32>(state, 0, W_OPEN);
    store<i32>(state, 0, W_HOW);
    store<i32>(state, 0, W_CODE);
    store<i32>(state, 0, W_COLUMN);
    store<i32>(state, 0, W_POSITION);
    store<i32>(state, 1, W_LINES);
    const next = scan_one(state, row, p);
    if (next > 1 && <usize>load<u32>(state, W_LINE_END) - p > limit) {
      result = TOO_LARGE;
      break;
    }
    if (next == 0) {
      result = end - p > limit ? TOO_LARGE : NEED_INPUT;
      break;
    }
    const added = next == 1 ? -1 : close_record(state, row, p);
    if (added < 0) {
      result = SCRATCH_SMALL;
      break;
    }
    row += added;
    p = next;
  }
  store<u32>(state, <u32>p, 0);
  store<i32>(state, row, 84);
  return result;
}
