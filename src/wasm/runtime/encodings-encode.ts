/**
 * The loops behind writing a chunk: statistics of a vector, packing values, null bytes, strings, dictionaries and runs,
 * and the gathers that bring sorted or merged rows into order. Callers are src/encodings/*.ts and src/slices. `nulls`
 * is one byte a row or address 0. NULL rows never enter a minimum, a dictionary or a run of their own.
 */
import { copyShort } from './copy-short.ts';
import { foldedPrefix } from './collation.ts';
import { PHYS_F32, PHYS_F64, PHYS_FOLDED, PHYS_I128, PHYS_I32, PHYS_I64, PHYS_STR, isNull, vectorWidth } from './encodings-layout.ts';

export function chunk_copy(from: i32, to: i32, bytes: i32): void {
  memory.copy(<usize><u32>to, <usize><u32>from, <usize><u32>bytes);
}
export function chunk_fill(at: i32, value: i32, bytes: i32): void {
  memory.fill(<usize><u32>at, <u8>value, <usize><u32>bytes);
}
/** Sets one byte for each row number of a list; returns how many were not set before. */
export function mask_rows(mask: i32, rows: i32, count: i32): i32 {
  let set = 0;
  for (let i = 0; i < count; i++) {
    let at = <usize><u32>mask + load<u32>(<usize><u32>rows + (<usize>i << 2));
    if (!load<u8>(at)) {
      store<u8>(at, 1);
      set++;
    }
  }
  return set;
}

/**
 * Statistics of a vector into `out`: +0 min (16 bytes), +16 max, +32 u32 NULLs, +36 u32 runs, +40 u32 1 = linear
 * (each value is the first plus row times step, no NULLs), +44 u32 1 = a NaN was seen, +48 i64 step, +56 u64 string
 * bytes. Integers: min and max are i128; floats: f64; strings: the first eight bytes, big end first, blanks cut
 * (of the folded form for PHYS_FOLDED).
 */
export function column_stats(values: i32, nulls: i32, rows: i32, phys: i32, out: i32): void {
  memory.fill(<usize><u32>out, 0, 64);
  let v = <usize><u32>values, n = <usize><u32>nulls, o = <usize><u32>out;
  if (phys == PHYS_I32) statsInteger<i32>(v, n, rows, o);
  else if (phys == PHYS_I64) statsInteger<i64>(v, n, rows, o);
  else if (phys == PHYS_F32) statsFloat<f32, u32>(v, n, rows, o);
  else if (phys == PHYS_F64) statsFloat<f64, u64>(v, n, rows, o);
  else if (phys == PHYS_I128) statsWide(v, n, rows, o);
  else statsStrings(v, n, rows, o, phys == PHYS_FOLDED);
}

function statsInteger<T>(values: usize, nulls: usize, rows: u32, out: usize): void {
  let least: i64 = i64.MAX_VALUE, most: i64 = i64.MIN_VALUE;
  let nullCount: u32 = 0, runs: u32 = 0;
  let previous: i64 = 0;
  let step: i64 = rows > 1 ? <i64>load<T>(values, sizeof<T>()) - <i64>load<T>(values) : 0;
  let bent: bool = false;
  for (let row: u32 = 0; row < rows; row++) {
    if (isNull(nulls, row)) {
      nullCount++;
      continue;
    }
    let value = <i64>load<T>(values + <usize>row * sizeof<T>());
    least = min(least, value);
    most = max(most, value);
    if (runs == 0 || value != previous) runs++;
    if (row > 0 && value - previous != step) bent = true;
    previous = value;
  }
  if (runs == 0) least = most = 0;
  store<i64>(out, least);
  store<i64>(out, least >> 63, 8);
  store<i64>(out, most, 16);
  store<i64>(out, most >> 63, 24);
  store<u32>(out, nullCount, 32);
  store<u32>(out, runs, 36);
  // A step that overflows i64 would still wrap back on decoding, because addition and multiplication are modular.
  store<u32>(out, nullCount == 0 && !bent && rows > 0 ? 1 : 0, 40);
  store<i64>(out, step, 48);
}

function statsFloat<T, U>(values: usize, nulls: usize, rows: u32, out: usize): void {
  let least: f64 = Infinity, most: f64 = -Infinity;
  let nullCount: u32 = 0, runs: u32 = 0, nan: u32 = 0;
  let previous: U = 0;
  for (let row: u32 = 0; row < rows; row++) {
    if (isNull(nulls, row)) {
      nullCount++;
      continue;
    }
    let bits = load<U>(values + <usize>row * sizeof<T>());
    let value = <f64>load<T>(values + <usize>row * sizeof<T>());
    if (value != value) nan = 1;
    else {
      least = min(least, value);
      most = max(most, value);
    }
    if (runs == 0 || bits != previous) runs++;
    previous = bits;
  }
  store<f64>(out, least);
  store<f64>(out, most, 16);
  store<u32>(out, nullCount, 32);
  store<u32>(out, runs, 36);
  store<u32>(out, nan, 44);
}

