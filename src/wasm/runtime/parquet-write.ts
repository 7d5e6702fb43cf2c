/**
 * Rows on their way into Parquet's pages: taken apart into columns in Parquet's PLAIN form, numbered by a dictionary, and packed as
 * runs and groups of bits.
 *
 * A row is, for each column, a byte 1 and the value (4, 8 or 16 bytes, or u32 length and bytes), or 0. A column's state, 32 bytes:
 *   +0 kind: 1 boolean (4 bytes to 1), 2 four bytes, 3 eight, 4 sixteen, 5 string  +4 next byte of its values  +8 its levels
 *   +12 values that are there  +16 what is added to a number (i64)
 */
const COLUMN: i32 = 32;

/**
 * At most `most` rows from `at` on, the first of the page being number `row`: address behind them << 32 | rows. -1: a number that has
 * been added to is too large.
 */
export function page_rows(at: i32, end: i32, columns: i32, count: i32, row: i32, most: i32): i64 {
  let rows = 0;
  const last = columns + count * COLUMN;
  while (<u32>at < <u32>end && rows < most) {
    for (let c = columns; c < last; c += COLUMN) {
      const there = load<u8>(at);
      at++;
      store<u8>(load<i32>(c, 8) + row + rows, there);
      if (there == 0) continue;
      const to = load<i32>(c, 4);
      store<i32>(c, load<i32>(c, 12) + 1, 12);
      const kind = load<i32>(c);
      if (kind == 3) {
        const value = load<i64>(at);
        const sum = value + load<i64>(c, 16);
        if (sum < value) return -1;
        store<i64>(to, sum);
        store<i32>(c, to + 8, 4);
        at += 8;
      } else if (kind == 5) {
        const bytes = 4 + load<i32>(at);
        memory.copy(to, at, bytes);
        store<i32>(c, to + bytes, 4);
        at += bytes;
      } else if (kind == 2) {
        store<i32>(to, load<i32>(at) + <i32>load<i64>(c, 16));
        store<i32>(c, to + 4, 4);
        at += 4;
      } else if (kind == 1) {
        store<u8>(to, <u8>load<i32>(at));
        store<i32>(c, to + 1, 4);
        at += 4;
      } else {
        v128.store(to, v128.load(at));
        store<i32>(c, to + 16, 4);
        at += 16;
      }
    }
    rows++;
  }
  return (<i64>at << 32) | <i64>rows;
}

/** Bytes of booleans to bits; bytes written. */
export function pack_bits(values: i32, n: i32, out: i32): i32 {
  const bytes = (n + 7) >> 3;
  memory.fill(out, 0, bytes);
  for (let i = 0; i < n; i++) {
    const at = out + (i >> 3);
    store<u8>(at, load<u8>(at) | <u8>(<u32>load<u8>(values + i) << (i & 7)));
  }
  return bytes;
}
/** 16-byte numbers to big-endian ones of `width` bytes. */
export function pack_big_endian(values: i32, n: i32, width: i32, out: i32): void {
  for (let i = 0; i < n; i++) for (let k = 0; k < width; k++) store<u8>(out + i * width + k, load<u8>(values + (i << 4) + width - 1 - k));
}

/**
 * Numbers of values in a dictionary that grows: `entries` has them in the PLAIN form. `table`: slots of a number + 1, all 0 at first;
 * `shift`: 64 - bits of a slot. `cell`: u32 entries so far. 0: there would be more than `most`.
 */
