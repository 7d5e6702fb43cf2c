/**
 * What the record scanners of COPY share: where bytes stand, and the fields and checks of a row. State and infos: csv.ts.
 */
import { utf8_bad, utf8_replace } from './csv-utf8.ts';

const F_CSV: i32 = 1;
const F_EMPTYASNULL: i32 = 16;
const F_BLANKSASNULL: i32 = 32;
const F_TRIMBLANKS: i32 = 64;
const F_INVCHARS: i32 = 128;
const W_SCRATCH: usize = 100;

/** First `byte` in [p, end), or end. */
export function find_byte(p: usize, end: usize, byte: i32): usize {
  const v = i8x16.splat(<i8>byte);
  while (p < end) {
    const m = i8x16.bitmask(i8x16.eq(v128.load(p), v));
    if (m != 0) {
      const q = p + <usize>ctz(m);
      return q < end ? q : end;
    }
    p += 16;
  }
  return end;
}

/** Whether [p, end) holds a byte above 0x7f. */
export function has_high(p: usize, end: usize): bool {
  while (p + 16 <= end) {
    if (i8x16.bitmask(v128.load(p)) != 0) return true;
    p += 16;
  }
  if (p >= end) return false;
  return (i8x16.bitmask(v128.load(p)) & ((1 << <i32>(end - p)) - 1)) != 0;
}

export function count_lines(p: usize, end: usize): i32 {
  let n = 0;
  while (true) {
    p = find_byte(p, end, 10);
    if (p >= end) return n;
    n++;
    p++;
  }
}

/** Skips the header lines; returns false when input ran out inside one. */
export function skip_header(state: usize): bool {
  while (load<i32>(state, 36) > 0) {
    const p = <usize>load<u32>(state, 0);
    const end = <usize>load<u32>(state, 4);
    const nl = find_byte(p, end, 10);
    if (nl >= end) {
      if (load<i32>(state, 8) == 0 || p >= end) return false;
      store<u32>(state, <u32>end, 0);
    } else store<u32>(state, <u32>(nl + 1), 0);
    store<i32>(state, load<i32>(state, 36) - 1, 36);
    store<i32>(state, load<i32>(state, 80) + 1, 80);
  }
  return true;
}

// @ts-ignore: decorator
@inline
export function all_blank(p: usize, end: usize): bool {
  while (p < end) {
    const c = load<u8>(p);
    if (c != 32 && (c < 9 || c > 13)) return false;
    p++;
  }
  return true;
}

// @ts-ignore: decorator
@inline
export function is_null_text(state: usize, p: usize, len: i32): bool {
  if (len != load<i32>(state, 28)) return false;
  const n = <usize>load<u32>(state, 24);
  for (let i = 0; i < len; i++) if (load<u8>(p + i) != load<u8>(n + i)) return false;
  return true;
}

/** Stores one field and decides whether it is NULL. `raw`, `rawLen`: the bytes as written, for the NULL AS test. */
// @ts-ignore: decorator
@inline
export function put_field(state: usize, slot: usize, kind: i32, flags: i32, s: i64, raw: usize, rawLen: i32): void {
  let p = <usize>(<u32>s);
  let len = <i32>(s >> 32);
  let isNull = is_null_text(state, raw, rawLen) || (flags & F_CSV && is_null_text(state, p, len));
  if (!isNull) {
    if (kind == 0) isNull = all_blank(p, p + len);
    else if (len == 0) isNull = (flags & F_EMPTYASNULL) != 0;
    else if (flags & F_BLANKSASNULL) isNull = all_blank(p, p + len);
    if (kind & 2 && flags & F_TRIMBLANKS) while (len > 0 && load<u8>(p + len - 1) == 32) len--;
  }
  store<i64>(<usize>load<u32>(state, 48) + (slot << 3), <i64>p | (<i64>len << 32));
  store<u8>(<usize>load<u32>(state, 52) + slot, <u8>isNull);
}

/**
 * Validates the VARCHAR fields of a row that holds non-ASCII bytes. Returns an error column + 1, or 0. Where it replaced
 * something, the first such column + 1 stands behind what note_record writes, until the reader takes it from there.
 */