function statsWide(values: usize, nulls: usize, rows: u32, out: usize): void {
  let leastHigh: i64 = i64.MAX_VALUE, mostHigh: i64 = i64.MIN_VALUE;
  let leastLow: u64 = u64.MAX_VALUE, mostLow: u64 = 0;
  let nullCount: u32 = 0, runs: u32 = 0;
  let previousLow: u64 = 0, previousHigh: i64 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    if (isNull(nulls, row)) {
      nullCount++;
      continue;
    }
    let low = load<u64>(values + (<usize>row << 4)), high = load<i64>(values + (<usize>row << 4), 8);
    if (high < leastHigh || (high == leastHigh && low < leastLow)) {
      leastHigh = high;
      leastLow = low;
    }
    if (high > mostHigh || (high == mostHigh && low > mostLow)) {
      mostHigh = high;
      mostLow = low;
    }
    if (runs == 0 || low != previousLow || high != previousHigh) runs++;
    previousLow = low;
    previousHigh = high;
  }
  if (runs == 0) {
    leastLow = mostLow = 0;
    leastHigh = mostHigh = 0;
  }
  store<u64>(out, leastLow);
  store<i64>(out, leastHigh, 8);
  store<u64>(out, mostLow, 16);
  store<i64>(out, mostHigh, 24);
  store<u32>(out, nullCount, 32);
  store<u32>(out, runs, 36);
}

/** First eight bytes big end first, zero filled, trailing blanks of the whole string cut: grows with the string. */
export function stringPrefix(s: u64): u64 {
  let at = <usize>(s & 0xffffffff), length = <u32>(s >> 32);
  if (length > 8) {
    let head = bswap<u64>(load<u64>(at));
    if ((head & 0xff) != 0x20) return head;
    while (length > 0 && load<u8>(at + length - 1) == 0x20) length--;
    if (length >= 8) return head;
  }
  while (length > 0 && load<u8>(at + length - 1) == 0x20) length--;
  if (length == 0) return 0;
  let prefix: u64 = 0;
  for (let i: u32 = 0; i < length; i++) prefix = (prefix << 8) | <u64>load<u8>(at + i);
  return length >= 8 ? prefix : prefix << <u64>((8 - length) << 3);
}

export function sameBytes(a: usize, b: usize, length: u32): bool {
  let i: u32 = 0;
  for (; i + 8 <= length; i += 8) if (load<u64>(a + i) != load<u64>(b + i)) return false;
  for (; i < length; i++) if (load<u8>(a + i) != load<u8>(b + i)) return false;
  return true;
}

function statsStrings(values: usize, nulls: usize, rows: u32, out: usize, folded: bool): void {
  let least: u64 = u64.MAX_VALUE, most: u64 = 0, total: u64 = 0;
  let nullCount: u32 = 0, runs: u32 = 0;
  let previous: u64 = 0;
  for (let row: u32 = 0; row < rows; row++) {
    if (isNull(nulls, row)) {
      nullCount++;
      continue;
    }
    let s = load<u64>(values + (<usize>row << 3));
    let length = <u32>(s >> 32);
    total += <u64>length;
    if (runs > 0 && length == <u32>(previous >> 32)) {
      if (s == previous || sameBytes(<usize>(s & 0xffffffff), <usize>(previous & 0xffffffff), length)) continue;
    }
    runs++;
    previous = s;
    let prefix = folded ? foldedPrefix(s) : stringPrefix(s);
    least = min(least, prefix);
    most = max(most, prefix);
  }
  store<u64>(out, least);
  store<u64>(out, most, 16);
  store<u32>(out, nullCount, 32);
  store<u32>(out, runs, 36);
  store<u64>(out, total, 56);
}

/**
 * Packs integers as value - base in `width` bytes (base 0 and the type's own width: RAW). NULL rows are written as
 * delta 0. A vector of full width without base is copied.
 */