export function dictionary_4(values: i32, n: i32, entries: i32, cell: i32, table: i32, shift: i32, most: i32, out: i32): i32 {
  let count = load<u32>(cell);
  const mask = (<u32>1 << (64 - shift)) - 1;
  for (let i = 0; i < n; i++) {
    const v = load<u32>(values + (i << 2));
    let slot = <u32>((<u64>v * 0x9e3779b97f4a7c15) >> shift);
    while (true) {
      const number = load<u32>(table + (slot << 2));
      if (number == 0) {
        if (count >= <u32>most) return 0;
        store<u32>(entries + (count << 2), v);
        store<u32>(table + (slot << 2), ++count);
        store<u32>(cell, count);
        store<u32>(out + (i << 2), count - 1);
        break;
      }
      if (load<u32>(entries + ((number - 1) << 2)) == v) {
        store<u32>(out + (i << 2), number - 1);
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  return 1;
}
export function dictionary_8(values: i32, n: i32, entries: i32, cell: i32, table: i32, shift: i32, most: i32, out: i32): i32 {
  let count = load<u32>(cell);
  const mask = (<u32>1 << (64 - shift)) - 1;
  for (let i = 0; i < n; i++) {
    const v = load<u64>(values + (i << 3));
    let slot = <u32>(((v ^ (v >> 32)) * 0x9e3779b97f4a7c15) >> shift);
    while (true) {
      const number = load<u32>(table + (slot << 2));
      if (number == 0) {
        if (count >= <u32>most) return 0;
        store<u64>(entries + (count << 3), v);
        store<u32>(table + (slot << 2), ++count);
        store<u32>(cell, count);
        store<u32>(out + (i << 2), count - 1);
        break;
      }
      if (load<u64>(entries + ((number - 1) << 3)) == v) {
        store<u32>(out + (i << 2), number - 1);
        break;
      }
      slot = (slot + 1) & mask;
    }
  }
  return 1;
}
function sameBytes(a: u32, b: u32, bytes: u32): bool {
  const end = a + bytes;
  for (; a + 8 <= end; a += 8, b += 8) if (load<u64>(a) != load<u64>(b)) return false;
  for (; a < end; a++, b++) if (load<u8>(a) != load<u8>(b)) return false;
  return true;
}
/** Of strings behind their lengths. `starts`: addresses of the entries; cell: u32 entries, u32 address behind the last one; `room`: end of the entries. */
export function dictionary_text(values: i32, n: i32, starts: i32, cell: i32, room: i32, table: i32, shift: i32, most: i32, out: i32): i32 {
  let count = load<u32>(cell);
  const mask = (<u32>1 << (64 - shift)) - 1;
  let at = values;
  for (let i = 0; i < n; i++) {
    const length = load<u32>(at);
    let hash: u64 = length;
    let p = at + 4;
    const end = p + length;
    for (; p + 8 <= end; p += 8) hash = (hash ^ load<u64>(p)) * 0x9e3779b97f4a7c15 ^ (hash >> 29);
    let tail: u64 = 0;
    for (let shiftBy: u64 = 0; p < end; p++, shiftBy += 8) tail |= <u64>load<u8>(p) << shiftBy;
    hash = (hash ^ tail) * 0x9e3779b97f4a7c15;
    hash = (hash ^ (hash >> 32)) * 0x9e3779b97f4a7c15;
    let slot = <u32>(hash >> shift);
    while (true) {
      const number = load<u32>(table + (slot << 2));
      if (number == 0) {
        const to = load<i32>(cell, 4);
        if (count >= <u32>most || <u32>(room - to) < length + 4) return 0;
        memory.copy(to, at, length + 4);
        store<u32>(starts + (count << 2), to);
        store<i32>(cell, to + 4 + length, 4);
        store<u32>(table + (slot << 2), ++count);
        store<u32>(cell, count);
        store<u32>(out + (i << 2), count - 1);
        break;
      }
      const known = load<u32>(starts + ((number - 1) << 2));
      if (load<u32>(known) == length && sameBytes(known + 4, at + 4, length)) {
        store<u32>(out + (i << 2), number - 1);
        break;
      }
      slot = (slot + 1) & mask;
    }
    at = end;
  }
  return 1;
}

function varint(out: i32, value: u32): i32 {
  while (value >= 128) {
    store<u8>(out++, <u8>(value | 128));
    value >>= 7;
  }
  store<u8>(out++, <u8>value);
  return out;
}
/** Groups of 8 behind one head byte. */
const GROUPS: u32 = 63;

/** n numbers of four bytes, each below 2^width, as runs and packed groups; the end. */
export function hybrid_write(values: i32, n: i32, width: i32, out: i32): i32 {
  const bytes = (width + 7) >> 3;
  let head = 0;
  let groups: u32 = 0;
  let i = 0;
  while (i < n) {
    const v = load<u32>(values + (i << 2));
    let run = 1;
    while (i + run < n && load<u32>(values + ((i + run) << 2)) == v) run++;
    if (run >= 8) {
      if (groups > 0) store<u8>(head, <u8>((groups << 1) | 1));
      groups = 0;
      out = varint(out, <u32>run << 1);
      for (let k = 0; k < bytes; k++) store<u8>(out++, <u8>(v >> (8 * k)));
      i += run;
      continue;
    }
    if (groups == 0) head = out++;
    let word: u64 = 0;
    let bits: u64 = 0;
    for (let k = 0; k < 8; k++) {
      if (i + k < n) word |= <u64>load<u32>(values + ((i + k) << 2)) << bits;
      bits += width;
      while (bits >= 8) {
        store<u8>(out++, <u8>word);
        word >>= 8;
        bits -= 8;
      }
    }
    i += 8;
    if (++groups == GROUPS) {
      store<u8>(head, <u8>((groups << 1) | 1));
      groups = 0;
    }
  }
  if (groups > 0) store<u8>(head, <u8>((groups << 1) | 1));
  return out;
}
/** The same of levels, a byte each. */
export function levels_write(levels: i32, n: i32, out: i32): i32 {
  let head = 0;
  let groups: u32 = 0;
  let i = 0;
  while (i < n) {
    const v = load<u8>(levels + i);
    let run = 1;
    while (i + run < n && load<u8>(levels + i + run) == v) run++;
    if (run >= 8) {
      if (groups > 0) store<u8>(head, <u8>((groups << 1) | 1));
      groups = 0;
      out = varint(out, <u32>run << 1);
      store<u8>(out++, v);
      i += run;
      continue;
    }
    if (groups == 0) head = out++;
    let word: u32 = 0;
    for (let k = 0; k < 8; k++) if (i + k < n) word |= <u32>load<u8>(levels + i + k) << k;
    store<u8>(out++, <u8>word);
    i += 8;
    if (++groups == GROUPS) {
      store<u8>(head, <u8>((groups << 1) | 1));
      groups = 0;
    }
  }
  if (groups > 0) store<u8>(head, <u8>((groups << 1) | 1));
  return out;
}