export function check_utf8(state: usize, row: i32, info: usize): i32 {
  const columns = load<i32>(state, 40);
  const max = load<i32>(state, 44);
  const flags = load<i32>(state, 12);
  let replaced = 0;
  for (let c = 0; c < columns; c++) {
    const slot = <usize>(c * max + row);
    if ((load<u8>(<usize>load<u32>(state, 56) + c) & 2) == 0 || load<u8>(<usize>load<u32>(state, 52) + slot)) continue;
    const at = <usize>load<u32>(state, 48) + (slot << 3);
    const s = load<i64>(at);
    const p = <usize>(<u32>s);
    const len = <i32>(s >> 32);
    if (!has_high(p, p + len)) continue;
    const bad = utf8_bad(p, len, (flags & F_INVCHARS) != 0);
    if (bad < 0) continue;
    if ((flags & F_INVCHARS) == 0) {
      store<i32>(info, c, 12);
      store<i32>(info, bad & 0xffffff, 16);
      store<i32>(info, (100 + (bad >> 24)) | (len << 8), 24);
      store<i32>(info, <i32>(p + (bad & 0xffffff)), 28);
      return c + 1;
    }
    const out = <usize>load<u32>(state, W_SCRATCH);
    if (out + len + 8 > <usize>load<u32>(state, 76)) return -1;
    memory.copy(out, p, len);
    utf8_replace(out, len, load<u8>(state, 32));
    store<u32>(state, <u32>((out + len + 7) & ~7), W_SCRATCH);
    store<i64>(at, <i64>out | (<i64>len << 32));
    if (replaced == 0) replaced = c + 1;
  }
  if (replaced != 0) {
    store<i32>(state, load<i32>(state, 96) + 1, 96);
    store<i32>(info, replaced, 28);
  }
  return 0;
}

/** With NULL AS a NUL: the first field that has a NUL among other bytes + 1, or 0. */
export function check_nul(state: usize, row: i32, info: usize): i32 {
  if (load<i32>(state, 28) != 1 || load<u8>(<usize>load<u32>(state, 24)) != 0) return 0;
  const columns = load<i32>(state, 40);
  const max = load<i32>(state, 44);
  for (let c = 0; c < columns; c++) {
    const slot = <usize>(c * max + row);
    const s = load<i64>(<usize>load<u32>(state, 48) + (slot << 3));
    const p = <usize>(<u32>s);
    const end = p + <usize>(<i32>(s >> 32));
    if (end <= p + 1 || find_byte(p, end, 0) >= end) continue;
    store<i32>(info, c, 12);
    store<i32>(info, 0, 16);
    store<i32>(info, <i32>(end - p) << 8, 24);
    store<i32>(info, <i32>p, 28);
    return c + 1;
  }
  return 0;
}

/** Missing trailing columns of a FILLRECORD load: '' for VARCHAR unless EMPTYASNULL, else NULL. */
export function fill_record(state: usize, row: i32, from: i32): void {
  const columns = load<i32>(state, 40);
  const max = load<i32>(state, 44);
  for (let c = from; c < columns; c++) {
    const slot = <usize>(c * max + row);
    const varchar = (load<u8>(<usize>load<u32>(state, 56) + c) & 2) != 0;
    store<i64>(<usize>load<u32>(state, 48) + (slot << 3), <i64>load<u32>(state, 72));
    store<u8>(<usize>load<u32>(state, 52) + slot, varchar && !(load<i32>(state, 12) & F_EMPTYASNULL) ? 0 : 1);
  }
}

/** Writes the info of a record; one with a `code` goes to the bad list. What check_utf8 and check_nul noted stays. */
export function note_record(
  state: usize, row: i32, start: usize, end: usize, code: i32, column: i32, position: i32, reason: i32,
): void {
  let info = <usize>load<u32>(state, 60) + (<usize>row << 5);
  if (code != 0) {
    const bad = load<i32>(state, 88);
    const to = <usize>load<u32>(state, 64) + (<usize>bad << 5);
    if (code == 1220 || code == 1218) memory.copy(to, info, 32);
    store<i32>(state, bad + 1, 88);
    info = to;
  }
  store<u32>(info, <u32>start, 0);
  store<u32>(info, <u32>(end - start), 4);
  store<i32>(info, code, 8);
  store<i32>(info, load<i32>(state, 80), 20);
  if (code == 1220 || code == 1218) return;
  store<i32>(info, column, 12);
  store<i32>(info, position, 16);
  store<i32>(info, reason, 24);
}