export function values_pack(
  values: i32, nulls: i32, rows: i32, phys: i32, baseLow: i64, width: i32, out: i32,
): void {
  let v = <usize><u32>values, n = <usize><u32>nulls, o = <usize><u32>out;
  let vector = vectorWidth(phys);
  if (<u32>width == vector && baseLow == 0) {
    memory.copy(o, v, <usize>(<u32>rows * vector));
    if (n != 0) clearNulls(n, rows, o, vector);
    return;
  }
  if (vector == 4) packWidth<i32>(v, n, rows, <i32>baseLow, 4, width, o);
  else packWidth<i64>(v, n, rows, baseLow, vector, width, o);
}
function clearNulls(nulls: usize, rows: u32, out: usize, width: u32): void {
  for (let row: u32 = 0; row < rows; row++) if (load<u8>(nulls + row)) memory.fill(out + <usize>row * width, 0, width);
}
// @ts-ignore: decorator
@inline
function packWidth<T>(v: usize, n: usize, rows: u32, base: T, stride: u32, width: u32, out: usize): void {
  if (width == 1) packLoop<T, u8>(v, n, rows, base, stride, out);
  else if (width == 2) packLoop<T, u16>(v, n, rows, base, stride, out);
  else if (width == 4) packLoop<T, u32>(v, n, rows, base, stride, out);
  else if (width == 8) packLoop<T, u64>(v, n, rows, base, stride, out);
}
function packLoop<T, U>(v: usize, n: usize, rows: u32, base: T, stride: u32, out: usize): void {
  if (n == 0) {
    for (let row: u32 = 0; row < rows; row++, v += stride, out += sizeof<U>()) store<U>(out, <U>(load<T>(v) - base));
  } else {
    for (let row: u32 = 0; row < rows; row++, v += stride, out += sizeof<U>()) {
      store<U>(out, load<u8>(n + row) ? 0 : <U>(load<T>(v) - base));
    }
  }
}

/** Null bytes to a bitmap, bit set = NULL. */
export function nulls_pack(nulls: i32, rows: i32, out: i32): void {
  let n = <usize><u32>nulls, o = <usize><u32>out;
  for (let row: u32 = 0; row < <u32>rows; row += 8) {
    let bits: u32 = 0;
    let last = min<u32>(8, <u32>rows - row);
    for (let i: u32 = 0; i < last; i++) if (load<u8>(n + row + i)) bits |= 1 << i;
    store<u8>(o + (row >> 3), <u8>bits);
  }
}

/** Bytes of all strings that are not NULL. */
export function strings_total(values: i32, nulls: i32, rows: i32): f64 {
  let total: u64 = 0;
  for (let row: u32 = 0; row < <u32>rows; row++) {
    if (!isNull(<usize><u32>nulls, row)) total += <u64>load<u32>(<usize><u32>values + (<usize>row << 3), 4);
  }
  return <f64>total;
}

/** rows + 1 offsets at `ends` (the first is 0), the bytes at `bytes`. NULL rows are empty. */
export function strings_pack(values: i32, nulls: i32, rows: i32, ends: i32, bytes: i32): void {
  let at: u32 = 0;
  let o = <usize><u32>ends;
  store<u32>(o, 0);
  for (let row: u32 = 0; row < <u32>rows; row++) {
    if (!isNull(<usize><u32>nulls, row)) {
      let s = load<u64>(<usize><u32>values + (<usize>row << 3));
      let length = <u32>(s >> 32);
      copyShort(<usize>(s & 0xffffffff), <usize>(<u32>bytes + at), length);
      at += length;
    }
    store<u32>(o + (<usize>row << 2), at, 4);
  }
}

/**
 * Copies strings to `heap` until `room` is full and writes their new address and length; returns the rows done.
 * The bytes used are stored as u32 at `used`.
 */
export function strings_append(values: i32, nulls: i32, rows: i32, out: i32, heap: i32, room: i32, used: i32): i32 {
  let at: u32 = 0;
  let row: u32 = 0;
  for (; row < <u32>rows; row++) {
    let target = <usize><u32>out + (<usize>row << 3);
    if (isNull(<usize><u32>nulls, row)) {
      store<u64>(target, <u64><u32>heap);
      continue;
    }
    let s = load<u64>(<usize><u32>values + (<usize>row << 3));
    let length = <u32>(s >> 32);
    if (at + length > <u32>room) break;
    copyShort(<usize>(s & 0xffffffff), <usize>(<u32>heap + at), length);
    store<u32>(target, <u32>heap + at);
    store<u32>(target, length, 4);
    at += length;
  }
  store<u32>(<usize><u32>used, at);
  return row;
}

// @ts-ignore: decorator
@inline
function mix(h: u64): u32 {
  h ^= h >> 32;
  h *= 0x9e3779b97f4a7c15;
  return <u32>(h >> 48);
}
// @ts-ignore: decorator
@inline
function hashValue(v: usize, phys: u32): u32 {
  if (phys == PHYS_STR) {
    let s = load<u64>(v);
    let at = <usize>(s & 0xffffffff), length = <u32>(s >> 32);
    let h: u64 = <u64>length * 0x9e3779b97f4a7c15;
    let i: u32 = 0;
    for (; i + 8 <= length; i += 8) h = (rotl<u64>(h, 23) ^ load<u64>(at + i)) * 0xff51afd7ed558ccd;
    for (; i < length; i++) h = (rotl<u64>(h, 23) ^ <u64>load<u8>(at + i)) * 0xff51afd7ed558ccd;
    return mix(h);
  }
  if (phys == PHYS_I128) return mix(load<u64>(v) ^ rotl<u64>(load<u64>(v, 8), 31));
  return mix(vectorWidth(phys) == 4 ? <u64>load<u32>(v) : load<u64>(v));
}
// @ts-ignore: decorator
@inline
function sameValue(a: usize, b: usize, phys: u32): bool {
  if (phys == PHYS_STR) {
    let s = load<u64>(a), t = load<u64>(b);
    if (<u32>(s >> 32) != <u32>(t >> 32)) return false;
    return sameBytes(<usize>(s & 0xffffffff), <usize>(t & 0xffffffff), <u32>(s >> 32));
  }
  if (phys == PHYS_I128) return load<u64>(a) == load<u64>(b) && load<u64>(a, 8) == load<u64>(b, 8);
  return vectorWidth(phys) == 4 ? load<u32>(a) == load<u32>(b) : load<u64>(a) == load<u64>(b);
}

/**
 * One code per row at `codes`, the row of each entry's first appearance (u32) at `firsts`. `table` is 2048 bytes of
 * u16. Returns the number of entries, or -1 with more than 256. NULL rows get code 0.
 */
export function dictionary_build(
  values: i32, nulls: i32, rows: i32, phys: i32, table: i32, firsts: i32, codes: i32,
): i32 {
  let v = <usize><u32>values, t = <usize><u32>table, f = <usize><u32>firsts, c = <usize><u32>codes;
  memory.fill(t, 0, 2048);
  let width = vectorWidth(phys);
  let entries: u32 = 0;
  for (let row: u32 = 0; row < <u32>rows; row++) {
    if (isNull(<usize><u32>nulls, row)) {
      store<u8>(c + row, 0);
      continue;
    }
    let at = v + <usize>(row * width);
    let slot = hashValue(at, phys) & 1023;
    while (true) {
      let code = <u32>load<u16>(t + (slot << 1));
      if (code == 0) {
        if (entries == 256) return -1;
        store<u32>(f + (entries << 2), row);
        store<u8>(c + row, <u8>entries);
        store<u16>(t + (slot << 1), <u16>(++entries));
        break;
      }
      if (sameValue(at, v + <usize>(load<u32>(f + ((code - 1) << 2)) * width), phys)) {
        store<u8>(c + row, <u8>(code - 1));
        break;
      }
      slot = (slot + 1) & 1023;
    }
  }
  return <i32>entries;
}

/** Values of the rows listed at `firsts`, packed as the entries of a dictionary or of runs. Returns the bytes written. */
export function dictionary_pack(values: i32, firsts: i32, entries: i32, phys: i32, out: i32): i32 {
  let v = <usize><u32>values, f = <usize><u32>firsts, o = <usize><u32>out;
  let width = vectorWidth(phys);
  if (phys != PHYS_STR) {
    for (let i: u32 = 0; i < <u32>entries; i++) {
      memory.copy(o + <usize>(i * width), v + <usize>(load<u32>(f + (i << 2)) * width), width);
    }
    return entries * <i32>width;
  }
  let bytes = o + ((<usize>entries + 1) << 2);
  let at: u32 = 0;
  store<u32>(o, 0);
  for (let i: u32 = 0; i < <u32>entries; i++) {
    let s = load<u64>(v + (<usize>load<u32>(f + (i << 2)) << 3));
    let length = <u32>(s >> 32);
    copyShort(<usize>(s & 0xffffffff), bytes + at, length);
    at += length;
    store<u32>(o + (i << 2), at, 4);
  }
  return ((entries + 1) << 2) + <i32>at;
}

/** Runs of equal values, at most `runsMax`: u32 end rows at `ends`, u32 first rows at `firsts`; -1 when there are more. */
export function runs_build(
  values: i32, nulls: i32, rows: i32, phys: i32, runsMax: i32, ends: i32, firsts: i32,
): i32 {
  let v = <usize><u32>values, e = <usize><u32>ends, f = <usize><u32>firsts;
  let width = vectorWidth(phys);
  let runs: u32 = 0;
  let previous: usize = 0;
  for (let row: u32 = 0; row < <u32>rows; row++) {
    if (isNull(<usize><u32>nulls, row)) continue;
    let at = v + <usize>(row * width);
    if (runs > 0 && sameValue(at, previous, phys)) continue;
    if (runs == <u32>runsMax) return -1;
    if (runs > 0) store<u32>(e + ((runs - 1) << 2), row);
    store<u32>(f + (runs << 2), row);
    previous = at;
    runs++;
  }
  if (runs > 0) store<u32>(e + ((runs - 1) << 2), rows);
  return <i32>runs;
}
/** Bytes that the strings of the listed rows take. */
export function runs_bytes(values: i32, firsts: i32, runs: i32): i32 {
  let total: u32 = 0;
  for (let i: u32 = 0; i < <u32>runs; i++) {
    total += load<u32>(<usize><u32>values + (<usize>load<u32>(<usize><u32>firsts + (i << 2)) << 3), 4);
  }
  return <i32>total;
}

/** out[i] = from[index[i]] for values of 1, 4, 8 or 16 bytes. */
export function gather_values(from: i32, index: i32, count: i32, width: i32, out: i32): void {
  let v = <usize><u32>from, x = <usize><u32>index, o = <usize><u32>out;
  if (width == 8) {
    for (let i: u32 = 0; i < <u32>count; i++) store<u64>(o + (i << 3), load<u64>(v + (<usize>load<u32>(x + (i << 2)) << 3)));
  } else if (width == 4) {
    for (let i: u32 = 0; i < <u32>count; i++) store<u32>(o + (i << 2), load<u32>(v + (<usize>load<u32>(x + (i << 2)) << 2)));
  } else if (width == 16) {
    for (let i: u32 = 0; i < <u32>count; i++) v128.store(o + (i << 4), v128.load(v + (<usize>load<u32>(x + (i << 2)) << 4)));
  } else {
    for (let i: u32 = 0; i < <u32>count; i++) store<u8>(o + i, load<u8>(v + load<u32>(x + (i << 2))));
  }
}

/** out[i] = bases[pick.run][pick.row]; a pick is u32 run, u32 row; base 0 gives zeros. */
export function gather_picks(bases: i32, picks: i32, count: i32, width: i32, out: i32): void {
  let b = <usize><u32>bases, p = <usize><u32>picks, o = <usize><u32>out;
  for (let i: u32 = 0; i < <u32>count; i++, p += 8, o += <u32>width) {
    let base = <usize>load<u32>(b + (load<u32>(p) << 2));
    let row = load<u32>(p, 4);
    if (width == 8) store<u64>(o, base ? load<u64>(base + (<usize>row << 3)) : 0);
    else if (width == 4) store<u32>(o, base ? load<u32>(base + (<usize>row << 2)) : 0);
    else if (width == 1) store<u8>(o, base ? load<u8>(base + row) : 0);
    else v128.store(o, base ? v128.load(base + (<usize>row << 4)) : i64x2(0, 0));
  }
}

/**
 * Turns rows + 1 string offsets into what codecs pack well: the rows' lengths, all low bytes first, then the second
 * bytes and so on. In place; `tmp` has room for the offsets. strings_from_planes turns it back.
 */
export function strings_to_planes(ends: i32, rows: i32, tmp: i32): void {
  let e = <usize><u32>ends, t = <usize><u32>tmp, n = <usize><u32>rows;
  memory.copy(t, e, (n + 1) << 2);
  for (let row: usize = 0; row < n; row++) {
    let length = load<u32>(t + (row << 2), 4) - load<u32>(t + (row << 2));
    store<u8>(e + row, <u8>length);
    store<u8>(e + n + row, <u8>(length >> 8));
    store<u8>(e + n * 2 + row, <u8>(length >> 16));
    store<u8>(e + n * 3 + row, <u8>(length >> 24));
  }
  store<u32>(e + (n << 2), 0);
}
export function strings_from_planes(ends: i32, rows: i32, tmp: i32): void {
  let e = <usize><u32>ends, t = <usize><u32>tmp, n = <usize><u32>rows;
  memory.copy(t, e, n << 2);
  let at: u32 = 0;
  store<u32>(e, 0);
  for (let row: usize = 0; row < n; row++) {
    at += <u32>load<u8>(t + row) | (<u32>load<u8>(t + n + row) << 8) | (<u32>load<u8>(t + n * 2 + row) << 16)
      | (<u32>load<u8>(t + n * 3 + row) << 24);
    store<u32>(e + (row << 2), at, 4);
  }
}
